import t from 'tap'
import type { Resampling } from '#render/resampling.js'
import { planWarp, type WarpPiece } from '#render/warp.js'
import { startWarpKernel } from '#render/warp-kernel.js'
import { seeded } from '../support/seeded.js'

const kernel = startWarpKernel()
const shape = (width: number, height: number, levels = 1) => ({
  width,
  height,
  levels: Array.from({ length: levels }, (_, i) => ({ width: Math.ceil(width / 2 ** i), height: Math.ceil(height / 2 ** i) })),
})
const area = (pieces: readonly WarpPiece[]) =>
  pieces.flatMap(({ cells }) => cells).reduce((sum, { width, height }) => sum + width * height, 0)

t.test('a map of the same grid is one cell, read pixel by pixel', t => {
  const [piece, ...others] = planWarp(shape(1000, 800, 3), { width: 100, height: 50 }, (x, y) => [x + 300, y + 200], true)
  t.same(others, [])
  t.match(piece, { level: 0, factor: 1, window: { left: 298, top: 198, width: 104, height: 54 } })
  t.same(piece.cells, [{ left: 0, top: 0, width: 100, height: 50, corners: [2, 2, 102, 2, 2, 52, 102, 52] }])
  t.end()
})

t.test('levels follow the scale, and what no level offers is reduced', t => {
  const at = (scale: number, levels: number) => {
    const [{ level, factor }] = planWarp(shape(4096, 4096, levels), { width: 100, height: 100 }, (x, y) => [x * scale, y * scale], true)
    return [level, factor]
  }
  t.same(at(0.2, 3), [0, 1])
  t.same(at(1, 3), [0, 1])
  t.same(at(1.9, 3), [1, 1])
  t.same(at(4, 3), [2, 1])
  t.same(at(20, 3), [2, 5])
  t.same(at(20, 1), [0, 20])
  t.end()
})

t.test('curved maps are cut into cells that are right to a twentieth of a pixel', t => {
  const locate = (x: number, y: number) => [1000 + x * 1.2 + y * 0.1 + (x * y) / 900, 900 + y * 1.1 + (x * x) / 1500] as const
  const pieces = planWarp(shape(9000, 9000), { width: 700, height: 300 }, locate, false)
  t.equal(area(pieces), 700 * 300, 'every pixel belongs to one cell')
  let worst = 0
  for (const { box, window, cells } of pieces)
    for (const { left, top, width, height, corners } of cells)
      for (const [u, v] of [
        [0.25, 0.25],
        [0.5, 0.5],
        [0.8, 0.3],
      ]) {
        const [x, y] = locate(box.left + left + u * width, box.top + top + v * height)
        const mix = (i: number) =>
          (corners[i] * (1 - u) + corners[i + 2] * u) * (1 - v) + (corners[i + 4] * (1 - u) + corners[i + 6] * u) * v
        worst = Math.max(worst, Math.hypot(mix(0) + window.left - x, mix(1) + window.top - y))
      }
  t.ok(worst < 0.07, `off by ${worst}`)
  t.ok(pieces.flatMap(({ cells }) => cells).length < 4500, 'in cells of many pixels')
  t.end()
})

t.test('memory stays bounded whatever is asked', t => {
  const hostile = {
    huge: planWarp(shape(2e6, 2e6), { width: 8192, height: 4096 }, (x, y) => [x * 200, y * 400], true),
    stretched: planWarp(shape(2e6, 2e6), { width: 600, height: 600 }, (x, y) => [x * 3000, y * 0.01], true),
    twisted: planWarp(
      shape(2e5, 2e5),
      { width: 300, height: 300 },
      (x, y) => [1e5 + 9e4 * Math.sin(x / 3), 1e5 + 9e4 * Math.cos(y / 2)],
      false,
    ),
  }
  for (const [name, pieces] of Object.entries(hostile)) {
    t.ok(pieces.length > 0, name)
    for (const { window, factor } of pieces)
      t.ok((window.width / factor) * (window.height / factor) <= 4.3e6, `${name}: ${window.width} x ${window.height} by ${factor}`)
  }
  t.end()
})

t.test('a map beside the raster, or one that leads nowhere, needs nothing', t => {
  t.same(
    planWarp(shape(100, 100), { width: 500, height: 500 }, (x, y) => [x + 5000, y], true),
    [],
  )
  t.same(
    planWarp(shape(100, 100), { width: 500, height: 500 }, (x, y) => [x - 5000, y], false),
    [],
  )
  t.same(
    planWarp(shape(100, 100), { width: 500, height: 500 }, () => undefined, false),
    [],
  )
  const half = planWarp(shape(100, 100), { width: 64, height: 64 }, (x, y) => (x < 31.2 ? [x, y] : undefined), false)
  t.equal(area(half), 31 * 64, 'up to the pixel where the projection ends')
  t.end()
})

/** Runs the kernel on one cell. */
function warp(
  source: Uint32Array,
  width: number,
  out: number,
  corners: number[],
  resampling: Resampling,
  extent?: readonly [number, number, number, number],
) {
  const height = source.length / width
  t.ok(kernel.layOut({ width, height }, { width: out, height: out }))
  kernel.source().set(source)
  kernel.warp({ left: 0, top: 0, width: out, height: out, corners }, extent ?? [0, 0, width, height], resampling)
  return kernel.output().slice()
}

t.test('aligned pixels are copied exactly, smooth or not', t => {
  const random = seeded(5)
  const source = Uint32Array.from({ length: 40 * 40 }, () => (Math.floor(random() * 2 ** 24) | 0xff000000) >>> 0)
  for (const resampling of ['bilinear', 'nearest', 'cubic', 'average', 'mode', 'lanczos'] as const) {
    const out = warp(source, 40, 30, [4, 6, 34, 6, 4, 36, 34, 36], resampling)
    t.same(
      Array.from(out),
      Array.from({ length: 900 }, (_, i) => source[(6 + Math.floor(i / 30)) * 40 + 4 + (i % 30)]),
    )
  }
  t.end()
})

t.test('between pixels all four channels are weighted, and borders repeat', t => {
  const source = Uint32Array.of(0x00000000, 0xff804020, 0xff804020, 0x00000000)
  const [middle] = warp(source, 2, 1, [0.5, 0.5, 1.5, 0.5, 0.5, 1.5, 1.5, 1.5], 'bilinear')
  t.same([middle >>> 24, (middle >> 16) & 255, (middle >> 8) & 255, middle & 255], [128, 64, 32, 16])
  const quarter = warp(Uint32Array.of(0xff000000, 0xffffffff), 2, 1, [0.25, 0, 1.25, 0, 0.25, 1, 1.25, 1], 'bilinear')
  t.equal(quarter[0] & 255, 64)
  const edge = warp(Uint32Array.of(0xff000011, 0xff000099), 2, 1, [-0.4, 0, 0.6, 0, -0.4, 1, 0.6, 1], 'bilinear')
  t.equal(edge[0] & 255, 0x11, 'the first half pixel is the first pixel')
  t.end()
})

t.test('outside the raster nothing is drawn', t => {
  const source = new Uint32Array(16).fill(0xffffffff)
  const out = warp(source, 4, 8, [-2, -2, 6, -2, -2, 6, 6, 6], 'bilinear')
  t.same(
    Array.from(out, color => (color ? 1 : 0)),
    Array.from({ length: 64 }, (_, i) => (i % 8 >= 2 && i % 8 < 6 && i >= 16 && i < 48 ? 1 : 0)),
  )
  t.end()
})
