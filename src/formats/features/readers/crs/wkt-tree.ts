/** A node of a WKT description of a CRS: `KEYWORD["text", 1.5, CHILD[…]]`. */
export interface WktNode {
  /** Upper case. */
  readonly keyword: string
  readonly values: readonly (string | number)[]
  readonly children: readonly WktNode[]
}

const maxLength = 64 * 1024
const maxDepth = 20

/** Parses WKT 1 (OGC 01-009, ESRI's and GDAL's dialects) and WKT 2 (OGC 18-010); undefined when it is neither. */
export function parseWkt(text: string): WktNode | undefined {
  if (text.length > maxLength) return undefined
  const tokens = text.match(/"(?:[^"]|"")*"|[[\](),]|[^\s[\](),"]+/g) ?? []
  let at = 0
  const node = (depth: number): WktNode | undefined => {
    const keyword = tokens[at++]
    const opening = tokens[at++]
    if (!keyword || !/^[A-Za-z_]\w*$/.test(keyword) || (opening !== '[' && opening !== '(') || depth > maxDepth) return undefined
    const values: (string | number)[] = []
    const children: WktNode[] = []
    while (at < tokens.length) {
      const token = tokens[at]
      if (token === ']' || token === ')') {
        at++
        return { keyword: keyword.toUpperCase(), values, children }
      }
      if (token === ',') at++
      else if (token[0] === '"') values.push(tokens[at++].slice(1, -1).replaceAll('""', '"'))
      else if (/^[+-]?[\d.]/.test(token)) values.push(Number(tokens[at++]))
      else if (tokens[at + 1] === '[' || tokens[at + 1] === '(') {
        const child = node(depth + 1)
        if (!child) return undefined
        children.push(child)
      } else values.push(tokens[at++])
    }
    return undefined
  }
  return node(0)
}

export function childOf(node: WktNode | undefined, ...keywords: readonly string[]): WktNode | undefined {
  return node?.children.find(child => keywords.includes(child.keyword))
}

export const textOf = (node: WktNode | undefined): string => String(node?.values[0] ?? '')

export function numberOf(node: WktNode | undefined, index: number): number | undefined {
  const value = node?.values[index]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
