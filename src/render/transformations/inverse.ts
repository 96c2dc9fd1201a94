import { type Bbox, bufferBbox } from '#geo/bbox.js'
import { clipRings } from '#geo/clip-rings.js'
import { EwkbError, readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { linearise } from '#geo/linearise.js'
import type { RowBatch } from '#rows/batch.js'
import { oidOfKind, oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import type { Locate } from '../kernels/draw-kernel.js'
import { RenderError } from '../render-error.js'

/** What is outside of the polygons of a layer, on one map. */
export interface InversePolygons {
  /** Polygons as they come, what of them lies in `box` (units of the data); chords of curves stay as close to them as `tolerance`. */
  take(batch: RowBatch, locate: Locate, box: Bbox, tolerance: number): void
  /** One row: the box from -reach to the size of the map and `reach`, without the polygons, in pixels. */
  finish(): RowBatch
}

/** Coordinates of all rings together: more take too much memory. */
const most = 8_000_000

/** `size` of the map and how far beyond it symbols reach, pixels; names of the `geometry` and of other `columns` that the style reads, which are null. */
export function inversePolygons(
  { geometry, columns: asked }: { readonly geometry: string; readonly columns: readonly string[] },
  [width, height]: readonly [number, number],
  reach: number,
): InversePolygons {
  const shells: Float64Array[] = []
  const holes: Float64Array[] = []
  let count = 0
  const put = (ring: Float64Array, list: Float64Array[], locate: Locate) => {
    count += ring.length
    if (count > most)
      throw new RenderError('too-large', `Polygons with more than ${most / 2} points cannot be turned inside out; a smaller map can.`)
    const pixels = inPixels(ring, locate)
    if (pixels.length >= 8) list.push(pixels)
  }
  return {
    take(batch, locate, box, tolerance) {
      const own = columnIndex(batch.schema.columns, geometry)
      const view = new RowView(batch)
      for (let i = 0; i < batch.count; i++) {
        const ewkb = view.at(i).bytes(own)
        for (const rings of ewkb ? polygonsOf(ewkb, tolerance) : [])
          for (const [k, ring] of rings.entries()) for (const part of clipRings([ring], box)) put(part, k === 0 ? shells : holes, locate)
      }
    },
    finish() {
      const [left, top, right, bottom] = bufferBbox([0, 0, width, height], reach + 1)
      const box = Float64Array.of(left, top, right, top, right, bottom, left, bottom, left, top)
      // Whichever way rings are written, those of a polygon behind the first take away. What is in a hole is outside, too.
      const parts = [[box, ...shells], ...holes.map(hole => [hole])].map(rings => ({ kind: 'Polygon', dimensions: 'xy', rings }) as const)
      const columns = [
        { name: '@id', kind: 'text', oid: oids.text },
        { name: geometry, kind: 'geometry', oid: oidOfKind.geometry },
        ...asked.filter(name => name !== geometry).map(name => ({ name, kind: 'text', oid: oids.text }) as const),
      ] as const
      const builder = new RowBuilder({ columns })
      builder.row(['inverse', writeEwkb({ kind: 'MultiPolygon', dimensions: 'xy', parts })])
      return builder.take()
    },
  }
}

/** Rings of x,y pairs; of broken geometries none. */
function polygonsOf(ewkb: Uint8Array, tolerance: number): readonly (readonly Float64Array[])[] {
  try {
    return ringsOf(readEwkb(linearise(ewkb, tolerance)))
  } catch (error) {
    if (!(error instanceof EwkbError)) throw error
    return []
  }
}

function ringsOf(geometry: Geometry): readonly (readonly Float64Array[])[] {
  if ('parts' in geometry) return geometry.parts.flatMap(ringsOf)
  if (!('rings' in geometry)) return []
  const stride = geometry.dimensions.length
  return [stride === 2 ? geometry.rings : geometry.rings.map(ring => flat(ring, stride))]
}

function flat(ring: Float64Array, stride: number): Float64Array {
  const out = new Float64Array((ring.length / stride) * 2)
  for (let i = 0; i < out.length; i += 2) {
    out[i] = ring[(i / 2) * stride]
    out[i + 1] = ring[(i / 2) * stride + 1]
  }
  return out
}

/** Closed. The kernel rounds, as it does where it finds the places itself. */
function inPixels(ring: Float64Array, locate: Locate): Float64Array {
  const out: number[] = []
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const at = locate(ring[i], ring[i + 1])
    if (at && Number.isFinite(at[0] + at[1])) out.push(at[0], at[1])
  }
  const isClosed = out[0] === out.at(-2) && out[1] === out.at(-1)
  return Float64Array.from(isClosed || out.length === 0 ? out : [...out, out[0], out[1]])
}
