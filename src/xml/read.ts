import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes'

/** One element of a document, namespaces resolved. Prefixes are kept only to quote the client's own spelling. */
export interface XmlElement {
  readonly name: string
  /** `''` when it has none. */
  readonly namespace: string
  readonly prefix: string
  readonly attributes: readonly XmlAttribute[]
  /** Elements and text (CDATA is text) in document order. Comments and processing instructions are left out. */
  readonly content: readonly (XmlElement | string)[]
  /** Where its tag ends in the document, from 1. */
  readonly line: number
  /** Which of `content` are CDATA sections, whose spaces are meant; absent: none. */
  readonly exact?: readonly number[]
}

export interface XmlAttribute {
  readonly name: string
  readonly namespace: string
  readonly value: string
}

export interface XmlLimits {
  readonly bytes: number
  readonly depth: number
  /** Elements, attributes and pieces of text together. */
  readonly nodes: number
  /** Prefixes that are bound although the document does not declare them. */
  readonly prefixes?: Readonly<Record<string, string>>
}

export const defaultXmlLimits: XmlLimits = { bytes: 1e6, depth: 100, nodes: 100_000 }

/** Why a document was not read. The message names the line and is fit for clients. */
export class XmlError extends Error {
  readonly kind: 'malformed' | 'too-large'

  constructor(kind: XmlError['kind'], message: string) {
    super(message)
    this.name = 'XmlError'
    this.kind = kind
  }
}

/**
 * The root element of a document. Documents with a DOCTYPE are refused, so there are no entities but the five of XML and nothing is ever
 * fetched. Throws an XmlError for what is not well-formed or beyond `limits`; parsing stops at the first fault.
 */
export function readXml(document: Uint8Array | string, limits: Partial<XmlLimits> = {}): XmlElement {
  const { bytes, depth, nodes, prefixes } = { ...defaultXmlLimits, ...limits }
  if (document.length > bytes) throw new XmlError('too-large', `The XML document has more than the ${bytes} bytes allowed here.`)
  const text = typeof document === 'string' ? document : decodeXml(document)

  type Open = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { content: (XmlElement | string)[]; exact?: number[] }
  const open: Open[] = []
  let root: XmlElement | undefined
  let count = 0
  const parser = new SaxesParser({ xmlns: true, ...(prefixes && { additionalNamespaces: prefixes }) })
  const fail = (kind: XmlError['kind'], why: string): never => {
    throw new XmlError(kind, `The XML document cannot be read, line ${parser.line}: ${why}`)
  }
  const counted = (more: number) => {
    count += more
    if (count > nodes) fail('too-large', `it has more than the ${nodes} nodes allowed here.`)
  }
  const addText = (piece: string) => {
    const content = open.at(-1)?.content
    if (!content || piece === '') return
    const last = content.length - 1
    if (typeof content[last] === 'string' && last !== open.at(-1)?.exact?.at(-1)) content[last] += piece
    else {
      counted(1)
      content.push(piece)
    }
  }
  const addExact = (piece: string) => {
    const element = open.at(-1)
    if (!element) return
    counted(1)
    element.exact ??= []
    element.exact.push(element.content.length)
    element.content.push(piece)
  }

  parser.on('error', error => fail('malformed', error.message.replace(/^(undefined:)?\d+:\d+: /, '')))
  parser.on('doctype', () => fail('malformed', 'a DOCTYPE is not accepted; send the document without it.'))
  // Counted while the tag is being read: one tag may have a million attributes.
  parser.on('attribute', () => counted(1))
  parser.on('opentag', (tag: SaxesTagNS) => {
    counted(1)
    if (open.length >= depth) fail('too-large', `elements are nested deeper than the ${depth} levels allowed here.`)
    const element: Open = {
      name: tag.local,
      namespace: tag.uri,
      prefix: tag.prefix,
      attributes: Object.values(tag.attributes).filter(isNotDeclaration).map(plainAttribute),
      content: [],
      line: parser.line,
    }
    open.at(-1)?.content.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => open.pop())
  parser.on('text', addText)
  parser.on('cdata', addExact)
  parser.write(text).close()
  return root ?? fail('malformed', 'it has no root element.')
}

const isNotDeclaration = ({ name }: SaxesAttributeNS) => name !== 'xmlns' && !name.startsWith('xmlns:')
const plainAttribute = ({ local, uri, value }: SaxesAttributeNS): XmlAttribute => ({ name: local, namespace: uri, value })

/** Text of a document by its byte order mark, else by the encoding it declares, else UTF-8 (XML 1.0, appendix F). Throws an XmlError. */
export function decodeXml(bytes: Uint8Array): string {
  const [a, b] = bytes
  const utf16 = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : undefined
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200)).toString('latin1')
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(head)?.[1]
  const encoding = utf16 ?? declared ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new XmlError('malformed', `The XML document is not valid ${encoding.slice(0, 40)}; UTF-8 is always read.`)
  }
}

/** Child elements, of a local name if given. */
export function childrenOf(element: XmlElement, name?: string): readonly XmlElement[] {
  return element.content.filter((item): item is XmlElement => typeof item !== 'string' && (name === undefined || item.name === name))
}

/** The first child element of that local name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.content.find((item): item is XmlElement => typeof item !== 'string' && item.name === name)
}

/** The element's own text and that of all below it, as in XPath's `string()`. */
export function textOf(element: XmlElement): string {
  return element.content.map(item => (typeof item === 'string' ? item : textOf(item))).join('')
}

/** Value of an attribute; without `namespace`, of one that has none. */
export function attributeOf(element: XmlElement, name: string, namespace = ''): string | undefined {
  return element.attributes.find(attribute => attribute.name === name && attribute.namespace === namespace)?.value
}
