import t from 'tap'
import { openIconBook } from '#render/brushes/icon-book.js'
import { openCanvas } from '#render/canvas.js'
import { paintLayer } from '#render/draw-features.js'
import { createIconShelf } from '#render/icon-shelf.js'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import type { RowBatch } from '#rows/batch.js'
import { batchOf, differenceOf, draw, fill, line, polygon, stroke } from '../support/drawing.js'
import { seeded } from '../support/seeded.js'

const square = (x: number, y: number, size: number) =>
  polygon([
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ])

t.test('rows that are null, empty or broken stop none of those behind them', async t => {
  const broken = square(1, 1, 6).slice(0, 40)
  const squares = [square(2, 2, 8), square(12, 2, 8), square(2, 12, 8), square(12, 12, 8)]
  const geometries = [null, squares[0], broken, new Uint8Array(0), squares[1], null, broken, broken, squares[2], squares[3], broken, null]
  for (const passes of [[fill()], [stroke(2)], [fill(), stroke(2)]]) {
    const size = { width: 22, height: 22, passes }
    const drawn = draw({ ...size, geometries })
    t.equal(differenceOf(drawn.rgba, draw({ ...size, geometries: squares }).rgba).most, 0)
    t.same([drawn.drawn, drawn.skipped], [geometries.length - 4, 4])
  }
})

t.test('a row that breaks off is an error', async t => {
  const whole = batchOf([square(2, 2, 8), square(12, 2, 8)])
  const refuse = () => t.fail('nothing is computed or loaded') as never
  const paint = (batch: RowBatch) => {
    const painter = paintLayer(openCanvas(22, 22), {
      passes: [fill()],
      scale: { scaleDenominator: 1000, pixelRatio: 1 },
      geometry: 'geom',
      compilerFor: () => ({ filter: refuse, expression: refuse }),
      icons: openIconBook(createIconShelf({ load: refuse })),
      spareKernel: () => startDrawKernel(),
      tolerance: 0.1,
    })
    painter.place({ kind: 'affine', originX: 0, originY: 0, pixelsPerX: 1, pixelsPerY: 1 })
    painter.draw(batch)
    return painter.finish()
  }
  t.same(paint(whole), { drawn: 2, skipped: 0 })
  const end = whole.offsets[2]
  for (const [last, says] of [
    [end - 1, /breaks off in column geom/],
    [whole.offsets[1] + 2, /breaks off before column name/],
  ] as const) {
    t.throws(() => paint({ ...whole, offsets: Int32Array.of(0, whole.offsets[1], last) }), says)
  }
})

t.test('strokes on a large map are those on a small one', async t => {
  const random = seeded(77)
  const kernel = startDrawKernel()
  for (let i = 0; i < 40; i++) {
    const path = Array.from({ length: 2 + (i % 6) }, () => [Math.round(random() * 90) - 15, Math.round(random() * 90) - 15])
    const passes = [stroke(0.5 + random() * 8, i % 2 === 0)]
    // at the corners, where strokes leave the map, and in the middle
    for (const [x, y] of [
      [0, 0],
      [640, 0],
      [0, 640],
      [640, 640],
      [321, 303],
    ]) {
      const moved = line(...path.map(([px, py]) => [px + x, py + y]))
      const large = draw({ width: 700, height: 700, passes, geometries: [moved, moved], kernel })
      const small = draw({ width: 60, height: 60, passes, geometries: [line(...path), line(...path)] })
      const part = new Uint8Array(60 * 60 * 4)
      for (let row = 0; row < 60; row++) part.set(large.rgba.subarray(((y + row) * 700 + x) * 4, ((y + row) * 700 + x + 60) * 4), row * 240)
      t.equal(differenceOf(part, small.rgba).most, 0, `stroke ${i} at ${x},${y}`)
    }
  }
})
