import { elementStream } from './element-stream.js'
import { XmlError } from './xml-error.js'

export { XmlError } from './xml-error.js'

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

/**
 * The root element of a document. Documents with a DOCTYPE are refused, so there are no entities but the five of XML and nothing is ever
 * fetched. Throws an XmlError for what is not well-formed or beyond `limits`; parsing stops at the first fault.
 */
export function readXml(document: Uint8Array | string, limits: Partial<XmlLimits> = {}): XmlElement {
  const { bytes, depth, nodes, prefixes } = { ...defaultXmlLimits, ...limits }
  if (document.length > bytes) throw new XmlError('too-large', `The XML document has more than the ${bytes} bytes allowed here.`)
  const text = typeof document === 'string' ? document : decodeXml(document)

  const stream = elementStream(() => true, { bytes, depth, nodes, ...(prefixes && { prefixes }) })
  const [root] = stream.push(text)
  stream.end()
  if (root) return root
  throw new XmlError('malformed', 'The XML document cannot be read: it has no root element.')
}

/** Text of a document by its byte order mark, else by the encoding it declares, else UTF-8 (XML 1.0, appendix F). Throws an XmlError. */
export function decodeXml(bytes: Uint8Array): string {
  const decoder = xmlDecoder(bytes)
  return decoder(bytes, false)
}

/**
 * Decodes a document piece by piece; `head` are its first bytes, at least as many as its declaration has. Throws an XmlError where the bytes are not in the
 * encoding they should be in, or that is not known.
 */
export function xmlDecoder(head: Uint8Array): (piece: Uint8Array, hasMore: boolean) => string {
  const [a, b] = head
  const utf16 = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : undefined
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 200)).toString('latin1')
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(start)?.[1]
  const encoding = utf16 ?? declared ?? 'utf-8'
  let decoder: InstanceType<typeof TextDecoder> | undefined
  return (piece, hasMore) => {
    try {
      decoder ??= new TextDecoder(encoding, { fatal: true })
      return decoder.decode(piece, { stream: hasMore })
    } catch {
      throw new XmlError('malformed', `The XML document is not valid ${encoding.slice(0, 40)}; UTF-8 is always read.`)
    }
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
