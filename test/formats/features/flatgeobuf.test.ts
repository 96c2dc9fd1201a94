import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Problem } from '#core/problem.js'
import { flatgeobuf } from '#formats/features/flatgeobuf/flatgeobuf.js'
import { openFeatureFile } from '#formats/features/readers/index.js'
import { ewkbBbox, writeEwkb } from '#geo/ewkb.js'
import { withoutGdal } from '../../support/gdal.js'
import { readRows, wantedRows } from '../../support/hard-rows.js'
import { hardTable } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { ogrLayers } from '../../support/read-ogr.js'
import { writeOptions, written, writtenFile } from '../../support/written-files.js'

const folder = t.testdir()
const temporary = join(folder, 'temporary')
mkdirSync(temporary)
const options = (parameters: Readonly<Record<string, string>> = {}) => writeOptions(temporary, parameters)
const skip = unlessAll(withoutGdal)
const cases = [
  ['GEOMETRY', 'xy', 'EPSG:2154'],
  ['GEOMETRY', 'xyzm', 'EPSG:4326'],
  ['POINT', 'xyz', 'EPSG:2154'],
  ['MULTIPOLYGON', 'xym', 'EPSG:2154'],
  ['LINESTRING', 'xy', 'OGC:CRS84'],
  [null, 'xy', null],
] as const

for (const index of ['false', 'true'])
  for (const [type, dimensions, crs] of cases)
    t.test(
      `GDAL reads every value and place: ${type ?? 'no geometry'} ${dimensions}, ${index === 'true' ? 'with' : 'without'} index`,
      { skip },
      async t => {
        const hard = hardTable({ type, dimensions, crs })
        const path = await writtenFile(join(folder, `${type}-${dimensions}-${index}.fgb`), flatgeobuf, hard.table, options({ index }))
        const [layer] = ogrLayers(path)
        t.equal(layer.name, 'hard')
        t.equal(layer.crs, crs)
        const losses = { datesAreMoments: true }
        const [read, wanted] = [readRows(hard, layer, losses), wantedRows(hard, losses)]
        t.same(index === 'true' ? read.sort() : read, index === 'true' ? wanted.sort() : wanted)
        t.match(layer.fields[0], { name: 'code', type: 'String', width: 5 })
        t.equal(hard.closed(), 1)
        t.same(readdirSync(temporary), [])
      },
    )

t.test('GDAL finds by the index what lies in a box', { skip }, async t => {
  const hard = hardTable({ type: 'POLYGON', count: 1500, columns: ['population_2020'] })
  const path = await writtenFile(join(folder, 'found.fgb'), flatgeobuf, hard.table, writeOptions(temporary, {}, { isStored: true }))
  for (const box of [
    [300_000, 6_300_000, 500_000, 6_500_000],
    [800_000, 6_800_000, 801_000, 6_801_000],
    [0, 0, 2e6, 1e7],
  ]) {
    const [layer] = ogrLayers(path, { filter: box })
    const wanted = hard.geometries.filter(geometry => {
      const own = geometry && ewkbBbox(writeEwkb(geometry))
      return own && own[0] <= box[2] && own[2] >= box[0] && own[1] <= box[3] && own[3] >= box[1]
    })
    t.equal(layer.rows.length, wanted.length)
  }
})

t.test('one, none and seventeen features are indexed', { skip }, async t => {
  for (const count of [0, 1, 16, 17, 257]) {
    const hard = hardTable({ type: 'LINESTRING', count, isSimple: true })
    const path = await writtenFile(join(folder, `${count}.fgb`), flatgeobuf, hard.table, options({ index: 'true' }))
    t.equal(ogrLayers(path)[0].rows.length, count)
  }
})

t.test('our own reader gives the kinds it can be given', async t => {
  const hard = hardTable({ dimensions: 'xyz', type: 'TIN', columns: ['code', 'big'] })
  const file = await openFeatureFile(await writtenFile(join(folder, 'own.fgb'), flatgeobuf, hard.table, options()))
  let count = 0
  for await (const { rows } of file.layers[0].read()) count += rows.length
  await file.close()
  t.equal(count, hard.values.length)
})

t.test('the same rows give the same bytes', async t => {
  for (const index of ['true', 'false']) {
    const [a, b] = [
      await written(flatgeobuf, hardTable().table, options({ index })),
      await written(flatgeobuf, hardTable().table, options({ index })),
    ]
    t.ok(a.equals(b))
  }
})

t.test('who leaves in the middle, and what fails in the middle, leaves nothing behind', async t => {
  for (const index of ['true', 'false']) {
    const failing = hardTable({ failsAfter: 70 })
    await t.rejects(written(flatgeobuf, failing.table, options({ index })), { message: 'The database went away.' })
    t.equal(failing.closed(), 1)
    const left = hardTable({ count: 4000 })
    for await (const _ of flatgeobuf.write(left.table, options({ index }))) break
    // without an index the head comes before any row is asked for
    t.equal(left.closed(), index === 'true' ? 1 : 0)
    const later = hardTable({ count: 4000 })
    let pieces = 0
    for await (const _ of flatgeobuf.write(later.table, options({ index }))) if (++pieces === 3) break
    t.equal(later.closed(), 1)
    t.same(readdirSync(temporary), [])
  }
})

t.test('a count that does not hold breaks the file, and what is not asked for well is refused', async t => {
  const hard = hardTable()
  await t.rejects(written(flatgeobuf, { ...hard.table, count: 121 }, options()), { message: /120 features came and 121 were counted/ })
  t.throws(
    () => flatgeobuf.write(hardTable().table, options({ index: 'yes' })),
    new Problem('invalid-parameter', 'index is “yes”; true or false would work.', { locator: 'index' }),
  )
})
