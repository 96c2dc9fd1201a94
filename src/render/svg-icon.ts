import { readXml, type XmlElement, XmlError } from '#xml/read.js'
import { RenderError } from './render-error.js'

/** What takes the place of `param(name)` in an SVG (W3C SVG Parameters): `fill`, `fill-opacity`, `outline`, `outline-width`, `outline-opacity`, … */
export type SvgParameters = Readonly<Record<string, string | number>>

const limits = { bytes: 1_000_000, depth: 60, nodes: 50_000 }
/** Defaults where neither the file nor the style says (QGIS's). */
const defaults: SvgParameters = {
  fill: '#000000',
  outline: '#000000',
  'outline-width': 1,
  'fill-opacity': 1,
  'outline-opacity': 1,
  opacity: 1,
}
const parameter = /param\(\s*([\w-]+)\s*\)[ \t]*([^"'<>;{}]*)/g
/** What a parameter may be: a colour, a number or a name, so that nothing else of the document can change. */
const plainValue = /^#?[\w.%-]{1,40}$/

/**
 * The text of an SVG ready to be rasterised: parameters filled in. Throws `RenderError` for what is no SVG, not well-formed, beyond bounds, or
 * names other documents: nothing is ever fetched for an icon.
 */
export function readSvgIcon(bytes: Uint8Array, parameters: SvgParameters = {}): string {
  if (bytes.length > limits.bytes) throw new RenderError('too-large', `The SVG has more than the ${limits.bytes} bytes allowed here.`)
  const text = withoutDoctype(new TextDecoder().decode(bytes))
  const filled = text.replace(parameter, (_, name: string, fallback: string) => {
    const value = parameters[name]
    if (value !== undefined && plainValue.test(String(value))) return String(value)
    return fallback.trim() || String(defaults[name] ?? 'none')
  })
  const root = parsed(filled)
  if (root.name !== 'svg') throw new RenderError('invalid', `An SVG begins with the element svg, not with ${root.name.slice(0, 40)}.`)
  refuseReferences(root)
  refuseCopies(root)
  return filled
}

/** Characters before the DOCTYPE. */
const prolog = 5000
const plainDoctype = /^<!DOCTYPE\s[^[>]*(?:\[((?:\s|<!ENTITY\s+[\w.-]+\s+"[^"&%<>]{0,200}"\s*>)*)\]\s*)?>/i

/**
 * Drawing programs write a DOCTYPE, and some name their namespaces by entities in it: plain ones are replaced, none within another. A DOCTYPE of
 * any other kind is left, and refused.
 */
function withoutDoctype(text: string): string {
  const at = text.slice(0, prolog).toUpperCase().indexOf('<!DOCTYPE')
  const [doctype, declarations = ''] = (at >= 0 && plainDoctype.exec(text.slice(at, at + 4 * prolog))) || []
  if (!doctype) return text
  const entities = new Map([...declarations.matchAll(/<!ENTITY\s+([\w.-]+)\s+"([^"]*)"/gi)].map(([, name, value]) => [name, value]))
  const plain = text.replace(doctype, '').replace(/&([\w.-]+);/g, (reference, name: string) => entities.get(name) ?? reference)
  if (plain.length > limits.bytes) throw new RenderError('too-large', `The SVG has more than the ${limits.bytes} bytes allowed here.`)
  return plain
}

function parsed(text: string): XmlElement {
  try {
    return readXml(text, limits)
  } catch (error) {
    if (error instanceof XmlError) throw new RenderError(error.kind === 'too-large' ? 'too-large' : 'invalid', error.message)
    throw error
  }
}

/** Within the document, or data in it. */
const isInside = (reference: string) => /^\s*(#|data:image\/(png|jpeg|gif|webp)[;,]|$)/i.test(reference)

function refuseReferences({ name, attributes, content }: XmlElement): void {
  const fail = (what: string) => {
    throw new RenderError(
      'invalid',
      `The SVG refers to ${what.slice(0, 80)}; an icon may only refer to its own parts and to data: pictures.`,
    )
  }
  if (name === 'script' || name === 'foreignObject') fail(`the element ${name}`)
  for (const { name: attribute, value } of attributes) {
    // links of a drawing are not drawn
    if (attribute === 'href' && name !== 'a' && !isInside(value)) fail(value)
    for (const reference of referencesIn(value)) if (!isInside(reference)) fail(reference)
  }
  for (const part of content) {
    if (typeof part !== 'string') refuseReferences(part)
    else if (name === 'style') {
      if (/@import/i.test(part)) fail('another style sheet')
      for (const reference of referencesIn(part)) if (!isInside(reference)) fail(reference)
    }
  }
}

/** Elements of a drawing, those that `use` repeats counted each time: a drawing of few bytes can ask for millions. */
const mostDrawn = 20_000

function refuseCopies(root: XmlElement): void {
  const byId = new Map<string, XmlElement>()
  const collect = (element: XmlElement) => {
    for (const { name, value } of element.attributes) if (name === 'id') byId.set(value, element)
    for (const part of element.content) if (typeof part !== 'string') collect(part)
  }
  collect(root)
  const weights = new Map<XmlElement, number>()
  const weigh = (element: XmlElement, depth: number): number => {
    const known = weights.get(element)
    if (known !== undefined) return known
    // in itself, or beyond all reason
    if (depth > limits.depth * 4) return Number.POSITIVE_INFINITY
    weights.set(element, 0)
    let sum = 1
    for (const part of element.content) if (typeof part !== 'string') sum += weigh(part, depth + 1)
    const target = element.name === 'use' ? element.attributes.find(({ name }) => name === 'href')?.value.trim() : undefined
    const copied = target && byId.get(target.slice(1))
    if (copied) sum += weigh(copied, depth + 1)
    weights.set(element, sum)
    return sum
  }
  if (weigh(root, 0) > mostDrawn) throw new RenderError('too-large', `The SVG draws more than ${mostDrawn} elements, with its copies.`)
}

const referencesIn = (css: string) => [...css.matchAll(/url\(\s*["']?([^"')]*)/gi)].map(match => match[1])
