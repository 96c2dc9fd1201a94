import type { Filter } from '#filters/filter.js'
import { readXml, type XmlElement, XmlError } from '#xml/read.js'
import type { Style, StylePass } from '../style.js'
import { StyleError, type StyleNote } from '../style-error.js'
import { readFilter } from './read-filter.js'
import { readPass, takeDescription } from './read-rule.js'
import { readSymbolizer, symbolizerReaders } from './read-symbolizer.js'
import { takeBoolean } from './read-value.js'
import {
  defaultSldOptions,
  finishReading,
  note,
  quoted,
  type Reading,
  refuse,
  type SldOptions,
  startReading,
  take,
  takeAll,
  takeText,
  takeWhole,
} from './reading.js'

/** A document of styles (OGC 02-070, 05-078r4). */
export interface SldDocument {
  readonly layers: readonly SldLayer[]
  /** Everything that was met and is not kept as it was said. */
  readonly notes: readonly StyleNote[]
}

/** A NamedLayer or UserLayer. */
export interface SldLayer {
  /** `''` where it has none. */
  readonly name: string
  /** Data of the user's own, instead of a layer of the server. */
  readonly isUserLayer: boolean
  readonly styles: readonly (SldStyle | NamedStyle)[]
  /** Which features the layer has; absent: all. */
  readonly constraints?: readonly FeatureConstraint[]
}

/** A UserStyle. */
export interface SldStyle {
  readonly kind: 'user'
  readonly name: string
  readonly title?: string
  readonly abstract?: string
  readonly isDefault: boolean
  readonly style: Style
}

/** A style that the server has by that name. */
export interface NamedStyle {
  readonly kind: 'named'
  readonly name: string
}

/** A FeatureTypeConstraint: which features, of which type. */
export interface FeatureConstraint {
  readonly featureType?: string
  readonly filter?: Filter
  /** Values of dimensions by their names. */
  readonly extents: readonly { readonly name: string; readonly value: string }[]
}

/** Prefixes that files use without declaring them. */
const prefixes = {
  sld: 'http://www.opengis.net/sld',
  se: 'http://www.opengis.net/se',
  ogc: 'http://www.opengis.net/ogc',
  gml: 'http://www.opengis.net/gml',
  xlink: 'http://www.w3.org/1999/xlink',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
}

const passNames = ['FeatureTypeStyle', 'CoverageStyle']

/**
 * Reads SLD 1.0.0, SLD 1.1.0 with SE 1.1.0, and what is between: elements count by their local names. A UserStyle, FeatureTypeStyle,
 * CoverageStyle or symbolizer by itself is a layer without name. Nothing is ever fetched. Throws StyleError, with the line, for what cannot be read or is beyond the bounds.
 */
export function readSld(document: Uint8Array | string, options: Partial<SldOptions> = {}): SldDocument {
  const settings = { ...defaultSldOptions, ...options }
  const root = rootOf(document, settings)
  const reading = startReading(root, settings)
  const layers = layersOf(reading, root)
  return { layers, notes: finishReading(reading) }
}

function rootOf(document: Uint8Array | string, { bytes, depth, nodes }: SldOptions): XmlElement {
  try {
    return readXml(document, { bytes, depth, nodes, prefixes })
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new StyleError(error.message)
  }
}

function layersOf(reading: Reading, root: XmlElement): readonly SldLayer[] {
  if (root.name === 'StyledLayerDescriptor') return readDescriptor(reading, root)
  if (root.name === 'UserStyle') return [{ name: '', isUserLayer: false, styles: [readUserStyle(reading, root)] }]
  return [
    {
      name: '',
      isUserLayer: false,
      styles: [{ kind: 'user', name: '', isDefault: false, style: { passes: [readLonePass(reading, root)] } }],
    },
  ]
}

function readLonePass(reading: Reading, root: XmlElement): StylePass {
  if (passNames.includes(root.name)) return readPass(reading, root)
  if (!Object.hasOwn(symbolizerReaders, root.name))
    return refuse(root, `is no style; StyledLayerDescriptor, UserStyle, ${passNames.join(', ')} and symbolizers are`)
  const symbolizer = readSymbolizer(reading, root)
  return { rules: [{ name: '', symbolizers: symbolizer ? [symbolizer] : [] }] }
}

function readDescriptor(reading: Reading, root: XmlElement): readonly SldLayer[] {
  const [name, { title, abstract }] = [takeText(reading, root, 'Name'), takeDescription(reading, root)]
  if (name ?? title ?? abstract)
    note(reading, root, 'name, title and abstract of the document are not kept; those of its layers and styles are')
  const library = take(reading, root, 'UseSLDLibrary')
  if (library) refuse(library, 'libraries are not fetched; write their styles into the document')
  return takeAll(reading, root, 'NamedLayer', 'UserLayer').map(layer => readLayer(reading, layer))
}

function readLayer(reading: Reading, element: XmlElement): SldLayer {
  const isUserLayer = element.name === 'UserLayer'
  const name = takeText(reading, element, 'Name')
  if (name === undefined && !isUserLayer) note(reading, element, 'has no Name')
  const { title, abstract } = takeDescription(reading, element)
  if (title ?? abstract) note(reading, element, 'title and abstract of a layer are not kept')
  const remote = take(reading, element, 'RemoteOWS')
  if (remote) refuse(remote, 'data are not fetched from other servers; name a layer of this one')
  const constraints = takeAll(reading, take(reading, element, 'LayerFeatureConstraints'), 'FeatureTypeConstraint').map(constraint =>
    readConstraint(reading, constraint),
  )
  const styles = takeAll(reading, element, 'NamedStyle', 'UserStyle').map(style =>
    style.name === 'UserStyle' ? readUserStyle(reading, style) : readNamedStyle(reading, style),
  )
  return { name: name ?? '', isUserLayer, styles, ...(constraints.length > 0 && { constraints }) }
}

function readConstraint(reading: Reading, element: XmlElement): FeatureConstraint {
  const featureType = takeText(reading, element, 'FeatureTypeName')
  const filter = take(reading, element, 'Filter')
  const extents = takeAll(reading, element, 'Extent').map(extent => ({
    name: takeText(reading, extent, 'Name') ?? '',
    value: takeText(reading, extent, 'Value') ?? '',
  }))
  return { ...(featureType !== undefined && { featureType }), ...(filter && { filter: readFilter(reading, filter) }), extents }
}

function readNamedStyle(reading: Reading, element: XmlElement): NamedStyle {
  const description = take(reading, element, 'Description')
  if (description) takeWhole(reading, description)
  return { kind: 'named', name: takeText(reading, element, 'Name') ?? '' }
}

function readUserStyle(reading: Reading, element: XmlElement): SldStyle {
  const name = takeText(reading, element, 'Name') ?? ''
  const description = takeDescription(reading, element)
  const isDefault = takeBoolean(reading, element, 'IsDefault') ?? false
  const passes = takeAll(reading, element, ...passNames).map(pass => readPass(reading, pass))
  if (passes.length === 0) note(reading, element, `has no FeatureTypeStyle and draws nothing${name ? ` (${quoted(name)})` : ''}`)
  return { kind: 'user', name, ...description, isDefault, style: { ...(name && { name }), ...description, passes } }
}
