import { join } from 'node:path'
import t from 'tap'
import { collectionFormat } from '#formats/features/index.js'
import { gdal, withoutGdal } from '../../support/gdal.js'
import { hardColumns, hardTable } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { shapeFault } from '../../support/shape-fault.js'
import { written } from '../../support/written.js'
import { asObjects, failure, kindsOf, readAll, readOne, testFolder } from './read-all.js'

const { folder, file } = testFolder()
const kept = { by: 1e-9, tolerance: 1e-7, hasZ: true }

for (const name of ['gml2', 'gml31', 'gml32']) {
  t.test(`${name} as it is written here comes back whole`, async t => {
    const hard = hardTable({ crs: 'EPSG:4326', dimensions: 'xyz' })
    const { layer, rows } = await readOne(file(`${name}.gml`, await written(collectionFormat(name)!, hard.table)))
    t.match(layer, {
      name: 'hard',
      count: 120,
      key: 'gml_id',
      geometry: { name: 'geom', type: 'GEOMETRY', dimensions: 'xyz', crs: 'EPSG:4326' },
    })
    t.match(kindsOf(layer), {
      code: 'text',
      population_2020: 'integer',
      length: 'double',
      order: 'boolean',
      day: 'date',
      hour: 'time',
      moment: 'timestamp',
      instant: 'timestamptz',
    })
    const at = (column: string) => layer.columns.findIndex(one => one.name === column)
    for (const [i, row] of rows.entries()) {
      const fault = shapeFault(row.at(-1) as Uint8Array | null, hard.geometries[i], kept)
      if (fault) t.fail(`row ${i + 1}: ${fault}`)
      for (const [c, { name, kind }] of hardColumns.entries()) {
        const value = hard.values[i][c]
        const found = row[at(name)]
        const isSame =
          value === null || value === '' || value instanceof Uint8Array || kind === 'json'
            ? true
            : kind === 'numeric'
              ? found === Number(value)
              : typeof value === 'string' && /^(timestamp|text)/.test(kind)
                ? String(found).replace(/\.?0*Z?$/, '') === value.trim().replace(/\.?0*Z?$/, '')
                : String(found) === String(value)
        if (!isSame) t.fail(`${name} of row ${i + 1}: ${found} for ${value}`)
      }
    }
  })
}

t.test('what GDAL writes is read: three versions, axes of either order', { skip: unlessAll(withoutGdal) }, async t => {
  const hard = hardTable({ crs: 'EPSG:4326', isSimple: true, dimensions: 'xyz', columns: ['code', 'population_2020'] })
  const source = file('source.geojsonl', await written(collectionFormat('geojsonl')!, hard.table))
  for (const version of ['GML2', 'GML3', 'GML3.2', 'GML3Deegree']) {
    for (const crs of ['EPSG:4326', 'EPSG:2154']) {
      const path = join(folder, `gdal-${version}-${crs.slice(5)}.gml`)
      gdal('ogr2ogr', '-f', 'GML', '-dsco', `FORMAT=${version}`, '-t_srs', crs, '-nln', 'faits', '-makevalid', path, source, '-limit', '4')
      const { layer, rows } = await readOne(path)
      t.match(layer.geometry, { crs, dimensions: 'xyz' }, `${version} ${crs}`)
      t.equal(rows.length, 4)
      const fault = crs === 'EPSG:4326' && shapeFault(rows[0].at(-1) as Uint8Array, hard.geometries[0], { ...kept, by: 1e-7 })
      if (fault) t.fail(`${version}: ${fault}`)
    }
  }
})

const namespaces =
  'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="http://example.org/a" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const document = (members: string, root = 'gml:FeatureCollection') => `<${root} ${namespaces}>${members}</${root}>`
const member = (inside: string, name = 'Lieu') => `<gml:featureMember><a:${name} gml:id="l">${inside}</a:${name}></gml:featureMember>`

t.test('each kind of feature is a layer; nested properties have a path, several values are one text', async t => {
  const path = file(
    'layers.gml',
    document(
      member('<a:nom>Été</a:nom><a:adresse><a:Adresse><a:rue>Rue &amp; rue</a:rue></a:Adresse></a:adresse><a:x_x0020_y>007</a:x_x0020_y>') +
        member('<a:nom xsi:nil="true"/><a:lien xlink:href="http://example.org/1"/><a:tel>1</a:tel><a:tel>2</a:tel>') +
        member('<a:hauteur>12.5</a:hauteur>', 'Arbre'),
    ),
  )
  const [lieux, arbres] = await readAll(path)
  t.same(
    asObjects(lieux).map(({ gml_id, ...values }) => values),
    [
      { nom: 'Été', 'adresse.Adresse.rue': 'Rue & rue', 'x y': '007', lien: null, tel: null },
      { nom: null, 'adresse.Adresse.rue': null, 'x y': null, lien: 'http://example.org/1', tel: '1; 2' },
    ],
  )
  t.equal(lieux.layer.key, undefined, 'ids are there twice')
  t.match(lieux.layer.notes, ['Several values of tel in one feature are one text.'])
  t.same([arbres.layer.name, arbres.rows[0][1]], ['Arbre', 12.5])
})

