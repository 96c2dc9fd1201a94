import type { FeatureLayerJob, LayerJob, MapJob } from '#core/queries.js'

/** A job on its way to a thread that remembers what was published: styles and sources are large, and the same from map to map. */
export interface PackedJob {
  readonly job: MapJob
  /** Of each layer the numbers of its style and source; absent where it has them itself. */
  readonly parts: readonly (readonly [style: number, source: number] | undefined)[]
  /** Parts that the thread does not know yet. */
  readonly added: readonly (readonly [number: number, part: object])[]
  /** All numbers before have lost their meaning. */
  readonly isFresh: boolean
}

/** Parts that both sides remember. */
const mostParts = 1000

/** Packs jobs for one thread: what it was sent before goes as a number. Only what is published is remembered, known by `key`. */
export function partSender(): (job: MapJob) => PackedJob {
  let numbers = new Map<object, number>()
  let last = 0
  return job => {
    const isFresh = numbers.size > mostParts
    if (isFresh) numbers = new Map()
    const added: [number, object][] = []
    const numberOf = (part: object): number => {
      const known = numbers.get(part)
      if (known !== undefined) return known
      numbers.set(part, ++last)
      added.push([last, part])
      return last
    }
    const parts = job.layers.map(layer =>
      layer.kind === 'features' && layer.key !== undefined ? ([numberOf(layer.style), numberOf(layer.source)] as const) : undefined,
    )
    if (parts.every(part => part === undefined)) return { job, parts: [], added, isFresh }
    const layers = job.layers.map((layer, i) => (parts[i] && layer.kind === 'features' ? bare(layer) : layer))
    return { job: { ...job, layers }, parts, added, isFresh }
  }
}

/** A layer without its parts, whose type says that it had them. */
function bare({ style: _, source: _s, ...layer }: FeatureLayerJob): LayerJob {
  return layer as unknown as LayerJob
}

/** The other side: jobs as they were. */
export function partKeeper(): (packed: PackedJob) => MapJob {
  let known = new Map<number, object>()
  return ({ job, parts, added, isFresh }) => {
    if (isFresh) known = new Map()
    for (const [number, part] of added) known.set(number, part)
    if (parts.length === 0) return job
    const layers = job.layers.map((layer, i) => {
      const numbers = parts[i]
      return numbers ? ({ ...layer, style: known.get(numbers[0]), source: known.get(numbers[1]) } as LayerJob) : layer
    })
    return { ...job, layers }
  }
}
