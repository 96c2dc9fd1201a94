import type { Crs, CrsDefinition } from './crs.js'
import { CrsError } from './crs-error.js'
import type { ShiftStep } from './crs-registry.js'
import type { Place, Projection } from './projection.js'

/** From the datum of one system to that of another, on longitude and latitude in radians. */
export interface DatumShift {
  /** Changes the place; absent when nothing is to be done. */
  readonly apply?: (place: Place) => void
  /** Metres; absent when not known. 0 within one datum. */
  readonly accuracy?: number
  /** What the user of the coordinates should know: a better grid that is missing, a datum that nobody specified. */
  readonly warning?: string
}

type Figure = Projection['figure']

const arcSecond = Math.PI / 180 / 3600
const wgs84: Figure = { a: 6378137, es: 0.0066943799901413165 }

/**
 * The shift between the datums of two systems, by way of WGS 84. Never silent: throws CrsError `no-transformation` when nothing but a guess
 * leads from one to the other, or only a datum grid, which this server does not have.
 */
export function datumShift(from: Crs, to: Crs, fromFigure: Figure, toFigure: Figure): DatumShift {
  const [a, b] = [from.definition!, to.definition!]
  if (a.datum === b.datum) return { accuracy: 0 }
  const [there, back] = [stepsOf(from, a, to), stepsOf(to, b, from)]
  const accuracies = [a.shift?.[1], b.shift?.[1]]
  const accuracy = accuracies.every(v => typeof v === 'number') ? accuracies[0]! + accuracies[1]! : undefined
  const warning = [warningOf(from, a), warningOf(to, b)].filter(Boolean).join(' ')
  const apply = shifter(there, back, fromFigure, toFigure)
  return { ...(apply && { apply }), ...(accuracy !== undefined && { accuracy }), ...(warning && { warning }) }
}

function stepsOf(crs: Crs, { shift, datum }: CrsDefinition, other: Crs): readonly ShiftStep[] {
  if (!shift) {
    throw new CrsError(
      'no-transformation',
      `No transformation is known between ${crs.code} (${crs.name}, datum ${datum}) and ${other.code} (${other.name}): only systems of the same datum can be asked for.`,
    )
  }
  const [steps, , grid] = shift
  if (!steps) {
    throw new CrsError(
      'no-transformation',
      `Between ${crs.code} (${crs.name}) and ${other.code} (${other.name}) only the datum grid ${grid} leads, which is not installed: only systems of the datum ${datum} can be asked for.`,
    )
  }
  return steps
}

function warningOf(crs: Crs, { shift }: CrsDefinition): string {
  const [steps, accuracy, grid, gridAccuracy] = shift!
  if (grid) {
    const good = accuracy === null ? 'of unknown accuracy' : `good to ${accuracy} m`
    return `${crs.code} (${crs.name}) is shifted by parameters ${good}: the datum grid ${grid} (${gridAccuracy} m) is not installed.`
  }
  if (accuracy === null && steps?.length === 0) return `${crs.code} (${crs.name}) has no datum known to this server: it is taken as WGS 84.`
  if (accuracy === null) return `${crs.code} (${crs.name}) is shifted by parameters of unknown accuracy.`
  return ''
}

/** Null shifts leave longitude and latitude as they are, whatever the figures: that is how the frames they join are defined. */
function shifter(there: readonly ShiftStep[], back: readonly ShiftStep[], fromFigure: Figure, toFigure: Figure): DatumShift['apply'] {
  if (there.length + back.length === 0) return undefined
  const steps = [...there.map(step => matrixStep(step)), ...[...back].reverse().map(step => matrixStep(turnedBack(step)))]
  const source = there.length ? fromFigure : wgs84
  const target = back.length ? toFigure : wgs84
  return place => {
    toGeocentric(place, source)
    for (const step of steps) step(place)
    toGeodetic(place, target)
  }
}

const turnedBack = (step: ShiftStep): ShiftStep => (step[0] === '-' ? step.slice(1) : ['-', ...step])

/** One Helmert step on geocentric coordinates, with small angles as the published parameters mean them. */
function matrixStep(step: ShiftStep): (place: Place) => void {
  const isBackwards = step[0] === '-'
  const [dx, dy, dz, rx = 0, ry = 0, rz = 0, ppm = 0] = (isBackwards ? step.slice(1) : step) as number[]
  const [a, b, c, scale] = [rx * arcSecond, ry * arcSecond, rz * arcSecond, 1 + ppm * 1e-6]
  if (isBackwards) {
    return place => {
      const x = (place.x - dx) / scale
      const y = (place.y - dy) / scale
      const z = (place.z - dz) / scale
      place.x = x + c * y - b * z
      place.y = -c * x + y + a * z
      place.z = b * x - a * y + z
    }
  }
  return place => {
    const { x, y, z } = place
    place.x = dx + scale * (x - c * y + b * z)
    place.y = dy + scale * (c * x + y - a * z)
    place.z = dz + scale * (-b * x + a * y + z)
  }
}

/** Longitude and latitude on the figure, at height 0, to geocentric metres. */
function toGeocentric(place: Place, { a, es }: Figure): void {
  const lon = place.x
  const lat = place.y
  const sin = Math.sin(lat)
  const radius = a / Math.sqrt(1 - es * sin * sin)
  const flat = radius * Math.cos(lat)
  place.x = flat * Math.cos(lon)
  place.y = flat * Math.sin(lon)
  place.z = radius * (1 - es) * sin
}

/** Back, by Bowring's formula: better than a micrometre near the surface; the height is dropped. */
function toGeodetic(place: Place, { a, es }: Figure): void {
  const { x, y, z } = place
  const b = a * Math.sqrt(1 - es)
  const flat = Math.hypot(x, y)
  const theta = Math.atan2(z * a, flat * b)
  const sin = Math.sin(theta)
  const cos = Math.cos(theta)
  place.x = Math.atan2(y, x)
  place.y = Math.atan2(z + (es / (1 - es)) * b * sin ** 3, flat - es * a * cos ** 3)
  place.z = 0
}