t.test('the order of axes, heights and curves', async t => {
  const shape = (geometry: string) => member(`<a:geom>${geometry}</a:geom>`)
  const coordinates = async (geometry: string, around = '') => {
    const [row] = asObjects(await readOne(file('shape.gml', document(around + shape(geometry)))))
    return row.geom as { kind: string; coordinates: Float64Array }
  }
  const urn = 'srsName="urn:ogc:def:crs:EPSG::4326"'
  t.same([...(await coordinates(`<gml:Point ${urn}><gml:pos>48 2</gml:pos></gml:Point>`)).coordinates], [2, 48])
  t.same([...(await coordinates(`<gml:Point srsName="EPSG:4326"><gml:pos>2 48</gml:pos></gml:Point>`)).coordinates], [2, 48])
  t.same([...(await coordinates(`<gml:Point ${urn} srsDimension="3"><gml:pos>48 2 100</gml:pos></gml:Point>`)).coordinates], [2, 48, 100])
  const box = `<gml:boundedBy><gml:Envelope ${urn}><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner></gml:Envelope></gml:boundedBy>`
  t.same([...(await coordinates('<gml:Point><gml:pos>48 2</gml:pos></gml:Point>', box)).coordinates], [2, 48])
  const arc = await coordinates(
    '<gml:Curve srsName="EPSG:2154"><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc><gml:LineStringSegment><gml:posList>2 0 5 0</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>',
  )
  t.equal(arc.kind, 'LineString')
  t.ok(arc.coordinates.length > 10)
  t.same([...arc.coordinates.slice(-4)], [2, 0, 5, 0])
  for (let i = 0; i < arc.coordinates.length - 2; i += 2)
    t.ok(Math.abs(Math.hypot(arc.coordinates[i] - 1, arc.coordinates[i + 1]) - 1) < 1e-9)
})

t.test('several systems are brought into the first; unknown ones are told', async t => {
  const point = (crs: string, x: number, y: number) =>
    member(`<a:geom><gml:Point srsName="${crs}"><gml:pos>${x} ${y}</gml:pos></gml:Point></a:geom>`)
  const mixed = await readOne(file('mixed.gml', document(point('EPSG:4326', 3, 46.5) + point('EPSG:2154', 700000, 6600000))))
  t.equal(mixed.layer.geometry?.crs, 'EPSG:4326')
  const [, second] = asObjects(mixed) as { geom: { coordinates: Float64Array } }[]
  t.ok(Math.hypot(second.geom.coordinates[0] - 3, second.geom.coordinates[1] - 46.5) < 1e-8)
  const unknown = await readOne(file('unknown.gml', document(point('EPSG:999999', 700000, 6600000))))
  t.match(unknown.layer.notes, [/“EPSG:999999” is not known/, /taken as EPSG:2154/])
})

t.test('other roots, single features and other encodings', async t => {
  t.equal(
    (await readOne(file('root.gml', document('<a:lieuMember><a:Lieu><a:n>1</a:n></a:Lieu></a:lieuMember>', 'a:Donnees')))).rows.length,
    1,
  )
  const single = await readOne(file('single.gml', `<a:Lieu ${namespaces} gml:id="x.1"><a:n>1</a:n></a:Lieu>`))
  t.same(asObjects(single), [{ gml_id: 'x.1', n: 1 }])
  const latin = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${document(member('<a:nom>Été</a:nom>'))}`, 'latin1')
  t.equal(asObjects(await readOne(file('latin.gml', latin)))[0].nom, 'Été')
})

t.test('broken and hostile documents are refused in time', async t => {
  const refused = async (name: string, content: string | Uint8Array, message: RegExp) => {
    const found = await failure(file(name, content))
    t.equal(found.kind, 'invalid-data', name)
    t.match(found.message, message, name)
  }
  const entities = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
  await refused('bomb.gml', `${entities}${document(member('<a:n>&b;</a:n>'))}`, /^bomb.gml: .*line 1: a DOCTYPE is not accepted/)
  await refused('external.gml', `<!DOCTYPE a SYSTEM "file:///etc/passwd">${document('')}`, /DOCTYPE/)
  await refused('deep.gml', document(member('<a:x>'.repeat(1000))), /nested deeper/)
  await refused(
    'attributes.gml',
    document(member(`<a:x ${Array.from({ length: 510_000 }, (_, i) => `a${i}="1"`).join(' ')}/>`)),
    /more than the 500000 nodes/,
  )
  const whole = document(Array.from({ length: 50 }, (_, i) => member(`<a:n>${i}</a:n>`)).join('\n'))
  await refused('truncated.gml', whole.slice(0, 3000), /cannot be read, line \d+/)
  await refused('empty.gml', '', /is empty/)
  await refused('nothing.gml', document(''), /holds no features|no element/)
  await refused('text.gml', 'this is no XML', /cannot be read/)
  await refused('bytes.gml', Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe, 0x3c]), /not valid utf-8/)
  await refused(
    'numbers.gml',
    document(member('\n<a:geom><gml:Point><gml:pos>1 x</gml:pos></gml:Point></a:geom>')),
    /numbers.gml: line 2: .*“x” where a number is expected/,
  )
})

t.test('many features come in bounded batches', async t => {
  const { openFeatureFile } = await import('#formats/features/readers/index.js')
  const { createWriteStream } = await import('node:fs')
  const path = join(folder, 'many.gml')
  const out = createWriteStream(path)
  out.write(`<gml:FeatureCollection ${namespaces}>`)
  const some = member('<a:n>12</a:n><a:geom><gml:Point srsName="EPSG:2154"><gml:pos>1 2</gml:pos></gml:Point></a:geom>').repeat(1000)
  for (let i = 0; i < 5; i++) out.write(some)
  await new Promise(resolve => out.end('</gml:FeatureCollection>', resolve as () => void))
  const opened = await openFeatureFile(path)
  let most = 0
  let rows = 0
  for await (const batch of opened.layers[0].read()) {
    most = Math.max(most, batch.rows.length)
    rows += batch.rows.length
  }
  t.same([rows, most], [5000, 1000])
})
