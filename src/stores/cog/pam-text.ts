/** Attributes and contents of the elements of that name. Taken apart by the closing tags, in time linear in any text. */
export function elementsOf(text: string, tag: string): (readonly [attributes: string, content: string])[] {
  const parts = text.split(`</${tag}>`).slice(0, -1)
  return parts.flatMap(part => {
    const start = part.indexOf(`<${tag}`)
    const end = part.indexOf('>', start)
    return start < 0 || end < 0 ? [] : [[part.slice(start + tag.length + 1, end), part.slice(end + 1)] as const]
  })
}

export function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => named[name])
}
