import t from 'tap'
import { shelfBytes, startDrawKernel } from '#render/kernels/draw-kernel.js'
import { black, differenceOf, draw, fill, line, mark as markPass, multi, point, polygon, stroke } from '../support/drawing.js'
import { seeded } from '../support/seeded.js'

const mark = markPass('triangle', 4, black, { size: 4, rgba: black })
const passes = [fill(), stroke(3), mark]
const base = { width: 40, height: 40, passes }
const ring = [
  [5, 5],
  [35, 8],
  [20, 35],
  [5, 5],
] as const
const everything = multi('GeometryCollection', polygon(ring), line([0, 0], [40, 40]), point(20, 20), multi('MultiPolygon', polygon(ring)))

/** EWKB by hand: flags and ordinates that the writer would not put together. */
function handMade(code: number, isLittle: boolean, stride: number, positions: readonly (readonly number[])[], srid?: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(1 + 4 + (srid === undefined ? 0 : 4) + 4 + positions.length * stride))
  bytes.setUint8(0, isLittle ? 1 : 0)
  bytes.setUint32(1, code, isLittle)
  let at = 5
  if (srid !== undefined) {
    bytes.setUint32(at, srid, isLittle)
    at += 4
  }
  bytes.setUint32(at, positions.length, isLittle)
  at += 4
  for (const position of positions) for (let k = 0; k < stride / 8; k++, at += 8) bytes.setFloat64(at, position[k] ?? 1e9, isLittle)
  return new Uint8Array(bytes.buffer)
}

t.test('Z, M, both byte orders, SRIDs and ISO codes draw the same line', async t => {
  const positions = [
    [5, 5],
    [30, 12],
    [10, 33],
  ]
  const expected = draw({ ...base, geometries: [line(...positions)] }).rgba
  const variants: [string, Uint8Array][] = [
    ['big endian', handMade(2, false, 16, positions)],
    ['Z', handMade(0x80000002, true, 24, positions)],
    ['M', handMade(0x40000002, true, 24, positions)],
    ['ZM, big endian', handMade(0xc0000002, false, 32, positions)],
    ['SRID and Z', handMade(0xa0000002, true, 24, positions, 2154)],
    ['ISO Z', handMade(1002, true, 24, positions)],
    ['ISO M', handMade(2002, true, 24, positions)],
    ['ISO ZM', handMade(3002, false, 32, positions)],
  ]
  for (const [name, geometry] of variants) {
    const drawn = draw({ ...base, geometries: [geometry] })
    t.equal(differenceOf(drawn.rgba, expected).most, 0, name)
    t.equal(drawn.skipped, 0)
  }
})

t.test('broken bytes are counted and change nothing but themselves', async t => {
  const random = seeded(41)
  const kernel = startDrawKernel()
  const good = draw({ ...base, geometries: [everything], kernel }).rgba
  for (let length = 0; length < everything.length; length++) {
    const drawn = draw({ ...base, geometries: [everything.slice(0, length)], kernel })
    // an empty value is no geometry at all
    if (length > 0) t.equal(drawn.skipped, 1, `cut off after ${length} bytes`)
  }
  for (let i = 0; i < 3000; i++) {
    const bytes = everything.slice()
    for (let k = 0; k <= i % 4; k++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    draw({ ...base, geometries: [bytes], kernel })
  }
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from({ length: 1 + Math.floor(random() * 80) }, () => random() * 256)
    bytes[0] = i & 1
    draw({ ...base, geometries: [bytes], kernel })
  }
  t.equal(differenceOf(draw({ ...base, geometries: [everything], kernel }).rgba, good).most, 0, 'the kernel draws as before')
  t.ok(kernel.exports.memory.buffer.byteLength < 4e6 + shelfBytes, 'no memory was taken for counts that lie')
})

