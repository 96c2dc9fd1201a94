import t from 'tap'
import { writeEwkb } from '#geo/ewkb.js'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import { type Pen, type PreparedImage, type PreparedPattern, penReach, usePen } from '#render/pens.js'
import { prepareMark } from '#render/prepare-mark.js'
import { prepareTexture } from '#render/prepare-texture.js'
import { line, multi, point, polygon } from '../support/drawing.js'
import { drawPens, ink } from '../support/pens.js'
import { pick, seeded } from '../support/seeded.js'

const [width, height] = [64, 64]
const mark = prepareMark('star', { size: 9, fill: ink.rgba, outline: { rgba: ink.rgba, width: 1, dashes: [2, 1] } })!
const image: PreparedImage = { kind: 'image', width: 3, height: 3, bytes: new Uint8Array(36).fill(255) }
const kernel = startDrawKernel()
const scratch = startDrawKernel()

function longLine(count: number, at: (i: number) => [number, number]): Uint8Array {
  const coordinates = new Float64Array(count * 2)
  for (let i = 0; i < count; i++) coordinates.set(at(i), i * 2)
  return writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates })
}

const everything = multi(
  'GeometryCollection',
  point(30, 30),
  line([-1e9, 10], [1e9, 30]),
  line([5, 5], [60, 60], [60, 5], [5, 5]),
  line([7, 7], [7, 7]),
  polygon([
    [10, 10],
    [50, 12],
    [40, 55],
    [10, 10],
  ]),
  polygon([
    [10, 10],
    [10, 10],
    [10, 10],
    [10, 10],
  ]),
)

t.test('numbers that make no sense draw nothing, or something bounded, and the kernel draws on', async t => {
  const values = [Number.NaN, 0, -0, -5, 1e-9, 1e9, 1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3]
  const random = seeded(111)
  const some = () => pick(random, values)
  const before = drawPens({ width, height, pens: [{ kind: 'graphic', classes: 7, graphic: mark }], geometries: [everything], kernel })
  for (let i = 0; i < 80; i++) {
    const dashes = Array.from({ length: Math.floor(random() * 5) }, some)
    const hatch: PreparedPattern = {
      kind: 'hatch',
      rgba: ink.rgba,
      angle: some(),
      spacing: some(),
      width: some(),
      offset: some(),
      dashes,
      dashOffset: some(),
    }
    const texture = prepareTexture(scratch, {
      pen: { graphic: image, rotation: some() },
      margin: [some(), some()],
      stagger: some(),
    })
    const paint = { kind: 'pattern', pattern: pick(random, [hatch, texture]), opacity: some() } as const
    const placed = { rotation: some(), opacity: some(), anchor: [some(), some()], displacement: [some(), some()] } as const
    const sized = prepareMark('circle', { size: some(), fill: ink.rgba, outline: { rgba: ink.rgba, width: some(), dashes } })!
    const graphic = pick(random, [mark, image, sized])
    const pens: Pen[] = [
      { kind: 'fill', classes: 4, paint, displacement: [some(), some()] },
      {
        kind: 'stroke',
        classes: 6,
        paint: ink,
        width: some(),
        dashes,
        dashOffset: some(),
        offset: some(),
        cap: pick(random, ['butt', 'round', 'square']),
      },
      {
        kind: 'graphic',
        classes: 7,
        graphic,
        part: pick(random, [undefined, 'vertices', 'centroid', 'middle']),
        isTurned: true,
        ...placed,
      },
      { kind: 'graphic-stroke', classes: 6, graphic, gap: some(), initialGap: some(), offset: some(), ...placed },
    ]
    for (const pen of pens) t.ok(penReach(pen) >= 0 && penReach(pen) < 1e6)
    drawPens({ width, height, pens, geometries: [everything], kernel })
  }
  const after = drawPens({ width, height, pens: [{ kind: 'graphic', classes: 7, graphic: mark }], geometries: [everything], kernel })
  t.equal(Buffer.compare(before.rgba, after.rgba), 0)
})

