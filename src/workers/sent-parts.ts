import type { LayerJob, MapJob } from '#core/queries.js'

/** A job on its way to a thread that remembers what was published: styles, sources and files are large, and the same from map to map. */
export interface PackedJob {
  readonly job: MapJob
  /** Of each layer the numbers of its parts, as `partsOf` orders them; absent where it has them itself. */
  readonly parts: readonly (readonly number[] | undefined)[]
  /** Parts that the thread does not know yet. */
  readonly added: readonly (readonly [number: number, part: object])[]
  /** All numbers before have lost their meaning. */
  readonly isFresh: boolean
}

/** Parts that both sides remember. */
const mostParts = 1000

/** Packs jobs for one thread: what it was sent before goes as a number. Only what is published is remembered. */
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
    const parts = job.layers.map(layer => partsOf(layer)?.map(numberOf))
    if (parts.every(part => part === undefined)) return { job, parts: [], added, isFresh }
    const layers = job.layers.map((layer, i) => (parts[i] ? withParts(layer, undefined) : layer))
    return { job: { ...job, layers }, parts, added, isFresh }
  }
}

/** The other side: jobs as they were. */
export function partKeeper(): (packed: PackedJob) => MapJob {
  let known = new Map<number, object>()
  return ({ job, parts, added, isFresh }) => {
    if (isFresh) known = new Map()
    for (const [number, part] of added) known.set(number, part)
    if (parts.length === 0) return job
    const layers = job.layers.map((layer, i) =>
      parts[i]
        ? withParts(
            layer,
            parts[i].map(number => known.get(number)!),
          )
        : layer,
    )
    return { ...job, layers }
  }
}

/** What of a layer is published: a style without a key is the request's own, and may be that of a raster. */
function partsOf(layer: LayerJob): readonly object[] | undefined {
  if (layer.kind === 'raster') return [layer.bands, ...layer.files]
  return layer.kind === 'features' && layer.key !== undefined ? [layer.style, layer.source] : undefined
}

/** A layer with these parts; or without any, whose type says that it had them. */
function withParts(layer: LayerJob, parts: readonly object[] | undefined): LayerJob {
  const [first, ...others] = parts ?? []
  const own = layer.kind === 'raster' ? { bands: first, files: parts && others } : { style: first, source: others[0] }
  return { ...layer, ...own } as unknown as LayerJob
}
