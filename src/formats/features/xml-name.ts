/** What a name of XML without a colon may begin with and go on with (Namespaces in XML 1.0, NCName; XML 1.0 fifth edition, 2.3). */
const starts =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}'
const notStart = new RegExp(`^[^${starts}]`, 'u')
const notName = new RegExp(`[^${starts}.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040-]`, 'gu')

/**
 * Any text as a name of XML: a character that may not stand where it does becomes `_xHHHH_` (its code point, four hexadecimal digits or more), and so
 * does an underscore that could be taken for the beginning of that. `2e étage` is `_x0032_e_x0020_étage`. No two texts share a name.
 */
export function xmlName(text: string): string {
  const safe = text.replace(/_(?=x[0-9a-fA-F]{4,6}_)/g, '_x005F_')
  return safe.replace(notName, escaped).replace(notStart, escaped) || '_'
}

function escaped(character: string): string {
  return `_x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}_`
}

/** Prefix of collections that have none of their own, and of what is around features in GML 3.2. */
export const ownPrefix = 'app'

/** A collection's or property's qualified name: `prefix` where it has one that is declared. */
export interface QualifiedName {
  readonly prefix?: string
  readonly local: string
}

/** Splits `ws:layer` where `ws` is a declared prefix; any other colon belongs to the name. */
export function qualifiedName(id: string, prefixes: ReadonlyMap<string, string>): QualifiedName {
  const colon = id.indexOf(':')
  const prefix = id.slice(0, Math.max(0, colon))
  return colon > 0 && prefixes.has(prefix) ? { prefix, local: xmlName(id.slice(colon + 1)) } : { local: xmlName(id) }
}

/** The text that `xmlName` made a name of. */
export function nameOfXml(name: string): string {
  return name.replace(/_x([0-9a-fA-F]{4,6})_/g, (whole, code) => {
    const point = Number.parseInt(code, 16)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
