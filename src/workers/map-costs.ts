import type { EncodedImage, MapJob } from '#core/queries.js'

/** Milliseconds that maps of a kind take when nothing disturbs them, by what the last ones took. */
export interface MapCost {
  /** From the first query to the last pixel, on one thread. */
  readonly whole?: number
  /** The same in bands. */
  readonly inBands?: number
  /** What a thread computes for it, encoding among it: all but the waiting for rows. */
  readonly work?: number
  /** What of it a thread does in one go: rows are drawn as they come. */
  readonly longest?: number
  /** Encoding by one thread, where two could share it: none where there is a palette, which takes all pixels. */
  readonly encode?: number
}

/** What maps took, learned by kind. */
export interface MapCosts {
  of(kind: string): MapCost
  /** `isAlone`: nothing else was drawn meanwhile, so that it tells more. */
  learn(kind: string, cost: MapCost, isAlone?: boolean): void
  /** From a map that one thread drew. */
  learnFrom(kind: string, image: EncodedImage, isAlone?: boolean): void
  /** From all bands of a map: what they computed in all. */
  learnFromBands(kind: string, bands: readonly EncodedImage[]): void
}

/** Kinds of maps whose cost is remembered. */
const mostKinds = 1000
/** Of an observed cost in what is expected next time, where it was less and where it was more: mostly because the processor was elsewhere. */
const [shareOfLess, shareOfMore] = [0.3, 0.02]

export function mapCosts(): MapCosts {
  const costs = new Map<string, MapCost>()
  const learn = (kind: string, { whole, inBands, work, longest, encode }: MapCost, isAlone = false) => {
    const known = costs.get(kind) ?? {}
    costs.delete(kind)
    costs.set(kind, {
      whole: mixed(known.whole, whole, isAlone),
      inBands: mixed(known.inBands, inBands, isAlone),
      work: mixed(known.work, work, false),
      longest: mixed(known.longest, longest, false),
      encode: mixed(known.encode, encode, isAlone),
    })
    if (costs.size > mostKinds) costs.delete(costs.keys().next().value!)
  }
  return {
    of: kind => costs.get(kind) ?? {},
    learn,
    learnFrom(kind, image, isAlone) {
      learn(kind, { whole: image.timings.draw, work: workOf(image), longest: image.longest ?? workOf(image) }, isAlone)
    },
    learnFromBands(kind, bands) {
      learn(kind, {
        work: bands.reduce((sum, band) => sum + workOf(band), 0),
        longest: Math.max(...bands.map(band => band.longest ?? workOf(band))),
      })
    },
  }
}

/** All but the waiting for rows. */
const workOf = ({ timings: { draw, rows = 0, encode = 0 } }: EncodedImage) => draw - rows + encode

function mixed(before: number | undefined, now: number | undefined, isAlone: boolean): number | undefined {
  if (before === undefined || now === undefined) return now ?? before
  return before + (now > before && !isAlone ? shareOfMore : shareOfLess) * (now - before)
}

/** Maps of one kind cost about the same: the same layers, about as large, at about the same scale. */
export function kindOf({ layers, scaleDenominator, width, height, mediaType }: MapJob): string {
  const names = layers.map(
    layer => layer.kind === 'features' && `${layer.source.store}.${layer.source.schema}.${layer.source.table} ${layer.key}`,
  )
  return JSON.stringify([names, Math.round(2 * Math.log2(scaleDenominator)), Math.round(Math.log2(width * height)), mediaType])
}
