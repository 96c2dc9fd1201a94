import t from 'tap'
import type { Collection } from '#core/atlas.js'
import type { FeatureTable } from '#core/feature-table.js'
import { gmlSchema } from '#formats/features/gml-schema.js'
import type { GmlVersionName } from '#formats/features/gml-version.js'
import { type CollectionFormat, collectionFormat } from '#formats/features/index.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { RowBuilder } from '#rows/row-builder.js'
import { readXml } from '#xml/read.js'
import { withoutGdal } from '../../support/gdal.js'
import { hardColumns, hardTable } from '../../support/hard-table.js'
import { ogcSchemaFile, schemaFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { ogrLayers, ogrShape } from '../../support/ogr-read.js'
import { unlessAll } from '../../support/programs.js'
import { shapeFault } from '../../support/shape-fault.js'
import { plainOptions, written } from '../../support/written.js'
import { testFolder } from '../readers/read-all.js'

const { file } = testFolder()
const versions = [
  { name: 'gml2', version: '2.1.2' },
  { name: 'gml31', version: '3.1.1' },
  { name: 'gml32', version: '3.2.1' },
] as const
const format = (name: string) => collectionFormat(name)!

t.test('short names and media types find the version', async t => {
  const titles = {
    'GML 3.2': [
      'gml',
      'gml32',
      'application/gml+xml;version=3.2',
      'application/gml+xml; version=3.2; profile="http://www.opengis.net/def/profile/ogc/2.0/gml-sf0"',
      'text/xml; subtype=gml/3.2',
      'application/gml+xml',
    ],
    'GML 3.1.1': ['gml3', 'gml31', 'text/xml; subtype=gml/3.1.1'],
    'GML 2.1.2': ['gml2', 'text/xml; subtype=gml/2.1.2'],
  }
  for (const [title, names] of Object.entries(titles)) for (const name of names) t.equal(collectionFormat(name)?.title, title, name)
})

/** The collection that a table is of, as far as its schema needs it. */
function collectionOf({ id, columns, geometry }: FeatureTable): Collection {
  const geometries = geometry ? [{ ...geometry, isNullable: true }] : []
  return { id, source: { kind: 'features', columns, geometries, geometry: geometry?.name } } as unknown as Collection
}

/** OGC 17-069r4, 8.4.1: the schema of the collection is not among those that are there, so here is what it says. */
const collectionSchema = file(
  'core-sf.xsd',
  local(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:sf="http://www.opengis.net/ogcapi-features-1/1.0/sf"
    targetNamespace="http://www.opengis.net/ogcapi-features-1/1.0/sf" elementFormDefault="qualified">
  <xs:import namespace="http://www.opengis.net/gml/3.2" schemaLocation="http://schemas.opengis.net/gml/3.2.1/gml.xsd"/>
  <xs:element name="FeatureCollection" type="sf:Collection" substitutionGroup="gml:AbstractGML"/>
  <xs:complexType name="Collection"><xs:complexContent><xs:extension base="gml:AbstractFeatureType"><xs:sequence>
    <xs:element name="featureMember" type="sf:Member" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="Member"><xs:complexContent><xs:extension base="gml:AbstractFeatureMemberType"><xs:sequence>
    <xs:element ref="gml:AbstractFeature"/>
  </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
</xs:schema>`),
)

/** One schema has one address: xmllint would read it twice. */
function local(schema: string): string {
  return schema.replaceAll('http://schemas.opengis.net/', `${ogcSchemaFile('')}/`)
}

/** What the official schemas, with that of the collection itself, have against what is written of a table. */
async function faults(
  of: CollectionFormat,
  version: GmlVersionName,
  table: FeatureTable,
  options: Parameters<typeof written>[2] = {},
): Promise<string> {
  const schema = gmlSchema([collectionOf(table)], { version, namespaces: new Map(), targetNamespace: plainOptions.namespace })
  const address = file(`${version}.xsd`, local(schema))
  const document = await written(of, table, { ...options, schemaAddress: () => address })
  return schemaFaults(document.toString().replace('http://schemas.opengis.net/ogcapi/features/part1/1.0/xml/core-sf.xsd', collectionSchema))
}

// libxml2 takes decimals of 24 digits
const typed = hardColumns.map(({ name }) => name).filter(name => name !== 'exact')

for (const { name, version } of versions) {
  t.test(`${name} is valid against the official schemas`, { skip: unlessAll(withoutOgcSchemas) }, async t => {
    t.equal(
      await faults(format(name), version, hardTable({ dimensions: 'xyzm', hasNumericIds: false, count: 60, columns: typed }).table),
      '',
    )
    t.equal(await faults(format(name), version, hardTable({ type: 'CURVEPOLYGON', crs: 'EPSG:4326', count: 20, columns: typed }).table), '')
    t.equal(await faults(format(name), version, hardTable({ type: null, count: 20, columns: typed }).table), '')
  })

  t.test(`GDAL finds in ${name} what was written`, { skip: unlessAll(withoutGdal) }, async t => {
    for (const crs of ['EPSG:2154', 'EPSG:4326']) {
      const hard = hardTable({ crs, dimensions: 'xyz' })
      // where there is a schema, GDAL knows the system by the box of all
      const extent = crs === 'EPSG:4326' ? ([-180, -90, 180, 90] as const) : ([0, 6e6, 2e6, 8e6] as const)
      const table = { ...hard.table, geometry: hard.table.geometry && { ...hard.table.geometry, extent } }
      const document = await written(format(name), table)
      const path = file(`${name}-${crs.slice(5)}.gml`, document)
      t.equal(ogrLayers(file(`bare-${name}-${crs.slice(5)}.gml`, document), 'GML')[0].crs, crs)
      const schema = gmlSchema([collectionOf(hard.table)], { version, namespaces: new Map(), targetNamespace: plainOptions.namespace })
      file(`${name}-${crs.slice(5)}.xsd`, schema)
      const [layer] = ogrLayers(path, 'GML')
      // of GML 2, GDAL only knows it where there is no schema
      t.equal(layer.crs, version === '2.1.2' ? null : crs)
      t.equal(layer.features.length, 120)
      t.match(layer.types, {
        code: 'String',
        length: 'Real',
        exact: 'Real',
        big: 'Integer64',
        order: 'Integer(Boolean)',
        day: 'Date',
        moment: 'DateTime',
      })
      const kept = { by: crs === 'EPSG:4326' ? 1e-9 : 0.000501, tolerance: crs === 'EPSG:4326' ? 1e-7 : 0.01, hasZ: true }
      for (const [i, feature] of layer.features.entries()) {
        for (const [c, { name, kind }] of hardColumns.entries()) {
          const found = feature.fields[name] ?? feature.fields[nameInXml(name)] ?? null
          if (!isSame(kind, found, hard.values[i][c])) t.fail(`${name} of feature ${i + 1}: ${found} for ${hard.values[i][c]}`)
        }
        const fault = shapeFault(ogrShape(feature), hard.geometries[i], kept)
        if (fault) t.fail(`feature ${i + 1} in ${crs}: ${fault}`)
      }
    }
  })
}

const nameInXml = (name: string) => name.replaceAll(' ', '_x0020_').replaceAll('’', '_x2019_')

/** An empty text is none to GDAL. */
function isSame(kind: string, found: string | null, value: unknown): boolean {
  if (value === null || value === '') return found === null || found === ''
  if (kind === 'double' || kind === 'numeric') return Number(found) === Number(value)
  if (kind === 'boolean') return found === (value ? '1' : '0')
  if (value instanceof Uint8Array) return (found ?? '') === Buffer.from(value).toString('base64')
  if (kind === 'json') return JSON.stringify(JSON.parse(String(found))) === JSON.stringify(JSON.parse(String(value)))
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz') return isSameMoment(found, String(value))
  return found?.trim() === String(value).trim()
}

/** GDAL keeps milliseconds. */
function isSameMoment(found: string | null, value: string): boolean {
  const digits = (text: string) =>
    text
      .replaceAll('/', '-')
      .replace(' ', 'T')
      .replace(/(\.\d{3})\d*/, '$1')
      .replace(/(\.\d*?)0*(\+00|Z)?$/, '$1')
      .replace(/\.$|\+00$|Z$/, '')
  return digits(found ?? '') === digits(value)
}

/** A table of text ids and geometries. */
function shapes(
  id: string,
  type: string,
  rows: readonly (readonly [id: string | null, geometry: Geometry])[],
  crs = 'EPSG:2154',
): FeatureTable {
  const schema = {
    columns: [
      { name: '@id', oid: 25, kind: 'text' },
      { name: 'geom', oid: 0, kind: 'geometry' },
    ],
  } as const
  async function* batches() {
    const builder = new RowBuilder(schema)
    for (const [id, geometry] of rows) builder.row([id, writeEwkb(geometry)])
    yield builder.take()
  }
  return {
    id,
    title: id,
    columns: [],
    hasNumericIds: false,
    geometry: { name: 'geom', type, dimensions: 'xy', crs, extent: [1, 2, 3, 5] },
    schema,
    batches: batches(),
  }
}

const point: Geometry = { kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(1, 2) }

t.test('what is single becomes multiple where the type says so, with singular members', async t => {
  const table = () =>
    shapes('lieux', 'MULTIPOINT', [
      ['1', point],
      ['2', { kind: 'MultiPoint', dimensions: 'xy', parts: [point, point] }],
    ])
  t.match(
    (await written(format('gml2'), table())).toString(),
    '<gml:MultiPoint srsName="http://www.opengis.net/gml/srs/epsg.xml#2154"><gml:pointMember><gml:Point>',
  )
  const text = (await written(format('gml'), table())).toString()
  t.match(
    text,
    '<app:geom><gml:MultiPoint gml:id="lieux.1.geom" srsName="http://www.opengis.net/def/crs/EPSG/0/2154"><gml:pointMember><gml:Point gml:id="lieux.1.geom.1"><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint></app:geom>',
  )
  t.equal(text.match(/<gml:MultiPoint /g)?.length, 2)
})

t.test('ids are names of XML and never twice, whatever the keys are', async t => {
  const keys = ['1', '1.geom', '1.geom.', '1.geom.2', 'a b', 'a_x0020_b', '2e étage', 'collection', 'collection..', '..1', null, null]
  const text = (
    await written(
      format('gml'),
      shapes(
        'lieux',
        'POINT',
        keys.map(key => [key, point]),
      ),
    )
  ).toString()
  const ids = [...text.matchAll(/ gml:id="([^"]*)"/g)].map(([, id]) => id)
  t.equal(ids.length, 1 + 2 * keys.length)
  t.equal(new Set(ids).size, ids.length)
  for (const id of ids) t.match(id, /^[\p{L}_][\p{L}\p{N}._-]*$/u)
})

t.test('the order of axes is that of the name of the system', async t => {
  const table = () => shapes('lieux', 'POINT', [['1', point]], 'EPSG:4326')
  t.match((await written(format('gml2'), table())).toString(), /epsg.xml#4326"><gml:coordinates>1,2 3,5<.*<gml:coordinates>1,2</)
  t.match((await written(format('gml31'), table())).toString(), /srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>2 1<.*<gml:pos>2 1</)
  t.match(
    (await written(format('gml32'), table())).toString(),
    /srsName="http:\/\/www.opengis.net\/def\/crs\/EPSG\/0\/4326"><gml:lowerCorner>2 1<.*<gml:pos>2 1</,
  )
  const crs84 = shapes('lieux', 'POINT', [['1', point]], 'OGC:CRS84')
  t.match((await written(format('gml32'), crs84)).toString(), 'srsName="http://www.opengis.net/def/crs/OGC/1.3/CRS84"><gml:pos>1 2<')
})

t.test('one feature is a document of its own', async t => {
  const page = {
    timeStamp: '2024-01-01T00:00:00Z',
    links: [],
    numberMatched: () => undefined,
    lastLinks: () => [],
    itemsAddress: 'http://localhost/items',
    isSingle: true,
  }
  const text = (
    await written(format('gml'), shapes('ws:lieux', 'POINT', [['1', point]]), {
      page,
      namespaces: new Map([['ws', 'http://example.org/ws']]),
    })
  ).toString()
  const root = readXml(text)
  t.match(root, { name: 'lieux', namespace: 'http://example.org/ws', attributes: [{ name: 'id', value: 'lieux.1' }] })
})

t.test('a failure in mid-stream is thrown, and stopping frees the rows', async t => {
  for (const { name } of versions) {
    await t.rejects(written(format(name), hardTable({ failsAfter: 60 }).table), { message: 'The database went away.' })
    const hard = hardTable({ count: 2000 })
    for await (const piece of format(name).write(hard.table, plainOptions)) {
      t.ok(piece.length < 256 * 1024)
      break
    }
    t.equal(hard.closed(), 1, name)
  }
})
