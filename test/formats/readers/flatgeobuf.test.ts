import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { flatgeobufBytes, geojsonText, madeFeatures } from '../../support/make-files.js'
import { missing } from '../../support/programs.js'
import { asObjects, failure, kindsOf, readOne, testFolder } from './read-all.js'

const { folder, file } = testFolder()
let files = 0
const fail = (bytes: Uint8Array) => failure(file(`f${++files}.fgb`, bytes))

t.test(
  'files that GDAL wrote: every type of geometry, dimensions, fields, with and without index',
  { skip: missing('ogr2ogr', 'ogr2ogr', '--version') },
  async t => {
    const ring = (x: number) => [
      [x, 0, 5],
      [x + 4, 0, 5],
      [x + 4, 4, 5],
      [x, 0, 5],
    ]
    const geometries = {
      Point: [1, 2, 3],
      LineString: ring(0),
      Polygon: [ring(0), ring(1)],
      MultiPoint: ring(0),
      MultiLineString: [ring(0), ring(9)],
      MultiPolygon: [[ring(0), ring(1)], [ring(20)]],
    }
    const asFile = (name: string, features: readonly unknown[]) =>
      file(`${name}.geojson`, JSON.stringify({ type: 'FeatureCollection', features }))
    const feature = (type: string, coordinates: unknown, i: number) => ({
      type: 'Feature',
      properties: { i, big: 2 ** 40 + i, x: 1.5, s: `été ${i}`, b: true, when: '2024-02-29T10:00:00Z', day: '2024-02-29' },
      geometry: { type, coordinates },
    })
    for (const isIndexed of ['YES', 'NO']) {
      const sources = Object.entries(geometries).map(([type, coordinates]) =>
        asFile(type, [feature(type, coordinates, 1), feature(type, coordinates, 2)]),
      )
      sources.push(
        asFile(
          'Any',
          Object.entries(geometries).map(([type, coordinates], i) => feature(type, coordinates, i)),
        ),
      )
      for (const source of sources) {
        const target = source.replace(/\.geojson$/, `-${isIndexed}.fgb`)
        const type = source.includes('Any') ? ['-nlt', 'GEOMETRY25D'] : []
        const run = spawnSync('ogr2ogr', ['-f', 'FlatGeobuf', target, source, ...type, '-lco', `SPATIAL_INDEX=${isIndexed}`], {
          encoding: 'utf8',
        })
        if (run.status !== 0) t.fail(run.stderr)
        const [wanted, found] = [await readOne(source), await readOne(target)]
        t.equal(found.layer.geometry?.dimensions, 'xyz')
        t.equal(found.layer.geometry?.crs, 'EPSG:4326')
        // GDAL writes in the order of its index
        const sorted = (rows: Record<string, unknown>[]) => rows.sort((a, b) => Number(a.i) - Number(b.i)).map(row => row.geom)
        t.same(sorted(asObjects(found)), sorted(asObjects(wanted)), `${source.split('/').at(-1)}, index ${isIndexed}`)
        t.match(kindsOf(found.layer), { i: 'integer', big: 'bigint', x: 'double', s: 'text', b: 'boolean', when: 'timestamptz' })
        const [first] = asObjects(found).sort((a, b) => Number(a.i) - Number(b.i))
        t.match(first, { x: 1.5, s: /^été/, b: true, when: /^2024-02-29T10:00:00Z?/ })
      }
    }
  },
)

t.test('broken files are refused with their place', async t => {
  const good = Buffer.from(flatgeobufBytes(madeFeatures(200)))
  const patched = (at: number, ...bytes: number[]) => {
    const copy = Buffer.from(good)
    copy.set(bytes, at)
    return copy
  }
  t.match(await fail(Buffer.alloc(0)), { message: /^f1\.fgb: is no FlatGeobuf file/ })
  t.match(await fail(Buffer.from(geojsonText([]))), { message: /is no FlatGeobuf file/ })
  t.match(await fail(patched(3, 2)), { message: /version 2; version 3 would have worked/ })
  t.match(await fail(patched(8, 0, 0, 0, 0x7f)), { message: /its head claims 2130706432 bytes, which is too many/ })
  t.match(await fail(patched(8, 0, 0, 0xf0, 0)), { message: /more than the file has/ })
  for (const share of [0.02, 0.3, 0.7, 0.999])
    t.match(await fail(good.subarray(0, Math.floor(good.length * share))), { kind: 'invalid-data', message: /truncated|head/ }, `${share}`)
  const length = good.readUInt32LE(8)
  const firstFeature = 12 + length
  t.match(await fail(patched(firstFeature, 255, 255, 255, 0x7f)), { message: /feature 1 at byte \d+ is cut off or broken/ })
  for (let at = 12; at < 12 + length; at += 3) {
    const path = join(folder, 'head.fgb')
    writeFileSync(path, patched(at, 255, 255, 255, 0x7f))
    const error = await readOne(path).then(
      () => undefined,
      (error: Error) => error,
    )
    if (error && error.name !== 'Problem') t.fail(`byte ${at}: ${error.stack}`)
  }
  t.equal(readFileSync(file('again.fgb', good)).length, good.length)
})
