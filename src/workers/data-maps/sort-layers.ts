import type { Stores } from '#core/ports.js'
import type { FeatureLayerJob, LayerJob, MapJob } from '#core/queries.js'
import { mostBytes } from '#formats/vector/vector-format.js'
import type { StylePlan } from '#render/plan-style.js'
import type { RowBatch } from '#rows/batch.js'
import type { Stop } from '../stop.js'
import type { DataMapTools } from './data-map.js'
import { mapFeatures } from './map-features.js'

/** Features of a layer that are told one by one; more are a picture. */
const usualFeatures = 1000

/** A layer that is shown as a picture, or told feature by feature. */
export type SortedLayer = { readonly kind: 'picture'; readonly job: LayerJob } | FeatureLayer

/** A layer told feature by feature. */
export interface FeatureLayer {
  readonly kind: 'features'
  readonly job: FeatureLayerJob
  readonly plan: StylePlan
  readonly batches: readonly RowBatch[]
}

/** What each layer of a map is to be: nothing where its style has nothing at this scale. */
export async function sortLayers(job: MapJob, { context }: DataMapTools, stop: Stop): Promise<readonly SortedLayer[]> {
  const sorted: SortedLayer[] = []
  const room = { bytes: mostBytes }
  for (const layer of job.layers) {
    if (layer.kind !== 'features') {
      sorted.push({ kind: 'picture', job: layer })
      continue
    }
    const plan = context.planStyle(layer.style, job)
    const runs = [...plan.runs, ...plan.labels]
    if (runs.length === 0) continue
    const columns = runs.flatMap(run => run.columns)
    // what is made of many features is none of them
    const isMade = runs.some(({ transformation }) => transformation)
    const batches = isMade ? undefined : await fewFeatures(job, layer, columns, { stores: context.stores, room, stop })
    sorted.push(batches ? { kind: 'features', job: layer, plan, batches } : { kind: 'picture', job: layer })
  }
  return sorted
}

/** The features of a layer; undefined where they are too many, or too large to be told. */
async function fewFeatures(
  job: MapJob,
  layer: FeatureLayerJob,
  columns: readonly string[],
  { stores, room, stop }: { readonly stores: Stores; readonly room: { bytes: number }; readonly stop: Stop },
): Promise<readonly RowBatch[] | undefined> {
  const budget = { left: Math.min(job.data?.mostFeatures ?? usualFeatures, job.maxFeatures) }
  const batches: RowBatch[] = []
  try {
    for await (const batch of mapFeatures(job, layer, { stores, budget, stop }, { columns, isWhole: true })) {
      batches.push(batch)
      room.bytes -= batch.bytes.length
      if (room.bytes < 0) return undefined
    }
  } catch (error) {
    if (budget.left >= 0) throw error
    return undefined
  }
  return batches
}
