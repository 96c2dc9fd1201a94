/** Sizes, in pixels of 0.28 mm, below a scale denominator. */
export interface ScaleBand {
  readonly name: string
  readonly below: number
  readonly outline: number
  readonly outlineOpacity: number
  readonly line: number
  readonly casing: number
  readonly radius: number
  readonly halo: number
}

/** From large scales to small ones: houses, streets, towns, districts, regions, countries. */
export const scaleBands: readonly ScaleBand[] = [
  { name: 'houses', below: 4_000, outline: 1.2, outlineOpacity: 1, line: 3, casing: 1.2, radius: 5, halo: 1.6 },
  { name: 'streets', below: 12_000, outline: 0.9, outlineOpacity: 0.95, line: 2, casing: 0.9, radius: 4, halo: 1.3 },
  { name: 'towns', below: 35_000, outline: 0.7, outlineOpacity: 0.8, line: 1.3, casing: 0.6, radius: 3, halo: 1 },
  { name: 'districts', below: 120_000, outline: 0.5, outlineOpacity: 0.7, line: 0.9, casing: 0.4, radius: 2.5, halo: 0.8 },
  { name: 'regions', below: 500_000, outline: 0.5, outlineOpacity: 0.6, line: 0.8, casing: 0.3, radius: 2.2, halo: 0.6 },
  { name: 'countries', below: Number.POSITIVE_INFINITY, outline: 0.5, outlineOpacity: 0.6, line: 0.8, casing: 0, radius: 2, halo: 0.5 },
]

/** The scales of a band, as rules say them. */
export function scalesOf(band: ScaleBand): { readonly minScaleDenominator?: number; readonly maxScaleDenominator?: number } {
  const before = scaleBands[scaleBands.indexOf(band) - 1]
  return {
    ...(before && { minScaleDenominator: before.below }),
    ...(Number.isFinite(band.below) && { maxScaleDenominator: band.below }),
  }
}
