import t from 'tap'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox, transformBetween } from '#geo/transform.js'
import { placeOtherCrs } from '#render/place-source.js'
import { type PatchedPlacement, patchNumbers, putPatch } from '#render/placement.js'
import { seeded } from '../support/seeded.js'

/** Powers of u and v as the coefficients stand: 1, u, … u⁴, v, vu … v⁴. */
const powers = [0, 1, 2, 3, 4].flatMap(v => Array.from({ length: 5 - v }, (_, u) => [u, v] as const))

/** Where a placement puts a point of the source; undefined where it has no patch. */
function placed(placement: PatchedPlacement, x: number, y: number): readonly [number, number] | undefined {
  const { size } = placement.patches
  const patch = new Float64Array(patchNumbers)
  const [column, row] = [Math.floor(x / size), Math.floor(y / size)]
  if (!putPatch(placement, column, row, patch)) return undefined
  const [u, v] = [(x / size - column) * 2 - 1, (y / size - row) * 2 - 1]
  const sum = (k: number) => powers.reduce((all, [i, j], at) => all + patch[2 * (at + 1) + k] * u ** i * v ** j, patch[k])
  return [sum(0), sum(1)]
}

const around = ([minX, minY, maxX, maxY]: Bbox) => ({
  inX: (s: number) => minX + s * (maxX - minX),
  inY: (s: number) => minY + s * (maxY - minY),
})

t.test('coordinates of a source to pixels, within a thirtieth of a pixel', t => {
  const random = seeded(6)
  for (const [from, crs, bbox, size] of [
    ['EPSG:2154', 'EPSG:3857', [260_000, 6_250_000, 260_012.8, 6_250_012.8], 256],
    ['EPSG:2154', 'EPSG:3857', [200_000, 5_200_000, 800_000, 5_800_000], 1024],
    ['EPSG:4326', 'EPSG:2154', [0, 6e6, 1.2e6, 7.2e6], 800],
    ['EPSG:4326', 'EPSG:3857', [-20037508.34, -20037508.34, 20037508.34, 20037508.34], 512],
    ['EPSG:3857', 'EPSG:3035', [3e6, 2e6, 5e6, 4e6], 600],
  ] as const) {
    const source = transformBbox(bbox, crs, from)!
    const placement = placeOtherCrs({ crs, bbox, width: size, height: size }, from, source)
    const { point } = transformBetween(from, crs)
    const { inX, inY } = around(source)
    let [worst, asked] = [0, 0]
    for (let i = 0; i < 1000; i++) {
      const [x, y] = [inX(random()), inY(random())]
      const at = placed(placement, x, y)
      if (!at) asked++
      const there = point(x, y)!
      const [c, r] = [((there[0] - bbox[0]) * size) / (bbox[2] - bbox[0]), ((bbox[3] - there[1]) * size) / (bbox[3] - bbox[1])]
      for (const [pixelX, pixelY] of [at ?? [c, r], placement.locate(x, y)!]) worst = Math.max(worst, Math.hypot(pixelX - c, pixelY - r))
    }
    t.ok(worst < 0.03, `${from} to ${crs}: ${worst} px`)
    t.ok(asked < 400, `${from} to ${crs}: ${asked} of 1000 without a patch`)
  }
  t.end()
})

t.test('squares, steps and what is in them are the same on all maps of a scale', t => {
  const random = seeded(7)
  const place = (column: number, size: number) => {
    const bbox: Bbox = [240_000 + column * 7, 6_040_000 - size * 7, 240_000 + (column + size) * 7, 6_040_000]
    return placeOtherCrs({ crs: 'EPSG:3857', bbox, width: size, height: size }, 'EPSG:2154', transformBbox(bbox, 'EPSG:3857', 'EPSG:2154')!)
  }
  const [one, other] = [place(0, 1024), place(512, 256)]
  t.equal(one.step, other.step)
  t.equal(one.patches.size, other.patches.size)
  const { inX, inY } = around(other.clip)
  for (let i = 0; i < 200; i++) {
    const [x, y] = [inX(random()), inY(random())]
    const [a, b] = [placed(one, x, y)!, placed(other, x, y)!]
    if (Math.abs(a[0] - 512 - b[0]) > 1e-8 || Math.abs(a[1] - b[1]) > 1e-8) t.fail(`${a} and ${b} at ${x} ${y}`)
  }
  t.end()
})

t.test('on a map across the antimeridian both sides are drawn where they belong', t => {
  const turn = 2 * 20037508.342789244
  for (const [world, box, column] of [
    [0, [170, -5, 180, 5], 92.43],
    [-turn, [-180, -5, -170, 5], 315.07],
    // over the edge: longitudes run on
    [0, [170, -5, 190, 5], 92.43],
  ] as const) {
    const frame = { crs: 'EPSG:3857', bbox: [18e6 + world, -1e6, 22e6 + world, 1e6] as const, width: 400, height: 200 }
    const placement = placeOtherCrs(frame, 'EPSG:4326', box)
    const x = box[0] < 0 ? -170 : 170
    for (const at of [placed(placement, x, 0), placement.locate(x, 0)])
      t.ok(at && Math.abs(at[0] - column) < 0.05 && Math.abs(at[1] - 100) < 0.05, `${box}: ${at}`)
  }
  t.end()
})

t.test('where there is nothing beyond, nothing is looked at beyond', t => {
  const bbox: Bbox = [-20037508.34, -20037508.34, 20037508.34, 20037508.34]
  const { clip } = placeOtherCrs({ crs: 'EPSG:3857', bbox, width: 256, height: 256 }, 'EPSG:4326', [-180, -85, 180, 85])
  t.same([clip[1], clip[3]], [-85, 85])
  t.end()
})