t.test('broken bytes do no harm, whatever the pen', async t => {
  const random = seeded(112)
  const pens: Pen[] = [
    { kind: 'stroke', classes: 6, paint: ink, width: 2, dashes: [3, 2], offset: 2 },
    { kind: 'graphic', classes: 7, graphic: mark, part: 'vertices', isTurned: true },
    { kind: 'graphic', classes: 7, graphic: image },
    { kind: 'graphic-stroke', classes: 6, graphic: image, gap: 1 },
  ]
  drawPens({ width, height, pens, geometries: [everything], kernel })
  for (const pen of pens) {
    usePen(kernel, pen, 0)
    const { exports } = kernel
    for (let i = 0; i < 3000; i++) {
      const bytes = everything.slice(0, 1 + Math.floor(random() * everything.length))
      for (let k = 0; k < i % 5; k++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      exports.layInput(bytes.length)
      const at = exports.inputAt()
      new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes)
      exports.draw(at, bytes.length)
    }
  }
  t.ok(kernel.exports.memory.buffer.byteLength < 3e7, 'no memory was taken for counts that lie')
})

t.test('lines far out and lines of a million points cost what shows, not what they are long', async t => {
  const pens: Pen[] = [
    { kind: 'stroke', classes: 6, paint: ink, width: 1, dashes: [0.2, 0.2] },
    { kind: 'stroke', classes: 6, paint: ink, width: 1, dashes: [1e-9, 1e-9] },
    { kind: 'stroke', classes: 6, paint: ink, width: 1, dashes: [1e9, 3, 1e-9, 7], cap: 'round' },
    { kind: 'stroke', classes: 6, paint: ink, width: 2, offset: 8, join: 'round' },
    { kind: 'graphic-stroke', classes: 6, graphic: mark, gap: -1e9 },
    { kind: 'graphic', classes: 6, graphic: mark, part: 'vertices' },
  ]
  const far = line([-1e12, 20], [1e12, 40], [1e12, 1e12], [-1e12, -1e12])
  const spiral = longLine(200_000, i => [32 + (i / 7000) * Math.cos(i), 32 + (i / 7000) * Math.sin(i)])
  const away = longLine(1_000_000, i => [i * 10, 5000 + (i % 7)])
  for (const pen of pens) {
    const drawn = drawPens({ width, height, pens: [pen], geometries: [far, away], kernel })
    t.ok(drawn.rgba.length)
  }
  // where each of many dashes does show there is a limit, and the rest is drawn through
  const dense = drawPens({ width, height, pens: [pens[0]], geometries: [spiral], kernel })
  t.ok(dense.alpha(32, 32) > 0)
})

t.test('dashes too fine to be seen are their average', async t => {
  const drawn = (dashes: number[]) =>
    drawPens({
      width,
      height,
      pens: [{ kind: 'stroke', classes: 2, paint: ink, width: 4, dashes }],
      geometries: [line([0, 32], [64, 32])],
      kernel,
    })
  t.equal(drawn([1e-9, 3e-9]).alpha(30, 31), 64)
  t.equal(drawn([1e-300, 0]).alpha(30, 31), 255)
  t.equal(drawn([0, 5]).alpha(30, 31), 0)
  const fine = drawn([0.2, 0.2])
  t.equal(Math.round((fine.alpha(30, 31) + fine.alpha(31, 31)) / 2), 128, 'and the finest that are drawn come to the same')
})

t.test('graphics that are too large are refused', async t => {
  const bytes = new Uint8Array((1 << 22) + 4)
  const huge: PreparedImage = { kind: 'image', width: 1 << 20, height: 1, bytes }
  t.throws(() => usePen(kernel, { kind: 'graphic', classes: 1, graphic: huge }, 0), { name: 'RenderError', reason: 'too-large' })
})
