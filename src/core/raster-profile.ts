import type { RasterSource } from './atlas.js'
import type { RasterStore } from './ports.js'
import { Problem } from './problem.js'
import { type BandValue, type Sampling, sampleMosaic } from './sample-raster.js'

/** One place of a profile. */
export interface ProfilePoint {
  /** Along the line from its start, in units of its CRS. */
  readonly distance: number
  readonly x: number
  readonly y: number
  /** Absent where there is nothing. */
  readonly values?: readonly BandValue[]
}

export interface ProfileOptions {
  /** Places along the line, both ends among them. */
  readonly count: number
  readonly sampling?: Sampling
  readonly signal?: AbortSignal
}

const mostPoints = 10_000
/** Places that are read at once: neighbours share their blocks. */
const atOnce = 16

/**
 * Values along a line of x,y pairs in `crs`, at even distances. Throws `invalid-parameter` for a line without length or too many places.
 */
export async function rasterProfile(
  store: RasterStore,
  source: Pick<RasterSource, 'mosaic' | 'bands'>,
  line: { readonly crs: string; readonly coordinates: Float64Array },
  { count, sampling = 'nearest', signal }: ProfileOptions,
): Promise<readonly ProfilePoint[]> {
  if (!(Number.isInteger(count) && count >= 2 && count <= mostPoints))
    throw new Problem('invalid-parameter', `A profile has 2 to ${mostPoints} places; ${count} were asked.`)
  const places = placesAlong(line.coordinates, count)
  const points: ProfilePoint[] = []
  for (let start = 0; start < places.length; start += atOnce) {
    signal?.throwIfAborted()
    const read = places.slice(start, start + atOnce).map(async (place): Promise<ProfilePoint> => {
      const values = await sampleMosaic(store, source, { crs: line.crs, x: place.x, y: place.y }, { sampling, signal })
      return values ? { ...place, values } : place
    })
    points.push(...(await Promise.all(read)))
  }
  return points
}

function placesAlong(line: Float64Array, count: number): readonly ProfilePoint[] {
  const lengths = [0]
  for (let i = 2; i + 1 < line.length; i += 2)
    lengths.push(lengths[lengths.length - 1] + Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]))
  const whole = lengths[lengths.length - 1]
  if (!(whole > 0 && Number.isFinite(whole)))
    throw new Problem('invalid-parameter', 'A profile needs a line of two different places at least.')
  let piece = 1
  return Array.from({ length: count }, (_, i) => {
    const distance = (whole * i) / (count - 1)
    while (piece < lengths.length - 1 && lengths[piece] < distance) piece++
    const share = (distance - lengths[piece - 1]) / (lengths[piece] - lengths[piece - 1] || 1)
    const [ax, ay, bx, by] = line.subarray(2 * piece - 2, 2 * piece + 2)
    return { distance, x: ax + (bx - ax) * share, y: ay + (by - ay) * share }
  })
}
