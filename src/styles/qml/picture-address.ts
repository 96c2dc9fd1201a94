/** Where a picture is: beside the style, or inside it. Undefined, and noted, for none. */
export function hrefOf(path: string | undefined, note: (message: string) => void): string | undefined {
  if (path === undefined || path.trim() === '') {
    note('has no picture')
    return undefined
  }
  const [, data] = /^base64:([A-Za-z0-9+/=\s]*)$/.exec(path) ?? []
  if (data !== undefined) return `data:${mediaType(data)};base64,${data.replaceAll(/\s/g, '')}`
  if (/^(https?|ftp):/i.test(path)) note('pictures of other hosts are not fetched')
  else if (/^([A-Za-z]:)?[\\/]/.test(path)) {
    note('pictures are looked for beside the style, by the name of their file')
    return path.replace(/^.*[\\/]/, '')
  }
  return path
}

/** By the first bytes. */
function mediaType(data: string): string {
  if (data.startsWith('iVBORw0KGgo')) return 'image/png'
  if (data.startsWith('/9j/')) return 'image/jpeg'
  if (data.startsWith('UklGR')) return 'image/webp'
  return data.startsWith('R0lGOD') ? 'image/gif' : 'image/svg+xml'
}
