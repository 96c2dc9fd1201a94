import { Problem } from '#core/problem.js'
import { boxGeometry } from '#filters/box-geometry.js'
import type { Filter } from '#filters/filter.js'
import type { Bbox } from '#geo/bbox.js'
import type { CrsName } from '#geo/crs-name.js'
import { writeEwkb } from '#geo/ewkb.js'

/** Coordinates a box of the world may leave it by: some clients round. */
const slack = 1e-6

/**
 * The box of a request, x,y, in one piece or in two where it crosses the antimeridian (OGC 17-069r4, 7.15.3); undefined where there is none. Heights
 * are not looked at. Throws `invalid-parameter`.
 */
export function bboxParameter(text: string | null, { crs, isFlipped }: CrsName): readonly Bbox[] | undefined {
  if (text === null || text === '') return undefined
  const numbers = text.split(',', 7).map(part => (part.trim() === '' ? Number.NaN : Number(part)))
  const refuse = (why: string) => new Problem('invalid-parameter', `bbox ${why}.`, { locator: 'bbox' })
  if ((numbers.length !== 4 && numbers.length !== 6) || !numbers.every(Number.isFinite))
    throw refuse('is not four numbers, or six with heights, as in bbox=5.9,48.9,6.3,49.2')
  const flat = numbers.length === 6 ? [numbers[0], numbers[1], numbers[3], numbers[4]] : numbers
  const [minX, minY, maxX, maxY] = isFlipped ? [flat[1], flat[0], flat[3], flat[2]] : flat
  if (minY > maxY) throw refuse(`has its ${isFlipped ? 'first' : 'second'} number above the one opposite`)
  if (!crs.isDegrees) {
    if (minX > maxX) throw refuse(`has its ${isFlipped ? 'second' : 'first'} number above the one opposite`)
    return [[minX, minY, maxX, maxY]]
  }
  if (Math.abs(minX) > 360 || Math.abs(maxX) > 360 || minY < -90 - slack || maxY > 90 + slack)
    throw refuse(`lies outside of the world; its order is ${isFlipped ? 'latitude, longitude' : 'longitude, latitude'} here`)
  if (minX <= maxX) return [[minX, minY, maxX, maxY]]
  return [
    [minX, minY, 180, maxY],
    [-180, minY, maxX, maxY],
  ]
}

/** Features that meet one of the boxes, and those without geometry (OGC 17-069r4, requirement 24 C). */
export function bboxFilter(boxes: readonly Bbox[], crs: string, geometry: { readonly name: string; readonly isNullable: boolean }): Filter {
  const any = boxes.map(
    (box): Filter => ({
      kind: 'spatial',
      operator: 'intersects',
      property: geometry.name,
      geometry: { wkb: writeEwkb(boxGeometry(box)), crs },
    }),
  )
  const nothing: Filter = { kind: 'isNull', operand: { kind: 'property', name: geometry.name } }
  const all = geometry.isNullable ? [...any, nothing] : any
  return all.length === 1 ? all[0] : { kind: 'or', any: all }
}
