import t from 'tap'
import type { Bbox } from '#geo/bbox.js'
import { transformBetween } from '#geo/transform.js'
import { openCanvas } from '#render/canvas.js'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import { type Pen, usePen } from '#render/pens.js'
import { placeOtherCrs } from '#render/place-source.js'
import { mostGridNodes } from '#render/placement.js'
import { prepareMark } from '#render/prepare-mark.js'
import { line, polygon } from '../support/drawing.js'
import { alphaDistance, ink, type PenPicture } from '../support/pens.js'
import { seeded } from '../support/seeded.js'

const metresPerPixel = 200
const [left, top] = [240_000, 6_040_000]
const kernel = startDrawKernel()

/** Degrees on a map in Web Mercator, by a control grid over what shows and 20 pixels more. */
function draw(column: number, row: number, size: number, pen: Pen, geometries: readonly Uint8Array[]): PenPicture {
  const [x, y] = [left + column * metresPerPixel, top - row * metresPerPixel]
  const bbox: Bbox = [x, y - size * metresPerPixel, x + size * metresPerPixel, y]
  const margin = 20 * metresPerPixel
  const { point } = transformBetween('EPSG:3857', 'EPSG:4326')
  const [from, to] = [point(bbox[0] - margin, bbox[1] - margin)!, point(bbox[2] + margin, bbox[3] + margin)!]
  const box: Bbox = [from[0], from[1], to[0], to[1]]
  const placed = placeOtherCrs({ crs: 'EPSG:3857', bbox, width: size, height: size }, 'EPSG:4326', box)
  if (placed.kind !== 'grid') throw new Error('a grid was expected')
  const canvas = openCanvas(size, size, undefined, kernel)
  canvas.reserve(0, mostGridNodes, true)
  const { exports } = kernel
  kernel.setLocate(placed.locate)
  exports.useClip(...box)
  new Float64Array(exports.memory.buffer, exports.gridAt(), placed.nodes.length).set(placed.nodes)
  const perX = placed.columns / (box[2] - box[0])
  exports.useGrid(box[0], box[1], perX, placed.rows / (box[3] - box[1]), placed.columns, placed.rows)
  usePen(kernel, pen, 0)
  for (const geometry of geometries) {
    exports.layInput(geometry.length)
    const at = exports.inputAt()
    new Uint8Array(exports.memory.buffer, at, geometry.length).set(geometry)
    exports.draw(at, geometry.length)
  }
  const rgba = canvas.finish()
  return { width: size, height: size, rgba, alpha: (px, py) => rgba[(py * size + px) * 4 + 3] }
}

t.test('in another CRS, too, dashes and graphics go on from tile to tile', async t => {
  const random = seeded(121)
  const near = () => [1.8 + random() * 1.8, 46.7 + random() * 1.2]
  const ring = Array.from({ length: 7 }, near)
  const geometries = [
    line(...Array.from({ length: 20 }, near)),
    line([0, 47], [2.5, 47.3], [2.4, 47.6], [6, 48]),
    polygon([...ring, ring[0]]),
  ]
  const arrow = prepareMark('arrow', { size: 9, fill: ink.rgba })!
  const pens: Record<string, Pen> = {
    dashes: { kind: 'stroke', classes: 6, paint: ink, width: 2, dashes: [9, 5] },
    'graphics along lines': { kind: 'graphic-stroke', classes: 6, graphic: arrow, gap: 8, rotation: 90 },
    'inner points': { kind: 'graphic', classes: 6, graphic: arrow },
    centroids: { kind: 'graphic', classes: 6, graphic: arrow, part: 'centroid' },
    vertices: { kind: 'graphic', classes: 6, graphic: arrow, part: 'vertices', isTurned: true },
  }
  for (const [name, pen] of Object.entries(pens)) {
    const whole = draw(0, 0, 384, pen, geometries)
    const joined = new Uint8Array(whole.rgba.length)
    for (let row = 0; row < 384; row += 128)
      for (let column = 0; column < 384; column += 128) {
        const tile = draw(column, row, 128, pen, geometries)
        for (let y = 0; y < 128; y++) joined.set(tile.rgba.subarray(y * 512, y * 512 + 512), ((row + y) * 384 + column) * 4)
      }
    const { mean, off } = alphaDistance({ ...whole, rgba: joined }, whole)
    t.ok(whole.rgba.some(v => v > 0))
    // control grids are exact to 0.05 pixels each; along a line that adds up
    t.ok(mean < 0.003 && off < 0.0001, `${name}: ${mean.toFixed(5)} ${off.toFixed(5)}`)
  }
})
