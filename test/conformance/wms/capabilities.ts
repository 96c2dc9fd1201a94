import assert from 'node:assert/strict'
import { attributeOf, childOf, childrenOf, readXml, textOf, type XmlElement } from '#xml/read.js'

export const xlink = 'http://www.w3.org/1999/xlink'

/** A layer of a capabilities document. */
export interface Layer {
  readonly element: XmlElement
  readonly parent?: Layer
  readonly name?: string
  readonly title?: string
}

/** A capabilities document of any version, as read. */
export interface Capabilities {
  readonly root: XmlElement
  readonly service: XmlElement
  readonly capability: XmlElement
  /** In document order, the root layer first. */
  readonly layers: readonly Layer[]
}

/** The root element of an XML document; a DOCTYPE is passed over. */
export const parseXml = (document: Buffer | string): XmlElement =>
  readXml(String(document).replace(/<!DOCTYPE[^>[]*>/, ''), { bytes: 1e8, nodes: 1e7 })

export function readCapabilities(document: Buffer | string): Capabilities {
  const root = parseXml(document)
  const service = childOf(root, 'Service')
  const capability = childOf(root, 'Capability')
  assert.ok(service && capability, `the root element ${root.name} has no Service and Capability`)
  return { root, service, capability, layers: childrenOf(capability, 'Layer').flatMap(element => layersFrom(element)) }
}

function layersFrom(element: XmlElement, parent?: Layer): readonly Layer[] {
  const layer: Layer = { element, ...(parent && { parent }), name: textAt(element, 'Name'), title: textAt(element, 'Title') }
  return [layer, ...childrenOf(element, 'Layer').flatMap(child => layersFrom(child, layer))]
}

/** Text at the end of a path of child elements. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | undefined {
  const end = at(element, ...path)
  return end && textOf(end)
}

/** The first element at the end of a path. */
export const at = (element: XmlElement, ...path: readonly string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((here, name) => here && childOf(here, name), element)

/** The layer and those it inherits from, itself first. */
export const lineage = (layer: Layer): readonly Layer[] => [layer, ...(layer.parent ? lineage(layer.parent) : [])]

/** Child elements of a name, of a layer and those it inherits from, nearest first. */
export const inherited = (layer: Layer, name: string): readonly XmlElement[] =>
  lineage(layer).flatMap(({ element }) => childrenOf(element, name))

export const textsOf = (element: XmlElement, name: string): readonly string[] => childrenOf(element, name).map(textOf)

/** Layers that can be asked for. */
export const named = ({ layers }: Capabilities): readonly (Layer & { readonly name: string })[] =>
  layers.filter((layer): layer is Layer & { readonly name: string } => !!layer.name)

/** An operation's `Request` entry. */
export const operation = ({ capability }: Capabilities, name: string): XmlElement | undefined => at(capability, 'Request', name)

/** Formats of an operation, as listed. */
export const formatsOf = (capabilities: Capabilities, name: string): readonly string[] => {
  const element = operation(capabilities, name)
  return element ? textsOf(element, 'Format') : []
}

/** Address that parameters are appended to. */
export function hrefOf(capabilities: Capabilities, name: string): string {
  const element = operation(capabilities, name)
  const resource = element && at(element, 'DCPType', 'HTTP', 'Get', 'OnlineResource')
  const href = resource && attributeOf(resource, 'href', xlink)
  assert.ok(href, `${name} has no address for GET`)
  return href
}

/** `1` and `true` are yes. */
export const isYes = (element: XmlElement, name: string): boolean => /^(1|true)$/.test(attributeOf(element, name) ?? '')
