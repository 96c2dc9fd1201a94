import t from 'tap'
import { collectionFormat } from '#formats/features/index.js'
import { withoutGdal } from '../../support/gdal.js'
import { hardColumns, hardTable } from '../../support/hard-table.js'
import { kmlFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { ogrLayers, ogrShape } from '../../support/ogr-read.js'
import { unlessAll } from '../../support/programs.js'
import { shapeFault } from '../../support/shape-fault.js'
import { plainOptions, written } from '../../support/written.js'
import { testFolder } from '../readers/read-all.js'

const { file } = testFolder()
const [kml, kmz] = ['kml', 'kmz'].map(name => collectionFormat(name)!)

t.test('media types find them, with a plus sign or what is left of it', async t => {
  t.equal(collectionFormat('application/vnd.google-earth.kml+xml'), kml)
  t.equal(collectionFormat('application/vnd.google-earth.kml xml'), kml)
  t.equal(collectionFormat('application/vnd.google-earth.kmz'), kmz)
})

t.test('is valid against the official schema', { skip: unlessAll(withoutOgcSchemas) }, async t => {
  for (const dimensions of ['xy', 'xyzm'] as const)
    t.equal(kmlFaults(await written(kml, hardTable({ crs: 'EPSG:4326', dimensions, hasNumericIds: false }).table)), '')
  t.equal(kmlFaults(await written(kml, hardTable({ type: null }).table)), '')
  t.equal(kmlFaults(await written(kml, hardTable({ crs: 'EPSG:4326', count: 0 }).table)), '')
})

for (const format of [kml, kmz]) {
  t.test(`GDAL finds in ${format.title} what was written`, { skip: unlessAll(withoutGdal) }, async t => {
    const hard = hardTable({ crs: 'EPSG:4326', dimensions: 'xyz' })
    const [layer] = ogrLayers(file(`hard.${format.extension}`, await written(format, hard.table)), 'LIBKML')
    t.equal(layer.name, 'Hard “features”, hérissés')
    t.equal(layer.features.length, 120)
    t.match(layer.types, { code: 'String', population_2020: 'Integer', big: 'String', length: 'Real', exact: 'Real', order: 'Integer' })
    for (const [i, feature] of layer.features.entries()) {
      const wrong = hardColumns.filter(({ name, kind }, c) => !isSame(kind, feature.fields[name], hard.values[i][c]))
      for (const { name } of wrong) t.fail(`${name} of feature ${i + 1}: ${feature.fields[name]}`)
      const fault = shapeFault(ogrShape(feature), hard.geometries[i], { by: 1e-9, tolerance: 1e-7, hasZ: true, mixesMultiple: true })
      if (fault) t.fail(`feature ${i + 1}: ${fault}`)
    }
  })
}

/** Texts are trimmed by LIBKML; numbers and truth are typed, all else is its text. */
function isSame(kind: string, found: string | null, value: unknown): boolean {
  if (value === null) return found === null
  if (kind === 'double' || kind === 'numeric') return Number(found) === Number(value)
  if (kind === 'boolean') return found === (value ? '1' : '0')
  if (value instanceof Uint8Array) return found === Buffer.from(value).toString('base64')
  if (kind === 'json') return JSON.stringify(JSON.parse(String(found))) === JSON.stringify(JSON.parse(String(value)))
  // microseconds lose the zeros behind them
  if (kind === 'timestamp' || kind === 'timestamptz')
    return found?.replace(/\.?0*(Z?)$/, '$1') === String(value).replace(/\.?0*(Z?)$/, '$1')
  return found?.trim() === String(value).trim()
}

t.test('names and descriptions come from the columns that say so', async t => {
  const { RowBuilder } = await import('#rows/row-builder.js')
  const columns = ['nom_maire', 'Nom', 'commentaire', 'code'].map(
    name => ({ name, kind: 'text', nativeType: 'text', isNullable: true }) as const,
  )
  const schema = {
    columns: [{ name: '@id', oid: 25, kind: 'text' }, ...columns.map(({ name }) => ({ name, oid: 25, kind: 'text' }) as const)],
  } as const
  async function* batches() {
    yield new RowBuilder(schema).row(['7', 'M. Martin', 'L’<Abbé>', null, '54']).row(['8', null, null, 'Rien & rien', null]).take()
  }
  const table = { id: 'ws:communes', title: 'Communes', columns, hasNumericIds: true, schema, batches: batches() }
  const text = (await written(kml, table)).toString()
  t.match(text, '<Placemark id="ws_x003A_communes.7"><name>L’&lt;Abbé&gt;</name><ExtendedData>')
  t.match(text, '<Placemark id="ws_x003A_communes.8"><name>8</name><description>Rien &amp; rien</description>')
})

t.test('a failure in mid-stream is thrown, and stopping frees the rows', async t => {
  for (const format of [kml, kmz]) {
    await t.rejects(written(format, hardTable({ crs: 'EPSG:4326', failsAfter: 60 }).table), { message: 'The database went away.' })
    const hard = hardTable({ crs: 'EPSG:4326', count: 4000 })
    for await (const piece of format.write(hard.table, plainOptions)) {
      t.ok(piece.length < 256 * 1024)
      break
    }
    t.equal(hard.closed(), 1, format.title)
  }
})
