import { entryOf } from '#filters/entry-of.js'
import type { Length, Value } from '../style.js'
import { tidy, times } from '../values.js'

/** Millimetres in one. A pixel of QGIS is one of ours, of 0.28 mm: QGIS Server's maps without a resolution have such. */
const millimetres: Readonly<Record<string, number>> = {
  mm: 1,
  point: 25.4 / 72,
  points: 25.4 / 72,
  inch: 25.4,
  inches: 25.4,
  pixel: 0.28,
  pixels: 0.28,
}

/** Numbers in place of names, as some attributes have them (`Qgis::RenderUnit`). */
const byNumber = ['MM', 'MapUnit', 'Pixel', 'Percentage', 'Point', 'Inch', 'Unknown', 'RenderMetersInMapUnits']

/** What numbers in a unit become: pixels of 0.28 mm, metres on the ground, or a share of something. */
export type UnitKind = { readonly kind: 'pixels'; readonly factor: number } | { readonly kind: 'metres' } | { readonly kind: 'percent' }

/** What a number in a unit of QGIS is. `note` hears of map units, which are taken for metres. */
export function unitOf(name: string | undefined, note: (message: string) => void): UnitKind {
  const unit = byNumber[Number(name)] ?? name ?? 'MM'
  const size = entryOf(millimetres, unit.toLowerCase())
  if (size !== undefined) return { kind: 'pixels', factor: size / 0.28 }
  if (unit === 'Percentage') return { kind: 'percent' }
  if (unit === 'RenderMetersInMapUnits') return { kind: 'metres' }
  if (/^map\s?units?$/i.test(unit)) note('map units are taken for metres')
  else note(`the unit ${unit.slice(0, 40)} is taken for millimetres`)
  return /^map/i.test(unit) ? { kind: 'metres' } : { kind: 'pixels', factor: 1 / 0.28 }
}

/** A number in a unit as a length; percentages are of `whole`. */
export function lengthIn(value: Value<number>, unit: UnitKind, whole: Value<number> = 1): Length {
  if (unit.kind === 'metres') return value === 0 ? 0 : { kind: 'ground', metres: value }
  if (unit.kind === 'percent') return times(times(value, 0.01), whole)
  return typeof value === 'number' ? tidy(value * unit.factor) : times(value, tidy(unit.factor))
}
