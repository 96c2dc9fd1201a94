import t from 'tap'
import { EwkbError, ewkbBbox, ewkbSrid, ewkbType, readEwkb, writeEwkb } from '#geo/ewkb.js'
import { type Geometry, geometryCodes, isEmptyGeometry } from '#geo/geometry.js'
import { randomGeometry } from '../support/random-geometry.js'
import { seeded, seededInteger } from '../support/seeded.js'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

t.test('what is written is read back, in both byte orders and both dialects', async t => {
  const random = seeded(1)
  const seen = new Set<string>()
  for (let i = 0; i < 3000; i++) {
    const geometry = randomGeometry(random)
    seen.add(`${geometry.kind} ${geometry.dimensions}`)
    for (const isIso of [false, true])
      for (const isBigEndian of [false, true]) {
        const srid = isIso ? 0 : seededInteger(random, 0, 1) * 2154
        const bytes = writeEwkb(geometry, { isIso, isBigEndian, srid })
        const back = readEwkb(bytes)
        const expected = srid ? { ...geometry, srid } : geometry
        if (JSON.stringify(plain(back)) !== JSON.stringify(plain(expected))) t.same(plain(back), plain(expected))
        if (ewkbSrid(bytes) !== srid) t.equal(ewkbSrid(bytes), srid)
        const type = ewkbType(bytes)
        if (type.kind !== geometry.kind || type.dimensions !== geometry.dimensions) t.fail(`type of ${geometry.kind}`)
      }
  }
  t.equal(seen.size, 4 * Object.keys(geometryCodes).length, 'every type in every dimension came up')
})

t.test('known bytes', async t => {
  t.same(readEwkb(hex('0101000000 000000000000F03F 0000000000000040')), point(1, 2), 'little endian')
  t.same(readEwkb(hex('0000000001 3FF0000000000000 4000000000000000')), point(1, 2), 'big endian')
  t.same(readEwkb(hex('01010000206A080000 000000000000F03F 0000000000000040')), { ...point(1, 2), srid: 2154 }, 'with SRID')
  const withZ: Geometry = { kind: 'Point', dimensions: 'xyz', coordinates: Float64Array.of(1, 2, 3) }
  t.same(readEwkb(hex('01E9030000 000000000000F03F 0000000000000040 0000000000000840')), withZ, 'ISO Z')
  t.same(readEwkb(hex('0101000080 000000000000F03F 0000000000000040 0000000000000840')), withZ, 'EWKB Z')
  const empty = readEwkb(hex('0101000000 000000000000F87F 000000000000F87F'))
  t.ok(isEmptyGeometry(empty), 'a point of NaNs is empty')
  t.equal(ewkbBbox(writeEwkb(empty)), undefined, 'and has no box')
})

t.test('bytes need not be aligned', async t => {
  const bytes = writeEwkb(point(3, 4))
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  t.same(readEwkb(shifted.subarray(3)), point(3, 4))
  t.same(ewkbBbox(shifted.subarray(3)), [3, 4, 3, 4])
})

t.test('boxes cover every position, and the bulge of arcs', async t => {
  const line: Geometry = { kind: 'LineString', dimensions: 'xyz', coordinates: Float64Array.of(5, -1, 99, -7, 3, -99) }
  t.same(ewkbBbox(writeEwkb(line)), [-7, -1, 5, 3])
  const arc = (...coordinates: number[]) =>
    ewkbBbox(writeEwkb({ kind: 'CircularString', dimensions: 'xy', coordinates: Float64Array.from(coordinates) }))
  const near = (box: readonly number[] | undefined, expected: number[], name: string) =>
    t.ok(
      box?.every((value, i) => Math.abs(value - expected[i]) < 1e-9),
      `${name}: ${box}`,
    )
  near(arc(-1, 0, Math.SQRT1_2, Math.SQRT1_2, 1, 0), [-1, 0, 1, 1], 'upper half')
  near(arc(-1, 0, 0, -1, 1, 0), [-1, -1, 1, 0], 'lower half')
  near(arc(0, 0, 2, 0, 0, 0), [0, -1, 2, 1], 'full circle')
  near(arc(0, 0, 1, 1, 3, 3), [0, 0, 3, 3], 'straight')
  near(arc(1, 0, Math.SQRT1_2, Math.SQRT1_2, 0, 1), [0, 0, 1, 1], 'quarter')
})

