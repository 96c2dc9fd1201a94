import type { AtlasView, Collection, NamedStyle } from '#core/atlas.js'
import { findCollection } from '#core/atlas-view.js'
import { fadeStyle } from '#core/fade-style.js'
import { Problem } from '#core/problem.js'
import type { StyledLayer } from '#core/queries.js'
import { type Selection, selectFeatures } from '#core/select-features.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import type { Resampling } from '#render/resampling.js'
import { interpolationsOf } from './interpolations.js'
import { layerSelections } from './layer-filters.js'
import { withLayerParameters } from './layer-parameters.js'
import { collectionsOf, findGroup, isLayer, layerTree } from './layer-tree.js'

/**
 * LAYERS with their STYLES, bottom first, groups taken apart. An empty style, or none at all, is the default one
 * (OGC 06-042, 7.3.3.3 and 7.3.3.4). Throws `missing-parameter`, `unknown-collection`, `unknown-style`, `invalid-parameter`, `too-large`.
 */
export function styledLayers(view: AtlasView, kvp: Kvp, layersName = 'LAYERS'): readonly StyledLayer[] {
  return layersAndStyles(view, kvp, layersName).map(layer => styledLayer(layer, styleNamed(layer.collection, layer.asked, 'STYLES')))
}

export interface AskedLayer {
  readonly collection: Collection
  /** What LAYERS calls it: its own name, or that of a group. */
  readonly name: string
  /** What STYLES calls its style; may be empty. */
  readonly asked: string
  /** 0 to 1. */
  readonly opacity: number
  /** What is asked of its features. */
  readonly selection: Selection
  /** How pixels of a raster are made, where that is asked. */
  readonly resampling?: Resampling
}

/** OPACITIES, 0 to 255 for each layer, as QGIS's clients send them; what makes no sense is opaque. */
function opacitiesOf(kvp: Kvp): readonly number[] {
  const said = kvp.get('OPACITIES')
  if (said === undefined) return []
  return said.split(',', 1000).map(text => {
    const value = /^\s*\d{1,3}\s*$/.test(text) ? Number(text) : 255
    return Math.min(255, value) / 255
  })
}

/** A layer in a style, as faint and interpolated as it is asked for, of the features that are asked for. */
export function styledLayer({ collection, opacity, selection, resampling }: AskedLayer, style: NamedStyle): StyledLayer {
  const shown = opacity < 1 ? { ...style, version: '', style: fadeStyle(style.style, opacity) } : style
  return selectFeatures({ collection, style: shown, ...(resampling && { resampling }) }, selection)
}

/** LAYERS, groups taken apart, each with what STYLES calls its style. Throws as `styledLayers`, but for the style. */
export function layersAndStyles(view: AtlasView, kvp: Kvp, layersName = 'LAYERS'): readonly AskedLayer[] {
  const names = layerNames(view, kvp, layersName)
  const styles = (kvp.get('STYLES') ?? '').split(',').map(style => style.trim())
  if (styles.some(style => style !== '') && styles.length !== names.length)
    throw new Problem(
      'invalid-parameter',
      `STYLES has ${styles.length} entries for ${names.length} layers; one for each, or none, would work.`,
      {
        locator: 'styles',
      },
    )
  const opacities = opacitiesOf(kvp)
  const interpolations = interpolationsOf(kvp, names.length)
  const selections = selectionsOf(view, kvp, names)
  const layers = withLayerParameters(
    kvp,
    names.map(name => collectionsNamed(view, name, layersName)),
  )
  return layers.flatMap((collections, i) =>
    collections.map(collection => ({
      collection,
      name: names[i],
      asked: styles[i] ?? '',
      opacity: opacities[i] ?? 1,
      selection: selections[i],
      resampling: interpolations[i],
    })),
  )
}

/** What is asked of the features of layers of these names. Throws as `layerSelections`. */
export const selectionsOf = (view: AtlasView, kvp: Kvp, names: readonly string[]): readonly Selection[] =>
  layerSelections(kvp, names, name => findCollection(view, name) !== undefined || findGroup(layerTree(view), name) !== undefined)

