/**
 * The items of an array as PostgreSQL writes it (`{a,"b c",NULL}`, also with bounds, `[0:1]={a,b}`), those of several dimensions in one list, as its
 * own operators see them. Null when the text is no array.
 */
export function itemsOfArrayText(text: string): readonly (string | null)[] | null {
  const start = /^(?:\[[-\d:[\]]+\]=)?(?=\{)/.exec(text)
  if (!start || !text.endsWith('}')) return null
  const items: (string | null)[] = []
  const item = /[{},]|"((?:[^"\\]|\\[\s\S])*)"|((?:[^{},"\\]|\\[\s\S])+)/y
  item.lastIndex = start[0].length
  while (item.lastIndex < text.length) {
    const match = item.exec(text)
    if (!match) return null
    const [, quoted, bare] = match
    if (quoted !== undefined) items.push(quoted.replaceAll(/\\([\s\S])/g, '$1'))
    else if (bare !== undefined) items.push(bare === 'NULL' ? null : bare.replaceAll(/\\([\s\S])/g, '$1'))
  }
  return items
}
