/** Characters that XML 1.0 does not have (2.2), lone surrogates among them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const noXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Text for an element or an attribute. */
export function escaped(text: string): string {
  return text
    .replace(noXml, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, ' ')
}

/** A word of a style: nothing but letters and hyphens. */
export const svgString = (word: string): string => word.replace(/[^a-z-]/g, '')

/** A list of families, quoted: the last resort is any without serifs. */
export function familyList(families: readonly string[]): string {
  const names = [...new Set(families.map(family => family.replace(/["'\\<>&;]/g, '').trim()))].filter(name => name !== '')
  return escaped([...names.slice(0, 8).map(name => `'${name}'`), 'sans-serif'].join(', '))
}
