import { oklch } from '../oklch.js'

/**
 * Colours of categories, in the order in which they are used: each is as far as can be from those before it, and any two, and each and `otherColor`,
 * can be told apart with normal sight, without red, green or blue cones.
 */
export const categoryColors: readonly string[] = [
  '#0084e4',
  '#fccc0c',
  '#9c1800',
  '#b48418',
  '#78f0b4',
  '#3048b4',
  '#ccccfc',
  '#48b4e4',
  '#783c6c',
  '#fc9c60',
  '#846ca8',
  '#c05460',
]

/** The same colours in the order in which areas get them: those that are lighter first, because a dark one that covers half a map is all there is to see. */
export const areaColors: readonly string[] = [
  '#fccc0c',
  '#0084e4',
  '#b48418',
  '#78f0b4',
  '#48b4e4',
  '#c05460',
  '#fc9c60',
  '#846ca8',
  '#ccccfc',
  '#9c1800',
  '#783c6c',
  '#3048b4',
]

/** Of what belongs to no class. */
export const otherColor = '#9e9e9e'
/** Of what has no value, where values are quantities. */
export const missingColor = '#d4d4d4'

/**
 * `count` colours from light to dark in equal steps of lightness, which says the order to every eye; from yellow over green to blue. `lightest` is
 * lower where colours stand alone on white: lines and points.
 */
export function sequentialColors(count: number, lightest: number): readonly string[] {
  const darkest = 0.36
  return Array.from({ length: count }, (_, i) => {
    const share = count === 1 ? 1 : i / (count - 1)
    return oklch(lightest + (darkest - lightest) * share, 0.09 + 0.05 * Math.sin(Math.PI * share), 105 + 165 * share)
  })
}
