import { spawnSync } from 'node:child_process'
import { readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import t from 'tap'
import { dbfBytes, madeFeatures, shape, shpBytes, writeShapefile } from '../../support/make-files.js'
import { missing } from '../../support/programs.js'
import { seeded, seededInteger } from '../../support/seeded.js'
import { asObjects, failure, kindsOf, readOne, testFolder } from './read-all.js'

const { folder, file } = testFolder()
let files = 0
const write = (type: number, contents: readonly Buffer[], measures?: readonly [number, number]) => {
  const stem = `s${++files}`
  const { shp, shx } = shpBytes(type, contents, measures)
  file(`${stem}.shx`, shx)
  return file(`${stem}.shp`, shp)
}
const box = [0, 0, 0, 0]
const rings = (type: number, ...all: readonly (readonly number[])[]) => {
  let start = 0
  const starts = all.map(ring => {
    const at = start
    start += ring.length / 2
    return BigInt(at)
  })
  return shape(type, ...box, BigInt(all.length), BigInt(start), ...starts, ...all.flat())
}
/** Clockwise square with its lower left corner at x, y. */
const square = (x: number, y: number, side: number) => [x, y, x, y + side, x + side, y + side, x + side, y, x, y]
const reversed = (ring: readonly number[]) =>
  Array.from({ length: ring.length / 2 }, (_, i) => ring.slice(ring.length - 2 * i - 2, ring.length - 2 * i)).flat()

interface Parts {
  readonly parts: readonly { readonly rings: readonly Float64Array[] }[]
}
const ringCounts = (geometry: unknown) => (geometry as Parts).parts.map(part => part.rings.length)

t.test('rings become polygons with the holes that are theirs', async t => {
  const outer = square(0, 0, 10)
  const hole = reversed(square(1, 1, 2))
  const island = square(1.5, 1.5, 1)
  const pond = reversed(square(1.75, 1.75, 0.25))
  const far = square(20, 20, 5)
  const read = await readOne(
    write(5, [
      rings(5, outer),
      rings(5, outer, hole),
      rings(5, hole, outer),
      rings(5, far, outer, hole, island, pond),
      rings(5, reversed(outer), reversed(far)),
      rings(5, outer, reversed(square(50, 50, 1))),
      shape(0),
    ]),
  )
  t.match(read.layer.geometry, { type: 'MULTIPOLYGON', dimensions: 'xy' })
  const geometries = asObjects(read).map(row => row.geom)
  t.same(geometries.slice(0, 6).map(ringCounts), [[1], [2], [2], [1, 2, 2], [1, 1], [1, 1]])
  t.equal(geometries[6], null, 'a null shape')
})

t.test('the same polygons as GDAL makes', { skip: missing('ogr2ogr', 'ogr2ogr', '--version') }, async t => {
  const random = seeded(7)
  const contents = Array.from({ length: 60 }, () => {
    const all: number[][] = []
    for (let i = 0; i < 4; i++) {
      const side = seededInteger(random, 4, 9)
      const ring = square(i * 10, seededInteger(random, 0, 5), side)
      all.push(ring)
      if (random() < 0.6) all.push(reversed(square(ring[0] + 1, ring[1] + 1, 1)))
    }
    return rings(5, ...all)
  })
  const path = write(5, contents)
  const target = join(folder, 'oracle.geojson')
  t.equal(spawnSync('ogr2ogr', ['-f', 'GeoJSON', '-nlt', 'MULTIPOLYGON', target, path]).status, 0)
  const expected = asObjects(await readOne(target))
  const shapes = (geometry: unknown) => (geometry as Parts).parts.map(part => part.rings.map(canonical)).sort(byText)
  for (const [i, row] of asObjects(await readOne(path)).entries()) t.same(shapes(row.geom), shapes(expected[i].geom), `shape ${i + 1}`)
})

/** A ring by its corners alone: GDAL turns and rotates rings as RFC 7946 asks. */
const canonical = (ring: Float64Array) =>
  [...new Set(Array.from({ length: ring.length / 2 }, (_, i) => `${ring[2 * i]} ${ring[2 * i + 1]}`))].sort()
const byText = (a: unknown, b: unknown) => (String(a) < String(b) ? -1 : 1)

t.test('heights and measures', async t => {
  const pointZ = await readOne(write(11, [shape(11, 1, 2, 3, 4), shape(11, 5, 6, 7)]))
  t.match(pointZ.layer.geometry, { type: 'POINT', dimensions: 'xyz' })
  t.same(
    asObjects(pointZ).map(row => [...(row.geom as { coordinates: Float64Array }).coordinates]),
    [
      [1, 2, 3],
      [5, 6, 7],
    ],
  )
  const measured = await readOne(write(11, [shape(11, 1, 2, 3, 4), shape(11, 5, 6, 7, -1.79e308)], [4, 4]))
  t.equal(measured.layer.geometry?.dimensions, 'xyzm')
  t.same(
    asObjects(measured).map(row => [...(row.geom as { coordinates: Float64Array }).coordinates]),
    [
      [1, 2, 3, 4],
      [5, 6, 7, 0],
    ],
  )
  const line = await readOne(write(13, [shape(13, ...box, 1n, 2n, 0n, 0, 0, 1, 1, 5, 6, 5, 6)]))
  t.match(line.layer.geometry, { type: 'MULTILINESTRING', dimensions: 'xyz' })
  t.same([...(asObjects(line)[0].geom as { parts: { coordinates: Float64Array }[] }).parts[0].coordinates], [0, 0, 5, 1, 1, 6])
  const pointM = await readOne(write(21, [shape(21, 1, 2, 9)]))
  t.same([...(asObjects(pointM)[0].geom as { coordinates: Float64Array }).coordinates], [1, 2, 9])
  t.equal(pointM.layer.geometry?.dimensions, 'xym')
  const multi = await readOne(write(8, [shape(8, ...box, 2n, 1, 2, 3, 4)]))
  t.equal((asObjects(multi)[0].geom as Parts).parts.length, 2)
})

t.test('the index decides which records count, and its absence is no harm', async t => {
  const path = write(1, [shape(1, 1, 2), shape(1, 3, 4)])
  const shx = readFileSync(path.replace('.shp', '.shx'))
  // the second entry points to the first record, as after an edit that left a gap
  shx.copy(shx, 108, 100, 108)
  writeFileSync(path.replace('.shp', '.shx'), shx)
  const indexed = await readOne(path)
  t.same(
    asObjects(indexed).map(row => [...(row.geom as { coordinates: Float64Array }).coordinates]),
    [
      [1, 2],
      [1, 2],
    ],
  )
  unlinkSync(path.replace('.shp', '.shx'))
  const bare = await readOne(path)
  t.equal(bare.rows.length, 2)
  t.match(bare.layer.notes.join(' '), /There is no \.shx.*There is no \.prj/s)
})

t.test('attributes of every type, deleted rows, and a table alone', async t => {
  const columns = [
    { name: 'TEXT', type: 'C', bytes: 6 },
    { name: 'INT', type: 'N', bytes: 5 },
    { name: 'LONG', type: 'N', bytes: 12 },
    { name: 'HUGE', type: 'N', bytes: 20 },
    { name: 'REAL', type: 'N', bytes: 8, decimals: 2 },
    { name: 'FLOAT', type: 'F', bytes: 10, decimals: 3 },
    { name: 'OK', type: 'L', bytes: 1 },
    { name: 'DAY', type: 'D', bytes: 8 },
    { name: 'MEMO', type: 'M', bytes: 10 },
  ]
  const path = file(
    'table.dbf',
    dbfBytes(
      columns,
      [
        ['01004', '   12', '  3000000000', '12345678901234567890', '   -1.50', '  1.5e+003', 'T', '20240229', ''],
        ['gone', '', '', '', '', '', '', '', ''],
        ['', '*****', '', '', '', '', '?', '00000000', ''],
        ['x', '  1.5', '', '', '    abc', '', 'n', '20240230', ''],
      ],
      { deleted: [1] },
    ),
  )
  const { layer, rows } = await readOne(path)
  t.equal(layer.geometry, undefined)
  t.same(kindsOf(layer), {
    TEXT: 'text',
    INT: 'integer',
    LONG: 'bigint',
    HUGE: 'numeric',
    REAL: 'double',
    FLOAT: 'double',
    OK: 'boolean',
    DAY: 'date',
  })
  t.same(rows, [
    ['01004', 12, 3e9, '12345678901234567890', -1.5, 1500, true, '2024-02-29'],
    [null, null, null, null, null, null, null, null],
    ['x', null, null, null, null, null, false, null],
  ])
  t.match(layer.notes.join(' '), /“MEMO” \(M\).*“INT”.*“REAL”.*“DAY”/s)
})

t.test('texts in every encoding a table may have', async t => {
  const text = 'Été à Châlons, œuvre'
  const path = (encoding: string, more: { languageDriver?: number; cpg?: string; value?: Buffer }) => {
    const stem = `e${++files}`
    if (more.cpg !== undefined) file(`${stem}.cpg`, more.cpg)
    const value = more.value ?? iconv.encode(text, encoding)
    return file(`${stem}.dbf`, dbfBytes([{ name: 'NOM', type: 'C', bytes: 30 }], [[value]], { languageDriver: more.languageDriver ?? 0 }))
  }
  const first = async (file: string) => (await readOne(file)).rows[0][0]
  for (const [encoding, cpg] of [
    ['utf8', 'UTF-8'],
    ['utf8', 'utf8\r\n'],
    ['win1252', '1252'],
    ['win1252', 'ANSI 1252'],
    ['win1252', 'ISO 88591'],
    ['iso-8859-15', 'ISO-8859-15'],
    ['utf8', '65001'],
  ])
    t.equal(await first(path(encoding, { cpg })), text, cpg)
  t.equal(await first(path('cp850', { cpg: 'OEM 850', value: iconv.encode('Été', 'cp850') })), 'Été')
  t.equal(await first(path('cp850', { languageDriver: 2, value: iconv.encode('Été', 'cp850') })), 'Été')
  t.equal(await first(path('win1252', { languageDriver: 87 })), text)
  t.equal(await first(path('utf8', { languageDriver: 87 })), text, 'UTF-8 whose .cpg was lost')
  t.equal(await first(path('win1252', {})), text, 'nothing said')
  t.equal(await first(path('utf8', {})), text, 'nothing said')
  t.equal(
    await first(path('utf8', { cpg: 'UTF-8', value: Buffer.from(`${'x'.repeat(29)}é`).subarray(0, 30) })),
    'x'.repeat(29),
    'cut in a character',
  )
  t.equal(await first(path('win1252', { cpg: 'klingon' })), text)
})

t.test('companions with letters of any case', async t => {
  const made = writeShapefile(folder, 'UPPER', madeFeatures(3))
  for (const extension of ['shp', 'shx', 'dbf', 'prj', 'cpg']) {
    const path = made.replace(/shp$/, extension)
    writeFileSync(join(folder, `Mixed.${extension.toUpperCase()}`), readFileSync(path))
  }
  const { layer, rows } = await readOne(join(folder, 'Mixed.SHP'))
  t.match(layer, { name: 'Mixed', geometry: { crs: 'EPSG:2154' } })
  t.equal(rows.length, 3)
  t.equal(layer.columns.length, 4)
})

t.test('broken files are refused with their place', async t => {
  const make = () => writeShapefile(folder, `b${++files}`, madeFeatures(300))
  for (const share of [0.001, 0.3, 0.99]) {
    const path = make()
    truncateSync(path, Math.floor(readFileSync(path).length * share))
    t.match(await failure(path), { kind: 'invalid-data', message: /^b\d+\.shp: is (truncated|no Shapefile)/ }, `shp ${share}`)
  }
  for (const share of [0.001, 0.3, 0.99]) {
    const path = make()
    const dbf = path.replace('.shp', '.dbf')
    truncateSync(dbf, Math.floor(readFileSync(dbf).length * share))
    t.match(await failure(path), { kind: 'invalid-data', message: /^b\d+\.shp \(\.dbf\): is (truncated|no dBase table)/ }, `dbf ${share}`)
  }
  const patch = async (at: number, bytes: readonly number[], extension = '.shp') => {
    const path = make()
    const content = readFileSync(path.replace('.shp', extension))
    content.set(bytes, at)
    writeFileSync(path.replace('.shp', extension), content)
    return failure(path)
  }
  t.match(await patch(0, [1, 2, 3, 4]), { message: /does not begin with the number 9994/ })
  t.match(await patch(32, [31, 0, 0, 0]), { kind: 'unsupported', message: /MultiPatch/ })
  t.match(await patch(32, [77, 0, 0, 0]), { message: /shape type 77 does not exist/ })
  t.match(await patch(104, [0x7f, 255, 255, 255]), { message: /shape 1 at byte 101 is broken: \d+ bytes do not fit/ })
  t.match(await patch(108, [9, 0, 0, 0]), { message: /shape 1 is broken: its shape type 9 does not exist/ })
  t.match(await patch(100, [0x7f, 255, 255, 255], '.shx'), { message: /shape 1 at byte 4294967295 is broken/ })
  t.match(await patch(4, [255, 255, 255, 255], '.dbf'), { message: /announces 4294967295 rows/ })
  t.match(await patch(10, [1, 0], '.dbf'), { message: /ends beyond the row of 1 bytes/ })
  const lying = write(5, [shape(5, ...box, 2_000_000_000n, 2_000_000_000n, 0n)])
  t.match(await failure(lying), { message: /shape 1 is broken: 2000000000 parts do not fit/ })
  t.match(await failure(write(8, [shape(8, ...box, 2_000_000_000n)])), { message: /shape 1 is broken: it needs/ })
  t.match(await failure(write(5, [shape(5, ...box, 1n, 4n, 9n, ...square(0, 0, 1).slice(0, 8))])), {
    message: /part 1 begins or ends outside/,
  })
})
