/** The name of a source for pages that everybody may read: the last part of a path, since where files lie is the operator's business. */
export function publicName(source: string): string {
  if (source.includes('://')) return source
  const [, path = '', files = ''] = /^(.*?)([\\/] \(\d+ files\))?$/s.exec(source) ?? []
  return `${path.split(/[\\/]/).at(-1)}${files}`
}
