import { join } from 'node:path'
import t from 'tap'
import { runImport } from '#cli/import.js'
import { checkWkb } from '#formats/features/readers/geometry/wkb.js'
import { writeEwkb } from '#geo/ewkb.js'
import { openFeatureStore } from '#stores/index.js'
import { geopackageBlob, writeGeopackage } from '../../support/make-files.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { randomGeometry } from '../../support/random-geometry.js'
import { pick, seeded } from '../../support/seeded.js'
import { testFolder } from './read-all.js'

const random = seeded(11)
const { folder } = testFolder()

/** Small changes to small numbers: counts, types, byte orders; half of the time none. */
function damaged(wkb: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(wkb)
  if (random() < 0.5) return copy
  const small = [...copy].flatMap((byte, i) => (byte > 0 && byte < 20 ? [i] : []))
  copy[pick(random, small)] = Math.floor(random() * 18)
  return copy
}

t.test('whatever a reader lets through, the database takes', { skip: withoutDatabase }, async t => {
  const schema = `test_readers_${process.pid}`
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl ?? '' })
  t.teardown(async () => {
    for (const { table } of await store.discover({ schemas: [schema] })) await store.drop?.(schema, table)
    await store.close()
  })
  const states = { whole: 0, broken: 0, 'not-finite': 0, degenerate: 0 }
  for (const dimensions of ['xy', 'xyz', 'xym', 'xyzm'] as const) {
    const blobs: Uint8Array[] = []
    while (blobs.length < 400) {
      const wkb = damaged(writeEwkb({ ...randomGeometry(random, undefined, dimensions), srid: 0 } as never))
      const state = checkWkb(wkb)
      states[state]++
      if (state !== 'broken') blobs.push(geopackageBlob(wkb, 2154))
    }
    const geometry = { column: 'geom', type: 'GEOMETRY', srsId: 2154 }
    const path = writeGeopackage(join(folder, `${dimensions}.gpkg`), [
      { name: dimensions, columns: ['id INTEGER PRIMARY KEY'], geometry, rows: blobs.map((blob, i) => [i + 1, blob]) },
    ])
    let said = ''
    const output = {
      write: (text: string) => {
        said += text
      },
    }
    const code = await runImport({ files: [path], replace: true }, { store, schema, stdout: output, stderr: output })
    t.equal(code, 0, said)
    t.match(said, new RegExp(`${dimensions}: 400 rows`))
  }
  t.ok(states.whole > 500 && states.broken > 100, JSON.stringify(states))
})
