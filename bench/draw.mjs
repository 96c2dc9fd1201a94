// What drawing costs: milliseconds for a tile of 256 x 256 pixels with 600 and with 4,700 polygons (fill and outline), and its PNG.
// Also as a ratio to a calibration loop in the same process: compare ratios between runs and machines, not milliseconds.
// Run `node scripts/build.mjs && node bench/draw.mjs`.
import { startPngEncoder } from '../dist/formats/images/png.js'
import { writeEwkb } from '../dist/geo/ewkb.js'
import { openCanvas } from '../dist/render/canvas.js'
import { paintLayer } from '../dist/render/draw-features.js'
import { startDrawKernel } from '../dist/render/kernels/draw-kernel.js'
import { planStyle } from '../dist/render/plan-style.js'
import { oidOfKind } from '../dist/rows/pg-types.js'
import { RowBuilder } from '../dist/rows/row-builder.js'
import { defaultStyle } from '../dist/styles/default-style.js'

const size = 256
const rounds = 30

/** The least of many runs: what the machine can do when nobody disturbs it. */
function least(work) {
  let best = Infinity
  for (let i = 0; i < rounds; i++) {
    const start = performance.now()
    work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

/** A million hashed numbers: about the arithmetic of a picture, without its memory. */
function calibration() {
  let state = 1
  for (let i = 0; i < 1_000_000; i++) state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i
  return state
}

/** Parcels in rows and columns whose corners are moved: neighbours share their borders, as in a land register. About 18 vertices each. */
function parcels(count) {
  let state = 2154
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const side = Math.ceil(Math.sqrt(count))
  const cell = size / side
  const steps = 4
  const nodes = new Map()
  const node = (i, j) => {
    const key = i * 100_000 + j
    if (!nodes.has(key)) nodes.set(key, [((i + (random() - 0.5) * 0.6) / steps) * cell, ((j + (random() - 0.5) * 0.6) / steps) * cell])
    return nodes.get(key)
  }
  const builder = new RowBuilder({ columns: [{ name: 'geom', kind: 'geometry', oid: oidOfKind.geometry }] })
  for (let k = 0; k < count; k++) {
    const [i, j] = [(k % side) * steps, Math.floor(k / side) * steps]
    const ring = []
    for (let s = 0; s < steps; s++) ring.push(node(i + s, j))
    for (let s = 0; s < steps; s++) ring.push(node(i + steps, j + s))
    for (let s = 0; s < steps; s++) ring.push(node(i + steps - s, j + steps))
    for (let s = 0; s < steps; s++) ring.push(node(i, j + steps - s))
    ring.push(ring[0])
    builder.row([writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: [Float64Array.from(ring.flat())] })])
  }
  return builder.take()
}

const kernel = startDrawKernel()
const encode = startPngEncoder()
const unit = least(calibration)
const show = (name, ms) =>
  console.log(`${name.padEnd(44)} ${ms.toFixed(2).padStart(8)} ms ${(ms / unit).toFixed(2).padStart(8)} x calibration`)
show('calibration loop', unit)

for (const count of [600, 4700]) {
  const batch = parcels(count)
  const scale = { scaleDenominator: count > 1000 ? 20_000 : 7_000, pixelRatio: 1 }
  const { passes } = planStyle(defaultStyle('parcelles', 'POLYGON'), scale).runs[0]
  const paint = passes => {
    const canvas = openCanvas(size, size, 0xffffff, kernel)
    const painter = paintLayer(canvas, { passes, scale, geometry: 'geom', tolerance: 0.1, compilerFor: () => ({}), icons: {} })
    painter.place({ kind: 'affine', originX: 0, originY: 0, pixelsPerX: 1, pixelsPerY: 1 })
    painter.draw(batch)
    painter.finish()
    return canvas.finish()
  }
  show(
    `${count} polygons, fill`,
    least(() => paint(passes.slice(0, 1))),
  )
  show(
    `${count} polygons, fill and outline`,
    least(() => paint(passes)),
  )
  const rgba = paint(passes)
  show(
    `PNG of it, ${encode(rgba, size, size).length} bytes`,
    least(() => encode(rgba, size, size)),
  )
}
