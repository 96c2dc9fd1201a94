// What pens cost beside the plain ones: milliseconds for a tile of 256 x 256 pixels, and as a ratio to a solid fill, stroke or mark of the same
// features in the same run. Run `node scripts/build.mjs && node bench/pens.mjs`.
import { writeEwkb } from '../dist/geo/ewkb.js'
import { openCanvas } from '../dist/render/canvas.js'
import { startDrawKernel } from '../dist/render/kernels/draw-kernel.js'
import { blendModes, usePen } from '../dist/render/pens.js'
import { prepareMark } from '../dist/render/prepare-mark.js'
import { prepareTexture } from '../dist/render/prepare-texture.js'

const size = 256
const rounds = 25
let state = 2154
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}
const at = spread => [size / 2 + (random() - 0.5) * spread, size / 2 + (random() - 0.5) * spread]

function polygonAround([x, y], radius, count) {
  const ring = []
  for (let i = 0; i < count; i++) {
    const r = radius * (0.6 + 0.4 * random())
    ring.push(x + r * Math.cos((i / count) * 2 * Math.PI), y + r * Math.sin((i / count) * 2 * Math.PI))
  }
  ring.push(ring[0], ring[1])
  return writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: [Float64Array.from(ring)] })
}

function walk(count, step) {
  let [x, y] = at(300)
  let direction = random() * 6
  const path = []
  for (let i = 0; i < count; i++) {
    path.push(x, y)
    direction += random() - 0.5
    x += Math.cos(direction) * step
    y += Math.sin(direction) * step
  }
  return writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.from(path) })
}

const many = (count, make) => Array.from({ length: count }, make)
const polygons = many(600, () => polygonAround(at(260), 9, 20))
const lines = many(1500, () => walk(25, 4))
const points = many(10_000, () => writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.from(at(280)) }))

const kernel = startDrawKernel()
const color = { kind: 'color', rgba: 0xff204080 }
const mark = prepareMark('circle', { size: 7, fill: 0xff204080 })
const outlined = prepareMark('circle', { size: 7, fill: 0xff204080, outline: { rgba: 0xff000000, width: 1 } })
const image = { kind: 'image', width: 16, height: 16, bytes: new Uint8Array(1024).map((_, i) => (i % 4 === 3 ? 255 : i % 200)) }
const arrow = prepareMark('filled_arrowhead', { size: 7, fill: 0xff000000 })
const hatch = { kind: 'hatch', rgba: 0xff204080, angle: 45, spacing: 6, width: 1.5 }
const texture = prepareTexture(startDrawKernel(), { pen: { graphic: mark }, margin: [5, 5] })
const stroke = { kind: 'stroke', classes: 6, paint: color, width: 2, join: 'round', cap: 'round' }
const graphic = { kind: 'graphic', classes: 7, graphic: mark }
const filled = pattern => ({ kind: 'fill', classes: 4, paint: { kind: 'pattern', pattern } })

const groups = [
  [
    polygons,
    {
      'solid fill': { kind: 'fill', classes: 4, paint: color },
      hatch: filled(hatch),
      texture: filled(texture),
      'inner point, mark': graphic,
    },
  ],
  [
    lines,
    {
      'solid stroke': stroke,
      dashes: { ...stroke, dashes: [6, 4], cap: 'butt' },
      parallel: { ...stroke, offset: 4 },
      'hatch through it': { ...stroke, paint: { kind: 'pattern', pattern: hatch } },
      'arrows along': { kind: 'graphic-stroke', classes: 6, graphic: arrow, gap: 12 },
    },
  ],
  [
    points,
    {
      'filled mark': graphic,
      'mark with outline': { ...graphic, graphic: outlined },
      'icon of 16 pixels': { ...graphic, graphic: image },
      'icon, turned': { ...graphic, graphic: image, rotation: 30 },
    },
  ],
]

/** The least of many runs, all in turns. */
function leastOf(works) {
  const best = works.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++)
    for (const [i, work] of works.entries()) {
      const start = performance.now()
      work()
      best[i] = Math.min(best[i], performance.now() - start)
    }
  return best
}

function paint(pen, places) {
  openCanvas(size, size, 0xffffff, kernel).reserve(0, 0, true)
  const { exports } = kernel
  exports.useAffine(0, 0, 1, 1)
  const bytes = places.reduce((sum, place) => sum + place.length, 0)
  exports.layInput(bytes)
  let to = exports.inputAt()
  const memory = new Uint8Array(exports.memory.buffer)
  for (const place of places) {
    memory.set(place, to)
    to += place.length
  }
  usePen(kernel, pen, 0)
  to = exports.inputAt()
  for (const place of places) {
    exports.draw(to, place.length)
    to += place.length
  }
}

const show = (name, ms, unit) => console.log(`${name.padEnd(28)} ${ms.toFixed(2).padStart(8)} ms ${(ms / unit).toFixed(2).padStart(8)} x`)
for (const [places, pens] of groups) {
  const names = Object.keys(pens)
  const times = leastOf(names.map(name => () => paint(pens[name], places)))
  for (const [i, name] of names.entries()) show(`${places.length} ${name}`, times[i], times[0])
}

const canvas = openCanvas(1024, 1024, 0xffffff, kernel)
canvas.reserve(1, 0)
const modes = Object.keys(blendModes)
const source = new Uint8Array(kernel.exports.memory.buffer, kernel.exports.planeAt(1), 1 << 22)
for (let i = 0; i < source.length; i++) source[i] = i % 4 === 3 ? 200 : (i * 7) % 200
const times = leastOf(modes.map(mode => () => kernel.exports.compose(1, 0, 255, blendModes[mode])))
for (const [i, mode] of modes.entries()) show(`megapixel, ${mode}`, times[i], times[0])
