import { SaxesParser, type SaxesTagNS } from 'saxes'
import type { XmlAttribute, XmlElement, XmlLimits } from './read.js'
import { XmlError } from './xml-error.js'

/** An element that is open around another one. */
export type OpenElement = Pick<XmlElement, 'name' | 'namespace' | 'attributes'>

/** Parts of other documents (XInclude 1.0, 3): nothing is ever fetched, and what is left out would not be missed. */
const xinclude = 'http://www.w3.org/2001/XInclude'

/** A document that is read piece by piece. */
export interface ElementStream {
  /** Takes more of the text; the wanted elements that end in it. Throws an XmlError. */
  push(text: string): XmlElement[]
  /** There is no more text. Throws an XmlError where there should be. */
  end(): void
}

/**
 * Gives the elements that are wanted, whole, in memory for one of them; `above` are those around, outermost first. What is inside a wanted element comes
 * with it. Documents with a DOCTYPE are refused, so there are no entities but the five of XML, and so is XInclude: nothing is ever fetched. `limits` are those of each
 * wanted element, and of what lies between two tags outside.
 */
export function elementStream(wants: (element: OpenElement, above: readonly OpenElement[]) => boolean, limits: XmlLimits): ElementStream {
  const { bytes, depth, nodes, prefixes } = limits
  type Open = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { content: (XmlElement | string)[]; exact?: number[] }
  const above: OpenElement[] = []
  const open: Open[] = []
  let found: XmlElement[] = []
  let count = 0
  let held = 0
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
    if (above.length + open.length >= depth) fail('too-large', `elements are nested deeper than the ${depth} levels allowed here.`)
    const { local: name, uri: namespace, prefix } = tag
    if (namespace === xinclude) fail('malformed', `${tag.name.slice(0, 40)} is not accepted; send the document whole, without XInclude.`)
    const element: Open = { name, namespace, prefix, attributes: attributesOf(tag), content: [], line: parser.line }
    if (open.length === 0 && !wants(element, above)) {
      above.push(element)
      count = 0
      held = 0
      return
    }
    open.at(-1)?.content.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    const closed = open.pop()
    if (!closed) above.pop()
    else if (open.length === 0) found.push(closed)
    else return
    count = 0
    held = 0
  })
  parser.on('text', addText)
  parser.on('cdata', addExact)

  return {
    push(text) {
      held += text.length
      found = []
      parser.write(text)
      if (held > bytes) fail('too-large', `one element has more than the ${bytes} characters allowed here.`)
      return found
    },
    end: () => void parser.close(),
  }
}

const none: readonly XmlAttribute[] = []

/** Those that are no declarations of namespaces. Hot: most elements have none. */
function attributesOf({ attributes }: SaxesTagNS): readonly XmlAttribute[] {
  let found: XmlAttribute[] | undefined
  for (const key in attributes) {
    const { name, local, uri, value } = attributes[key]
    if (name === 'xmlns' || name.startsWith('xmlns:')) continue
    found ??= []
    found.push({ name: local, namespace: uri, value })
  }
  return found ?? none
}