t.test('counts and depths that lie are refused', async t => {
  const lying = handMade(2, true, 16, [[1, 1]])
  new DataView(lying.buffer).setUint32(5, 0xffffffff, true)
  const deep = new Uint8Array(9 * 2000)
  for (let i = 0; i < 2000; i++) deep.set([1, 7, 0, 0, 0, 1, 0, 0, 0], i * 9)
  for (const geometry of [lying, deep]) t.equal(draw({ ...base, geometries: [geometry] }).skipped, 1)
})

t.test('coordinates that are no numbers, or too far out to be places, do no harm', async t => {
  const values = [Number.NaN, Infinity, -Infinity, 1e308, -1e308, 1e17, -1e17, 5e-324, 20]
  const random = seeded(42)
  for (let i = 0; i < 400; i++) {
    const some = () => values[Math.floor(random() * values.length)]
    const path = Array.from({ length: 2 + (i % 6) }, () => [some(), some()])
    draw({ ...base, geometries: [line(...path), polygon([...path, path[0], path[0]]), point(some(), some())] })
  }
  const huge = draw({
    ...base,
    passes: [fill()],
    geometries: [
      polygon([
        [-1e290, -1e290],
        [1e290, -1e290],
        [1e290, 1e290],
        [-1e290, 1e290],
        [-1e290, -1e290],
      ]),
    ],
  })
  t.ok(
    huge.rgba.every((v, i) => i % 4 < 3 || v === 255),
    'a polygon around everything covers everything',
  )
  const withNaN = draw({
    ...base,
    passes: [fill()],
    geometries: [
      polygon([
        [0, 0],
        [40, 0],
        [Number.NaN, 3],
        [40, 40],
        [0, 40],
        [0, 0],
      ]),
    ],
  })
  t.ok(
    withNaN.rgba.every((v, i) => i % 4 < 3 || v === 255),
    'a vertex without a place is left out',
  )
})

t.test('empty and null geometries draw nothing', async t => {
  const empty = [multi('MultiPolygon'), multi('GeometryCollection'), polygon(), line(), point(Number.NaN, Number.NaN), null]
  const drawn = draw({ ...base, geometries: empty })
  t.equal(drawn.skipped, 0)
  t.ok(drawn.rgba.every(v => v === 0))
})

t.test('a long geometry makes the kernel grow, and no more than it needs', async t => {
  const kernel = startDrawKernel()
  const count = 400_000
  const shell = Array.from({ length: count }, (_, i) => [
    20 + 15 * Math.cos((2 * Math.PI * i) / count),
    20 + 15 * Math.sin((2 * Math.PI * i) / count),
  ])
  const drawn = draw({ ...base, passes: [fill()], geometries: [polygon([...shell, shell[0]])], kernel })
  const area = drawn.rgba.reduce((sum, v, i) => (i % 4 === 3 ? sum + v / 255 : sum), 0)
  t.ok(Math.abs(area - Math.PI * 225) < 1, `${area} pixels`)
  t.ok(kernel.exports.memory.buffer.byteLength < 3 * count * 16, `${kernel.exports.memory.buffer.byteLength} bytes`)
})

t.test('sizes beyond memory are refused, also those whose product wraps around', async t => {
  for (const [width, height] of [
    [100_000, 100_000],
    [65_536, 65_536],
    [65_536, 16_384],
    [1_000_000_000, 5],
    [5, 1_000_000_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ]) {
    t.throws(
      () => draw({ ...base, width, height, geometries: [everything] }),
      { name: 'RenderError', reason: 'too-large' },
      `${width} x ${height}`,
    )
  }
  const kernel = startDrawKernel()
  t.throws(() => draw({ ...base, width: 100_000, height: 100_000, geometries: [], kernel }))
  t.equal(draw({ ...base, geometries: [everything], kernel }).skipped, 0, 'the kernel works on')
  for (const [width, height] of [
    [0, 5],
    [5, -1],
    [1.5, 5],
    [Number.NaN, 5],
  ]) {
    t.throws(() => draw({ ...base, width, height, geometries: [] }), { name: 'RenderError', reason: 'invalid' })
  }
})
