import { type TreeContent, treeBuilder, type XmlTree } from '#xml/write-element.js'
import type { StyleNote } from '../style-error.js'

/** SLD 1.0.0 (OGC 02-070), or 1.1.0 with SE 1.1.0 (OGC 05-078r4, 05-077r4). */
export type SldVersion = '1.0.0' | '1.1.0'

/** What the two versions say, and by which names; the rest is one writer. */
export interface SldDialect {
  readonly version: SldVersion
  readonly filterVersion: '1.0.0' | '1.1.0'
  readonly parameter: 'CssParameter' | 'SvgParameter'
  readonly schema: string
  /** Prefix of what symbolizers and rules are made of. */
  readonly prefix: 'sld' | 'se'
  /** Units, descriptions, offsets of lines, anchors of graphics, gaps, repeated labels and the functions of SE are there. */
  readonly hasEncoding: boolean
}

/** By version. */
export const dialects: Readonly<Record<SldVersion, SldDialect>> = {
  '1.0.0': {
    version: '1.0.0',
    filterVersion: '1.0.0',
    parameter: 'CssParameter',
    schema: 'http://schemas.opengis.net/sld/1.0.0/StyledLayerDescriptor.xsd',
    prefix: 'sld',
    hasEncoding: false,
  },
  '1.1.0': {
    version: '1.1.0',
    filterVersion: '1.1.0',
    parameter: 'SvgParameter',
    schema: 'http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd',
    prefix: 'se',
    hasEncoding: true,
  },
}

/** By the prefixes they are written with. */
export const namespaces = {
  sld: 'http://www.opengis.net/sld',
  se: 'http://www.opengis.net/se',
  ogc: 'http://www.opengis.net/ogc',
  gml: 'http://www.opengis.net/gml',
  xlink: 'http://www.w3.org/1999/xlink',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
} as const

/** A document while it is written. */
export interface Writing {
  readonly dialect: SldDialect
  /** GeoServer's options and elements are written; the official schemas do not know them. */
  readonly isExtended: boolean
  readonly notes: StyleNote[]
  readonly path: string
  /** Of the lengths of the symbolizer that is written. */
  readonly unit: 'pixel' | 'metre'
}

/** What the language cannot say. */
export function tell(writing: Writing, message: string): undefined {
  writing.notes.push({ path: writing.path, message })
  return undefined
}

/** The same document one step further in, for the paths of notes. */
export function inside(writing: Writing, step: string): Writing {
  return { ...writing, path: writing.path ? `${writing.path}/${step}` : step }
}

/** Whether what only GeoServer reads may be written; told of where not. */
export function mayExtend(writing: Writing, what: string): boolean {
  if (!writing.isExtended) tell(writing, `${what}: SLD ${writing.dialect.version} has no word for it`)
  return writing.isExtended
}

/** Makes elements by their tag. */
export const tree = treeBuilder(namespaces)

/** An element of the version's own namespace. */
export function node({ dialect }: Writing, name: string, ...content: readonly TreeContent[]): XmlTree {
  return tree(`${dialect.prefix}:${name}`, {}, ...content)
}

/** As short as it is exact to nine digits: what scales and turns made of round numbers is round again. */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(9)))
}

/** An element of text, where there is any. */
export function textNode(writing: Writing, name: string, text: string | number | undefined): XmlTree | undefined {
  return text === undefined || text === '' ? undefined : node(writing, name, text)
}