/** Layers that QUERY_LAYERS names, which have to be among those of the map (OGC 06-042, 7.4.3.4); one named twice is the first, then the second. */
export function queriedLayers(view: AtlasView, kvp: Kvp, shown: readonly StyledLayer[]): readonly StyledLayer[] {
  const left = new Set(shown)
  return layerNames(view, kvp, 'QUERY_LAYERS')
    .flatMap(name => collectionsNamed(view, name, 'QUERY_LAYERS'))
    .map(collection => {
      const isAsked = (layer: StyledLayer) => layer.collection.id === collection.id
      const layer = [...left].find(isAsked) ?? shown.find(isAsked)
      if (layer) left.delete(layer)
      if (layer) return layer
      throw new Problem(
        'unknown-collection',
        `QUERY_LAYERS names ${collection.id}, which is not in LAYERS; the layers of the map would work.`,
        {
          locator: 'query_layers',
        },
      )
    })
}

/** Collections that LAYERS names, groups taken apart. Throws `missing-parameter`, `unknown-collection`, `too-large`. */
export function namedCollections(view: AtlasView, kvp: Kvp): readonly Collection[] {
  return layerNames(view, kvp, 'LAYERS').flatMap(name => collectionsNamed(view, name, 'LAYERS'))
}

function layerNames({ atlas }: AtlasView, kvp: Kvp, parameter: string): readonly string[] {
  const text = kvp.get(parameter)
  const locator = parameter.toLowerCase()
  if (text === undefined)
    throw new Problem('missing-parameter', `${parameter} is missing; the names of one or more layers, with commas between, would work.`, {
      locator,
    })
  const { mapLayers } = atlas.limits
  const names = text.split(',', mapLayers + 1).map(name => name.trim())
  if (names.length > mapLayers)
    throw new Problem('too-large', `${parameter} names more than the ${mapLayers} layers allowed in one map.`, { locator })
  return names
}

/** The collection of that name, or those of a group. Throws `unknown-collection`. */
export function collectionsNamed(view: AtlasView, name: string, parameter: string): readonly Collection[] {
  const collection = findCollection(view, name) ?? findCollection(view, unescaped(name))
  if (collection && isLayer(collection)) return [collection]
  const group = collection ? undefined : findGroup(layerTree(view), name)
  if (group) return collectionsOf(group)
  throw unknownLayer(view, name, parameter)
}

/** A name that the client has escaped twice, as OGC's own tests of LayerLimit do; any other as it is. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** That `name`, in `parameter`, is not a layer of the view, and what would be. */
export function unknownLayer(view: AtlasView, name: string, parameter: string): Problem {
  const why = findCollection(view, name)
    ? `${name} has no geometry and cannot be drawn`
    : `${parameter} names «${name.slice(0, 200)}», which is not published here`
  return new Problem('unknown-collection', `${why}; ${someLayers(view)}`, { locator: parameter.toLowerCase() })
}

function someLayers(view: AtlasView): string {
  const ids = [...view.collections.values()].filter(isLayer).map(({ id }) => id)
  if (ids.length === 0) return 'no layer is published here at the moment.'
  return ids.length > 5 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} others would work.` : `${ids.join(', ')} would work.`
}

/**
 * The style of that name; the default one when the name is empty, or `default`, which many clients send for want of a name, unless one is really
 * called so. Throws `unknown-style`.
 */
export function styleNamed({ id, styles }: Collection, name: string, parameter: string, others: readonly string[] = []): NamedStyle {
  const style = name === '' ? styles[0] : (styles.find(style => style.name === name) ?? (name === 'default' ? styles[0] : undefined))
  if (style) return style
  const known = [...others, ...styles.map(style => style.name)].join(', ')
  throw new Problem('unknown-style', `${parameter} names «${name.slice(0, 200)}», which ${id} does not have; ${known} would work.`, {
    locator: parameter.toLowerCase(),
  })
}
