/** XML that is already written: only `xml` and `rawXml` make it, so text that is not escaped cannot get in by accident. */
export class Xml {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/** What a template takes: text and numbers are escaped, written XML goes in as it is, arrays one after the other, nothing leaves nothing. */
export type XmlPart = Xml | string | number | boolean | null | undefined | readonly XmlPart[]

/** What an XML document cannot hold. */
// C0 controls other than tab, newline and return, U+FFFE, U+FFFF and lone surrogates cannot be in an XML document at all (XML 1.0, 2.2).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const unwritable = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const needsCare = /[&<>"'\r\0-\x08\v\f\x0e-\x1f\ufffe\uffff\ud800-\udfff]/

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '\r': '&#13;' }

/** `text` as content or attribute value, in XML and in HTML. Characters that XML cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  if (!needsCare.test(text)) return text
  return text.replace(unwritable, '\ufffd').replace(/[&<>"'\r]/g, character => references[character])
}

/**
 * Writes XML from a template. Line breaks of the template and the indentation after them are left out, so the document is as compact as the
 * source is readable. `false`, `null` and `undefined` write nothing: `` xml`<Layer>${title && xml`<Title>${title}</Title>`}</Layer>` ``.
 */
export function xml(strings: TemplateStringsArray, ...parts: readonly XmlPart[]): Xml {
  const literals = compacted(strings)
  let text = literals[0]
  for (let i = 0; i < parts.length; i++) text += written(parts[i]) + literals[i + 1]
  return new Xml(text)
}

// A memo of a pure function; there are as many templates as the program has.
const memo = new WeakMap<TemplateStringsArray, readonly string[]>()

function compacted(strings: TemplateStringsArray): readonly string[] {
  const known = memo.get(strings)
  if (known) return known
  const literals = strings.map(literal => literal.replace(/\n\s*/g, ''))
  memo.set(strings, literals)
  return literals
}

function written(part: XmlPart): string {
  if (part === undefined || part === null || part === false) return ''
  if (part instanceof Xml) return part.text
  if (typeof part === 'object') return part.map(written).join('')
  return typeof part === 'string' ? escapeXml(part) : String(part)
}

/** `<name>text</name>`, or nothing when there is no text. `name` is a literal of the program, never input. */
export function element(name: string, text: XmlPart): Xml | undefined {
  return text === undefined || text === null || text === '' ? undefined : new Xml(`<${name}>${written(text)}</${name}>`)
}

/** ` name="value"` for every attribute that has a value. Names are literals of the program, never input. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): Xml {
  let text = ''
  for (const [name, value] of Object.entries(values)) if (value !== undefined) text += ` ${name}="${escapeXml(String(value))}"`
  return new Xml(text)
}

/** Takes `text` as XML that was written elsewhere. Its well-formedness is the caller's promise. */
export function rawXml(text: string): Xml {
  return new Xml(text)
}

/** A document in UTF-8 with its declaration. `docType` is the system identifier of a DTD for the root element named. */
export function xmlDocument(root: Xml, docType?: { readonly root: string; readonly system: string }): string {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
  return `${declaration}${docType ? `<!DOCTYPE ${docType.root} SYSTEM "${docType.system}">\n` : ''}${root.text}\n`
}
