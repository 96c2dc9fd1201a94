import { writeMapLibre } from './maplibre/write-maplibre.js'
import { writeSld } from './sld/write-sld.js'
import type { Style } from './style.js'
import type { StyleNote } from './style-error.js'

/** A document, and what is not in it. */
export interface WrittenStyle {
  readonly text: string
  /** What the language cannot say. */
  readonly notes: readonly StyleNote[]
}

/** Writes a style for a layer of that name. */
export type StyleWriter = (style: Style, layer: string) => WrittenStyle

/** All languages written, by the names that the command line has for them. */
export const styleWriters: Readonly<Record<string, StyleWriter>> = {
  sld: (style, layer) => writeSld(style, { version: '1.0.0', layer }),
  geoserver: (style, layer) => writeSld(style, { version: '1.0.0', layer, isExtended: true }),
  se: (style, layer) => writeSld(style, { version: '1.1.0', layer }),
  maplibre: (style, layer) => mapLibreStyle(style, layer),
}

/** A whole MapLibre style over vector tiles of the layer, whose address is to be filled in. */
function mapLibreStyle(style: Style, layer: string): WrittenStyle {
  const { layers, notes } = writeMapLibre(style, { source: layer, sourceLayer: layer })
  const sources = { [layer]: { type: 'vector', tiles: [] } }
  return { text: `${JSON.stringify({ version: 8, name: style.title ?? layer, sources, layers }, undefined, 2)}\n`, notes }
}
