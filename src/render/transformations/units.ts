/**
 * Transformations reckon in whole 256ths of a pixel of the map's scale, counted from one place for all maps of it, y down: so neighbouring tiles see the
 * same numbers.
 */
export const unitsPerPixel = 256

export interface CloudPoint {
  readonly x: number
  readonly y: number
}

/** A number within bounds; `otherwise` where it is none. */
export function within(value: number, least: number, most: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : Math.min(most, Math.max(least, value))
}