t.test('positions that are not numbers do not spoil a box', async t => {
  const line: Geometry = {
    kind: 'LineString',
    dimensions: 'xy',
    coordinates: Float64Array.of(0, 0, Number.NaN, 5, Number.POSITIVE_INFINITY, 1, 2, 2),
  }
  t.same(ewkbBbox(writeEwkb(line)), [0, 0, 2, 2])
})

t.test('broken bytes are refused with their reason, and never cost memory', async t => {
  const cases: [string, string, RegExp][] = [
    ['nothing', '', /breaks off/],
    ['byte order 2', '0201000000', /byte order/],
    ['truncated point', '0101000000 000000000000F03F', /breaks off/],
    ['unknown type', '0163000000', /type 99 is not known/],
    ['abstract curve', '010D000000 00000000', /type 13 is not known/],
    ['ISO number above ZM', '01A10F0000 00000000', /type 4001/],
    ['more after the end', '0101000000 000000000000F03F 0000000000000040 00', /1 more follow/],
    ['four billion positions', '0102000000 FFFFFFFF', /announces 4294967295/],
    ['four billion rings', '0103000000 FFFFFFFF', /announces/],
    ['four billion positions in a ring', '0103000000 01000000 FFFFFFFF', /announces/],
    ['four billion parts', '0107000000 FFFFFFFF', /announces/],
    ['a line in a multipoint', '0104000000 01000000 0102000000 00000000', /MultiPoint cannot hold a LineString/],
    ['a flat part in a whole with Z', '0107000080 01000000 0102000000 00000000', /mixes dimensions/],
  ]
  for (const [name, text, message] of cases) {
    t.throws(() => readEwkb(hex(text)), { name: 'EwkbError', message }, name)
  }
  for (const [name, text, message] of cases.filter(([name]) => !/more after|multipoint|whole with Z/.test(name)))
    t.throws(() => ewkbBbox(hex(text)), { name: 'EwkbError', message }, `box: ${name}`)
  const nested = Buffer.concat([...Array.from({ length: 5000 }, () => hex('0107000000 01000000')), hex('0107000000 00000000')])
  t.throws(() => readEwkb(nested), { name: 'EwkbError', message: /deeper than 64/ })
  t.throws(() => ewkbBbox(nested), { name: 'EwkbError', message: /deeper than 64/ })
})

t.test('any truncation or flipped byte gives a geometry or an EwkbError, nothing else', async t => {
  const random = seeded(2)
  let refused = 0
  for (let i = 0; i < 4000; i++) {
    const bytes = writeEwkb(randomGeometry(random), { isBigEndian: random() < 0.5, isIso: random() < 0.5 })
    const broken = random() < 0.3 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
    if (broken === bytes) for (let k = 0; k < 3; k++) broken[Math.floor(random() * Math.min(60, broken.length))] = random() * 256
    for (const read of [readEwkb, ewkbBbox, ewkbType])
      try {
        read(broken)
      } catch (error) {
        refused++
        if (!(error instanceof EwkbError)) throw error
      }
  }
  t.ok(refused > 1000, `${refused} refusals`)
})

t.test('a geometry that is wrongly composed is not written', async t => {
  const bad: [Geometry, RegExp][] = [
    [{ kind: 'LineString', dimensions: 'xyz', coordinates: Float64Array.of(1, 2) }, /whole number/],
    [{ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(1, 2, 3, 4) }, /one position/],
    [
      { kind: 'MultiPoint', dimensions: 'xy', parts: [{ kind: 'LineString', dimensions: 'xy', coordinates: new Float64Array(0) }] },
      /cannot hold/,
    ],
    [{ kind: 'MultiPoint', dimensions: 'xy', parts: [{ kind: 'Point', dimensions: 'xyz', coordinates: new Float64Array(0) }] }, /xyz/],
  ]
  for (const [geometry, message] of bad) t.throws(() => writeEwkb(geometry), { name: 'EwkbError', message })
})

function point(x: number, y: number): Geometry {
  return { kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(x, y) }
}

/** Typed arrays as plain ones, so that comparing is quick. */
function plain(geometry: Geometry): unknown {
  if ('coordinates' in geometry) return { ...geometry, coordinates: [...geometry.coordinates] }
  if ('rings' in geometry) return { ...geometry, rings: geometry.rings.map(ring => [...ring]) }
  return { ...geometry, parts: geometry.parts.map(plain) }
}
