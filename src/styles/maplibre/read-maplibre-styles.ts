import type { ReadStyles } from '../languages.js'
import { StyleError } from '../style-error.js'
import { readMapLibre } from './read-maplibre.js'

/** Whether a text looks like a style of MapLibre. */
export function isMapLibre(text: string): boolean {
  return /^\uFEFF?\s*\{/.test(text) && /"layers"\s*:\s*\[/.test(text)
}

/** A style for each layer of its sources. Throws StyleError. */
export function readMapLibreStyles(text: string): ReadStyles {
  const { name, layers, background, notes } = readMapLibre(text.replace(/^\uFEFF/, ''))
  if (layers.length === 0) throw new StyleError('None of its layers draws features or rasters; one is wanted.')
  const empty = { path: 'background', message: 'a background belongs to a map, and is not drawn with a layer' }
  return {
    styles: layers.map(({ source, sourceLayer, style }) => ({ layer: sourceLayer ?? source, ...(name && { name }), style })),
    notes: [...notes, ...(background ? [empty] : [])],
  }
}
