import t from 'tap'
import type { Bbox } from '#geo/bbox.js'
import { transformBetween } from '#geo/transform.js'
import { openCanvas } from '#render/canvas.js'
import { mostPatches, startDrawKernel } from '#render/kernels/draw-kernel.js'
import { type Pen, usePen } from '#render/pens.js'
import { placeOtherCrs } from '#render/place-source.js'
import { putPatch } from '#render/placement.js'
import { prepareMark } from '#render/prepare-mark.js'
import { line, point, polygon } from '../support/drawing.js'
import { alphaDistance, ink, type PenPicture } from '../support/pens.js'
import { seeded } from '../support/seeded.js'

const metresPerPixel = 200
const [left, top] = [240_000, 6_040_000]
const kernel = startDrawKernel()

/** Degrees on a map in Web Mercator, by patches, of what shows and 20 pixels more. */
function draw(column: number, row: number, size: number, pen: Pen, geometries: readonly Uint8Array[]): PenPicture {
  const [x, y] = [left + column * metresPerPixel, top - row * metresPerPixel]
  const bbox: Bbox = [x, y - size * metresPerPixel, x + size * metresPerPixel, y]
  const margin = 20 * metresPerPixel
  const { point } = transformBetween('EPSG:3857', 'EPSG:4326')
  const [from, to] = [point(bbox[0] - margin, bbox[1] - margin)!, point(bbox[2] + margin, bbox[3] + margin)!]
  const box: Bbox = [from[0], from[1], to[0], to[1]]
  const placed = placeOtherCrs({ crs: 'EPSG:3857', bbox, width: size, height: size }, 'EPSG:4326', box)
  const canvas = openCanvas(size, size, undefined, kernel)
  canvas.reserve(0, mostPatches, true)
  const { exports } = kernel
  kernel.setPlacement({ locate: placed.locate, putPatch: (column, row, out) => putPatch(placed, column, row, out) })
  exports.useClip(...placed.clip)
  exports.usePatches(1 / placed.patches.size, 1 / placed.step)
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

t.test('in another CRS, too, a tile is what a bigger map shows there', async t => {
  const random = seeded(121)
  const near = () => [1.8 + random() * 1.8, 46.7 + random() * 1.2]
  const ring = Array.from({ length: 7 }, near)
  const walk = (length: number) => {
    let [x, y] = [1 + random() * 4, 46 + random() * 3]
    const [east, north] = [random() - 0.5, random() - 0.5]
    return line(
      ...Array.from({ length }, (): [number, number] => {
        x += 0.06 * (random() - 0.5 + east)
        y += 0.06 * (random() - 0.5 + north)
        return [x, y]
      }),
    )
  }
  const geometries = [
    line(...Array.from({ length: 20 }, near)),
    line([0, 47], [2.5, 47.3], [2.4, 47.6], [6, 48]),
    // of a thousand vertices, several in half a pixel
    line(
      ...Array.from({ length: 3000 }, (_, i): [number, number] => [1.9 + i * 0.0006, 47.2 + 0.1 * Math.sin(i / 200) + 0.0004 * random()]),
    ),
    // in and out again and again
    ...Array.from({ length: 40 }, () => walk(60)),
    // from far off to far off
    line([-60, 20], [3, 47.5], [80, 60]),
    polygon([...ring, ring[0]]),
  ]
  const arrow = prepareMark('arrow', { size: 9, fill: ink.rgba })!
  const pens: Record<string, Pen> = {
    fills: { kind: 'fill', classes: 4, paint: ink },
    strokes: { kind: 'stroke', classes: 6, paint: ink, width: 3 },
    parallels: { kind: 'stroke', classes: 6, paint: ink, width: 2, offset: 16 },
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
    t.ok(whole.rgba.some(v => v > 0))
    const { mean, off } = alphaDistance({ ...whole, rgba: joined }, whole)
    t.equal(Buffer.compare(joined, whole.rgba), 0, `${name}: ${mean.toFixed(5)} ${off.toFixed(5)}`)
  }
})

/** The same geometry, a line or a polygon, as a machine writes it that has the highest byte first: the kernel takes it position by position. */
function bigEndian(ewkb: Uint8Array): Uint8Array {
  const [from, out] = [new DataView(ewkb.buffer, ewkb.byteOffset), ewkb.slice()]
  const to = new DataView(out.buffer)
  let at = 1
  const whole = () => {
    const value = from.getUint32(at, true)
    to.setUint32(at, value)
    at += 4
    return value
  }
  to.setUint8(0, 0)
  const type = whole()
  for (let rings = (type & 0xff) === 3 ? whole() : 1; rings > 0; rings--)
    for (let numbers = 2 * whole(); numbers > 0; numbers--, at += 8) to.setFloat64(at, from.getFloat64(at, true))
  return out
}

t.test('rings and lines that are placed at once lie where each vertex for itself does', async t => {
  const random = seeded(122)
  const pens: Record<string, Pen> = {
    fills: { kind: 'fill', classes: 4, paint: ink },
    strokes: { kind: 'stroke', classes: 6, paint: ink, width: 1.5 },
    dashes: { kind: 'stroke', classes: 6, paint: ink, width: 1.5, dashes: [5, 3] },
  }
  const shape = () => {
    const [x, y, size] = [2 + random() * 2.6, 46.2 + random() * 1.6, 0.002 + random() * 0.15]
    const points = Array.from({ length: 3 + Math.floor(random() * 30) }, (): [number, number] => [x + size * random(), y + size * random()])
    return random() < 0.5 ? line(...points) : polygon([...points, points[0]])
  }
  const shapes = Array.from({ length: 400 }, shape)
  for (const [name, pen] of Object.entries(pens)) {
    const [one, other] = [draw(0, 0, 384, pen, shapes), draw(0, 0, 384, pen, shapes.map(bigEndian))]
    t.ok(one.rgba.some(v => v > 0))
    t.equal(Buffer.compare(one.rgba, other.rgba), 0, name)
  }
})

t.test('what lies beyond all squares is not taken for what lies in one', async t => {
  const marks: Pen = { kind: 'graphic', classes: 1, graphic: prepareMark('square', { size: 9, fill: ink.rgba })! }
  // a power of two beyond which the numbers of squares would come round again
  for (const [column, row] of [
    [-1, 2 ** 26],
    [1, -(2 ** 26)],
    [0, 2 ** 29],
  ] as const) {
    const { rgba } = draw(0, 0, 64, marks, [point(2.2 + column / 8, 47.6 + row / 8)])
    t.notOk(rgba.some(v => v > 0))
  }
  t.ok(draw(0, 0, 64, marks, [point(2.2, 47.6)]).rgba.some(v => v > 0))
})
