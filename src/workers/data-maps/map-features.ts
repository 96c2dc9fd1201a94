import type { Stores } from '#core/ports.js'
import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import { geos, loadGeos } from '#filters/geos.js'
import { type Bbox, containsBbox, intersectBbox } from '#geo/bbox.js'
import { EwkbError, ewkbBbox, readEwkb, writeEwkb } from '#geo/ewkb.js'
import { linearise } from '#geo/linearise.js'
import { mapPositions } from '#geo/reproject.js'
import { type Transform, transformBboxes, transformBetween } from '#geo/transform.js'
import type { RowBatch } from '#rows/batch.js'
import { RowBuilder } from '#rows/row-builder.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import { type FeatureBudget, findRows } from '../find-rows.js'
import type { Stop } from '../stop.js'
import { wrappedFrames } from '../wrapped-frames.js'

/** What comes with the features of a map, and in what form. */
export interface MapFeatureOptions {
  /** Further columns than those of the layer. */
  readonly columns?: readonly string[]
  /** Geometries come whole instead of cut, each feature once. */
  readonly isWhole?: boolean
}

/**
 * The features of a layer that lie on a map, as they come: `@id`, the geometry in the CRS of the map and cut to its box, then all attributes. What
 * lies over the date line comes in the world between -180 and 180 degrees, in two pieces of the same id. Geometries that cannot be told in the CRS
 * of the map are left out. Throws `too-large` when there are more than the map may have.
 */
export async function* mapFeatures(
  job: MapJob,
  layer: FeatureLayerJob,
  { stores, budget, stop }: { readonly stores: Stores; readonly budget: FeatureBudget; readonly stop: Stop },
  { columns: more = [], isWhole = false }: MapFeatureOptions = {},
): AsyncIterable<RowBatch> {
  await loadGeos()
  const crs = layer.geometry.crs ?? job.crs
  const toMap = transformBetween(crs, job.crs)
  const columns = [...new Set([...layer.source.columns.map(({ name }) => name), ...more])]
  const run = { passes: [], columns, hasGlyphs: false, reach: 0 }
  const unitsPerPixel = (box: Bbox) => Math.min((box[2] - box[0]) / job.width, (box[3] - box[1]) / job.height)
  let seen = new Set<string>()
  for (const frame of boxesOf(job)) {
    if (!isWhole) seen = new Set()
    for (const box of transformBboxes(frame, job.crs, crs)) {
      const view = { box, unitsPerPixel: unitsPerPixel(box) }
      for await (const batch of findRows(job, layer, { run, view, hasIds: true }, { stores, budget, stop }))
        yield cutRows(batch, { geometry: layer.geometry.name, toMap, box: frame, tolerance: view.unitsPerPixel / 8, seen, isWhole })
    }
  }
}

/** What a map shows of one world, or several such boxes where it reaches over the date line; none lies in another. */
function boxesOf({ crs, bbox, width, height }: MapJob): readonly Bbox[] {
  const boxes = wrappedFrames({ crs, bbox, width, height }).flatMap(({ bbox, world }) => {
    const box = world ? intersectBbox(bbox, [world[0], bbox[1], world[1], bbox[3]]) : bbox
    return box ? [box] : []
  })
  return boxes.filter((box, i) => !boxes.some((other, k) => k !== i && containsBbox(other, box) && (k < i || !containsBbox(box, other))))
}

interface Cut {
  readonly geometry: string
  readonly toMap: Transform
  /** In the CRS of the map. */
  readonly box: Bbox
  /** Chords of curves stay this close to them, in units of the source. */
  readonly tolerance: number
  /** Ids of features that were there before. */
  readonly seen: Set<string>
  readonly isWhole: boolean
}

function cutRows(batch: RowBatch, cutting: Cut): RowBatch {
  const { geometry, seen } = cutting
  const { columns } = batch.schema
  const [id, shape] = [columnIndex(columns, '@id'), columnIndex(columns, geometry)]
  const row = new RowView(batch)
  const cut = new RowBuilder(batch.schema)
  for (let i = 0; i < batch.count; i++) {
    const bytes = row.at(i).bytes(shape)
    const name = row.text(id)
    if (name !== null && seen.has(name)) continue
    const clipped = bytes && cutShape(bytes, cutting)
    if (!clipped) continue
    if (name !== null) seen.add(name)
    cut.row(row.values().map((value, index) => (index === shape ? clipped : value)))
  }
  return cut.take()
}

function cutShape(ewkb: Uint8Array, { toMap, box, tolerance, isWhole }: Cut): Uint8Array | undefined {
  try {
    const shape = mapPositions(readEwkb(linearise(ewkb, tolerance)), (x, y) => toMap.point(x, y))
    const bytes = shape && writeEwkb(shape)
    const own = bytes && ewkbBbox(bytes)
    if (!own || !intersectBbox(own, box)) return undefined
    return isWhole || containsBbox(box, own) ? bytes : geos().clip(bytes, box)
  } catch (error) {
    if (error instanceof EwkbError) return undefined
    throw error
  }
}
