import { EwkbError, ewkbBbox, ewkbType, readEwkb } from '#geo/ewkb.js'
import type { RowBatch } from '#rows/batch.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import type { Locate } from '../kernels/draw-kernel.js'
import { unitsPerPixel } from './units.js'

/** What the points of a layer are taken from. */
export interface CloudSource {
  /** Name of the geometry column. */
  readonly geometry: string
  /** Absolute position of what is drawn, in whole pixels. */
  readonly phase: readonly [x: number, y: number]
}

/** A point of a row, in whole absolute units. `row` stands at `index`, whose geometry is `ewkb`. */
export type UseCloudPoint = (x: number, y: number, row: RowView, index: number, ewkb: Uint8Array) => void

/** Tells all points of a batch. `locate` answers with pixels of what is drawn, and with nothing for points that do not count. Hot. */
export function eachCloudPoint(batch: RowBatch, { geometry, phase }: CloudSource, locate: Locate, use: UseCloudPoint): void {
  const [phaseX, phaseY] = [phase[0] * unitsPerPixel, phase[1] * unitsPerPixel]
  const own = columnIndex(batch.schema.columns, geometry)
  const view = new RowView(batch)
  let index = 0
  let ewkb: Uint8Array | undefined
  const take = (x: number, y: number) => {
    const at = ewkb && locate(x, y)
    if (at) use(Math.round(at[0] * unitsPerPixel) + phaseX, Math.round(at[1] * unitsPerPixel) + phaseY, view, index, ewkb!)
  }
  for (; index < batch.count; index++) {
    ewkb = view.at(index).bytes(own)
    if (ewkb) eachPlace(ewkb, take)
  }
}

/** The points that a geometry (EWKB) counts as: each of a MultiPoint, of all but points the middle of the box. Of broken and empty ones none. */
function eachPlace(ewkb: Uint8Array, use: (x: number, y: number) => void): void {
  try {
    const { kind } = ewkbType(ewkb)
    if (kind === 'MultiPoint') {
      const geometry = readEwkb(ewkb)
      if (geometry.kind === 'MultiPoint')
        for (const part of geometry.parts)
          if (part.kind === 'Point' && part.coordinates.length > 0) use(part.coordinates[0], part.coordinates[1])
      return
    }
    const box = ewkbBbox(ewkb)
    if (box) use((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
  } catch (error) {
    if (!(error instanceof EwkbError)) throw error
  }
}
