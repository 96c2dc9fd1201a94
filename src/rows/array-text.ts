/** An array as JSON has it: texts as PostgreSQL writes its items, null, and arrays of one dimension less. */
export type ArrayText = readonly (string | null | ArrayText)[]

/** PostgreSQL knows no more dimensions. */
export const mostDimensions = 6

/** What PostgreSQL writes of an array: `{a,"b c",NULL}`, `{{1,2},{3,4}}`, also with bounds, `[0:1]={a,b}`. Null when the text is no array. */
export function readArrayText(text: string): ArrayText | null {
  const start = /^(?:\[[-\d:[\]]+\]=)?(?=\{)/.exec(text)
  if (!start || !text.endsWith('}')) return null
  const open: (string | null | ArrayText)[][] = [[]]
  const token = /[{},]|"((?:[^"\\]|\\[\s\S])*)"|((?:[^{},"\\]|\\[\s\S])+)/y
  token.lastIndex = start[0].length
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (!match) return null
    const [whole, quoted, bare] = match
    const into = open[open.length - 1]
    if (quoted !== undefined) into.push(unescaped(quoted))
    else if (bare !== undefined) into.push(bare === 'NULL' ? null : unescaped(bare))
    else if (whole === '{') {
      const inner: (string | null | ArrayText)[] = []
      into.push(inner)
      open.push(inner)
    } else if (whole === '}' && open.length > 1) open.pop()
    if (open.length > mostDimensions + 1) return null
  }
  const [first] = open[0]
  return open.length === 1 && Array.isArray(first) ? (first as ArrayText) : null
}

/** An array as PostgreSQL reads it. */
export function writeArrayText(items: ArrayText): string {
  const texts = items.map(item =>
    item === null ? 'NULL' : typeof item === 'string' ? `"${item.replaceAll(/["\\]/g, '\\$&')}"` : writeArrayText(item),
  )
  return `{${texts.join(',')}}`
}

const unescaped = (text: string) => text.replaceAll(/\\([\s\S])/g, '$1')
