import type { Bbox } from '#geo/bbox.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import { openIconBook } from '#render/brushes/icon-book.js'
import { openCanvas } from '#render/canvas.js'
import { type LayerSummary, paintLayer } from '#render/draw-features.js'
import { createIconShelf } from '#render/icon-shelf.js'
import { type DrawKernel, startDrawKernel } from '#render/kernels/draw-kernel.js'
import { placeInMapCrs } from '#render/place-source.js'
import type { RowBatch } from '#rows/batch.js'
import { oidOfKind } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import type { StylePass, Symbolizer } from '#styles/style.js'

const refuse = () => {
  throw new Error('Nothing here is computed for each feature.')
}
const compilerFor = () => ({ filter: refuse, expression: refuse })
const icons = openIconBook(createIconShelf({ load: refuse }))
const spareKernel = () => startDrawKernel()

type Position = readonly number[]

const flat = (positions: readonly Position[]) => Float64Array.from(positions.flat())

/** EWKB of a polygon from its rings (x,y in order, the last point repeats the first). */
export const polygon = (...rings: readonly (readonly Position[])[]) =>
  writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: rings.map(flat) })
export const line = (...positions: readonly Position[]) => writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: flat(positions) })
export const point = (x: number, y: number) => writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: flat([[x, y]]) })
export const multi = (kind: 'MultiPolygon' | 'MultiLineString' | 'MultiPoint' | 'GeometryCollection', ...parts: readonly Uint8Array[]) =>
  writeEwkb({ kind, dimensions: 'xy', parts: parts.map(part => readEwkb(part)) } as Parameters<typeof writeEwkb>[0])

/** Rows of one geometry column behind an attribute. */
export function batchOf(geometries: readonly (Uint8Array | null)[]): RowBatch {
  const columns = [
    { name: 'name', kind: 'text', oid: oidOfKind.text },
    { name: 'geom', kind: 'geometry', oid: oidOfKind.geometry },
  ] as const
  const builder = new RowBuilder({ columns })
  geometries.forEach((geometry, i) => {
    builder.row([`row ${i}`, geometry])
  })
  return builder.take()
}

export interface Drawing {
  readonly width: number
  readonly height: number
  /** In pixels, y down, when absent. */
  readonly bbox?: Bbox
  readonly passes: readonly StylePass[]
  readonly geometries: readonly (Uint8Array | null)[]
  /** 0xRRGGBB; transparent when absent. */
  readonly background?: number
  readonly kernel?: DrawKernel
}

export interface Drawn extends LayerSummary {
  /** RGBA, straight alpha. */
  readonly rgba: Uint8Array
  alpha(x: number, y: number): number
}

/** Draws geometries whose coordinates are pixels (x right, y down), or those of `bbox`. */
export function draw({ width, height, bbox, passes, geometries, background, kernel = startDrawKernel() }: Drawing): Drawn {
  const canvas = openCanvas(width, height, background, kernel)
  const painter = paintLayer(canvas, {
    passes,
    scale: { scaleDenominator: 1000, pixelRatio: 1 },
    geometry: 'geom',
    compilerFor,
    icons,
    spareKernel,
    tolerance: 0.1,
  })
  painter.place(
    bbox ? placeInMapCrs({ crs: '', bbox, width, height }) : { kind: 'affine', originX: 0, originY: 0, pixelsPerX: 1, pixelsPerY: 1 },
  )
  painter.draw(batchOf(geometries))
  const summary = painter.finish()
  const rgba = canvas.finish()
  return { ...summary, rgba, alpha: (x, y) => rgba[(y * width + x) * 4 + 3] }
}

/** Premultiplied RGBA, red in the lowest byte. */
export const black = 0xff000000
const passOf = (...symbolizers: readonly Symbolizer[]): StylePass => ({ rules: [{ name: '', symbolizers }] })
const straight = (rgba: number) => {
  const opacity = (rgba >>> 24) / 255
  const channels = [0, 8, 16].map(shift => Math.round(((rgba >>> shift) & 255) / opacity))
  return { color: `#${channels.map(channel => channel.toString(16).padStart(2, '0')).join('')}`, opacity }
}

/** Passes of one symbolizer; lengths in pixels. */
export const fill = (rgba = black): StylePass => passOf({ kind: 'fill', ...straight(rgba) })
export const stroke = (width: number, isRound = true, rgba = black): StylePass =>
  passOf({
    kind: 'line',
    stroke: { ...straight(rgba), width, ...(isRound ? { cap: 'round', join: 'round' } : { cap: 'butt', join: 'mitre' }) },
  })
/** A mark in a colour over another, larger one. */
export const mark = (shape: string, size: number, rgba: number, halo: { readonly size: number; readonly rgba: number }): StylePass =>
  passOf(
    ...[halo, { size, rgba }].map(({ size, rgba }): Symbolizer => {
      const { color, opacity } = straight(rgba)
      return { kind: 'point', graphic: { shapes: [{ kind: 'mark', shape, color, opacity }], size } }
    }),
  )

/** Least and greatest difference between two pictures, channel by channel, and how many pixels differ. */
export function differenceOf(a: Uint8Array, b: Uint8Array) {
  let most = 0
  let pixels = 0
  for (let i = 0; i < a.length; i += 4) {
    let here = 0
    for (let k = 0; k < 4; k++) here = Math.max(here, Math.abs(a[i + k] - b[i + k]))
    if (here > 0) pixels++
    most = Math.max(most, here)
  }
  return { most, pixels }
}
