import t from 'tap'
import type { FeatureSet, Identified, RasterSample } from '#core/encoders.js'
import { type FeatureFormatOptions, identifyFormat, identifyFormats } from '#formats/features/index.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { ColumnKind } from '#rows/batch.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { oidOfKind } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { readXml, type XmlElement } from '#xml/read.js'
import { collectionOf } from '../../support/collections.js'

const options: FeatureFormatOptions = {
  languages: ['fr'],
  namespaces: new Map([['cg57', 'http://example.org/cg57']]),
  namespace: 'http://example.org/ns',
}
const point = (...coordinates: number[]) => writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.from(coordinates) })

function featureSet(id: string, columns: Record<string, ColumnKind>, rows: FieldInput[][], more: Partial<FeatureSet> = {}): FeatureSet {
  const named = Object.entries({ '@id': 'text' as const, ...columns }).map(([name, kind]) => ({ name, kind, oid: oidOfKind[kind] }))
  const builder = new RowBuilder({ columns: named })
  for (const row of rows) builder.row(row)
  const collection = collectionOf(
    { schema: 's', table: id, columns: [], geometries: [], rows: [] },
    { id, title: { fr: `Titre de ${id}`, en: id } },
  )
  return { collection, batches: [builder.take()], geometry: 'geom', crs: 'EPSG:2154', ...more }
}

const trees = featureSet(
  'arbres',
  { essence: 'text', hauteur: 'numeric', 'planté le': 'date', 'n°': 'bigint', sain: 'boolean', notes: 'json', geom: 'geometry' },
  [
    ['7', 'Chêne <pédonculé> & "vieux"', '12.50', '1890-04-01', 9007199254740993n, true, '{"état": "bon"}', point(930123.4567, 6860000)],
    ['8', null, null, null, null, null, null, null],
  ],
)
const ortho: RasterSample = {
  collection: collectionOf({ schema: 's', table: 'ortho', columns: [], geometries: [], rows: [] }, { title: 'Ortho' }),
  values: [
    { band: 'red', value: 12 },
    { band: 'proche infrarouge', value: null },
  ],
}

const encoded = (mediaType: string, sets: readonly Identified[]) => {
  const out = identifyFormat(mediaType)!.encode(sets, options)
  return typeof out === 'string' ? out : Buffer.from(out).toString('utf8')
}

t.test('formats are found by media type', async t => {
  const names = identifyFormats.flatMap(({ mediaTypes }) => mediaTypes)
  t.equal(new Set(names).size, names.length, 'no media type twice')
  for (const name of names) t.ok(identifyFormat(name.toUpperCase())?.mediaTypes.includes(name), name)
  t.equal(identifyFormat('text/html; charset=utf-8')?.name, 'HTML')
  t.equal(identifyFormat('application/vnd.ogc.gml/3.1.1')?.name, 'GML 3.1.1')
  t.equal(identifyFormat('text/xml; subtype=gml/3.1.1')?.name, 'GML 3.1.1')
  t.equal(identifyFormat('image/png'), undefined)
})

t.test('GeoJSON', async t => {
  t.same(JSON.parse(encoded('application/json', [trees, ortho])), {
    type: 'FeatureCollection',
    crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::2154' } },
    features: [
      {
        type: 'Feature',
        id: 'arbres.7',
        geometry: { type: 'Point', coordinates: [930123.457, 6860000] },
        properties: {
          essence: 'Chêne <pédonculé> & "vieux"',
          hauteur: 12.5,
          'planté le': '1890-04-01',
          'n°': Number(9007199254740993n),
          sain: true,
          notes: { état: 'bon' },
        },
      },
      {
        type: 'Feature',
        id: 'arbres.8',
        geometry: null,
        properties: { essence: null, hauteur: null, 'planté le': null, 'n°': null, sain: null, notes: null },
      },
      { type: 'Feature', id: 'ortho', geometry: null, properties: { red: 12, 'proche infrarouge': null } },
    ],
    numberReturned: 3,
  })
  t.match(encoded('application/json', [trees]), '"hauteur":12.50,', 'numerics keep their digits')
  t.match(encoded('application/json', [trees]), '"n°":9007199254740993,', 'and integers all of theirs')
  t.same(JSON.parse(encoded('application/json', [])), { type: 'FeatureCollection', features: [], numberReturned: 0 })
  const odd = featureSet('x', { d: 'double', n: 'numeric', b: 'bytes', geom: 'geometry' }, [
    [null, Number.NaN, 'Infinity', Buffer.from('ab'), null],
  ])
  t.same(
    JSON.parse(encoded('application/json', [odd])).features[0].properties,
    { d: null, n: null, b: 'YWI=' },
    'what JSON cannot say is null',
  )
  t.notOk('id' in JSON.parse(encoded('application/json', [odd])).features[0], 'without a key there is no id')
  const two = JSON.parse(
    encoded('application/json', [featureSet('a', { geom: 'geometry' }, [['1', point(7, 49)]], { crs: 'EPSG:4326' }), trees]),
  )
  t.equal(two.crs, undefined)
  t.same(
    two.features.map((f: { crs: { properties: unknown } }) => f.crs.properties),
    [{ name: 'urn:ogc:def:crs:EPSG::4326' }, { name: 'urn:ogc:def:crs:EPSG::2154' }, { name: 'urn:ogc:def:crs:EPSG::2154' }],
    'mixed CRS are named feature by feature',
  )
})

const childrenOf = (node: XmlElement, name?: string) =>
  node.content.filter((child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name))
const textOf = (node: XmlElement): string => node.content.map(child => (typeof child === 'string' ? child : textOf(child))).join('')

t.test('GML 2.1.2', async t => {
  const text = encoded('application/vnd.ogc.gml', [trees, ortho])
  t.match(
    text,
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<wfs:FeatureCollection xmlns:wfs="http:\/\/www.opengis.net\/wfs"/,
    'as clients sniff it',
  )
  const root = readXml(text)
  const [bounded, ...members] = childrenOf(root)
  t.equal(bounded.name, 'boundedBy')
  t.match(
    text,
    '<gml:Box srsName="http://www.opengis.net/gml/srs/epsg.xml#2154"><gml:coordinates>930123.457,6860000 930123.457,6860000</gml:coordinates></gml:Box>',
  )
  t.equal(members.length, 3)
  const [tree] = childrenOf(members[0])
  t.match(tree, { name: 'arbres', namespace: 'http://example.org/ns', attributes: [{ name: 'fid', value: 'arbres.7' }] })
  t.same(
    childrenOf(tree).map(({ name }) => name),
    ['boundedBy', 'geom', 'essence', 'hauteur', 'planté_x0020_le', 'n_x00B0_', 'sain', 'notes'],
  )
  t.equal(textOf(childrenOf(tree, 'essence')[0]), 'Chêne <pédonculé> & "vieux"')
  t.equal(textOf(childrenOf(tree, 'n_x00B0_')[0]), '9007199254740993')
  t.match(
    text,
    '<app:geom><gml:Point srsName="http://www.opengis.net/gml/srs/epsg.xml#2154"><gml:coordinates>930123.457,6860000</gml:coordinates></gml:Point></app:geom>',
  )
  t.same(childrenOf(childrenOf(members[1])[0]).length, 0, 'nulls are left out')
  t.match(text, '<app:ortho fid="ortho"><app:red>12</app:red></app:ortho>')
  t.match(encoded('application/vnd.ogc.gml', []), '<gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy></wfs:FeatureCollection>')
})

t.test('GML 3.1.1 follows the axis order of the authority', async t => {
  const text = encoded('application/vnd.ogc.gml/3.1.1', [
    featureSet('a b', { geom: 'geometry' }, [['1', point(7.123456789123, 49)]], { crs: 'EPSG:4326' }),
  ])
  readXml(text)
  t.match(text, '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>49 7.123456789</gml:pos></gml:Point>')
  t.match(text, '<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>49 7.123456789</gml:lowerCorner>')
  t.match(text, '<app:a_x0020_b gml:id="a_x0020_b.1">', 'ids are names of XML')
})

t.test('GML 3.2.1 has a collection of its own, and an id on every object', async t => {
  const set = featureSet(
    'a b',
    { geom: 'geometry' },
    [
      ['1', point(7.123456789123, 49)],
      [null, point(8, 50)],
    ],
    { crs: 'EPSG:4326' },
  )
  const text = encoded('application/gml+xml; version=3.2', [set, set, ortho])
  const root = readXml(text)
  t.match(root, { name: 'FeatureInfo', namespace: 'http://example.org/ns' })
  t.match(text, '<app:member><app:a_x0020_b gml:id="a_x0020_b.1"><app:geom>', 'the box of a point has no size')
  t.match(text, '<gml:Point gml:id="a_x0020_b.1.geom" srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>49 7.123456789</gml:pos></gml:Point>')
  const ids = [...text.matchAll(/ gml:id="([^"]*)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, ids.length, 'no id twice, though a set is there twice and a feature has none')
  t.equal(ids.length, 1 + 4 * 2 + 1)
  t.match(text, '<app:ortho gml:id="ortho"><app:red>12</app:red></app:ortho>')
  t.notMatch(encoded('application/vnd.ogc.gml/3.2.1', []), 'boundedBy')
})

t.test('prefixes that are declared are prefixes, others part of the name', async t => {
  const set = (id: string) => featureSet(id, { geom: 'geometry' }, [['1', point(1, 2)]])
  t.match(encoded('application/vnd.ogc.gml', [set('cg57:communes')]), 'xmlns:cg57="http://example.org/cg57"')
  t.match(encoded('application/vnd.ogc.gml', [set('cg57:communes')]), '<cg57:communes fid="communes.1">')
  t.match(encoded('application/vnd.ogc.gml', [set('autre:communes')]), '<app:autre_x003A_communes fid="communes.1">')
  t.match(encoded('application/vnd.ogc.gml', [set('ORTHO.2020')]), '<app:ORTHO.2020 ')
})

t.test('text', async t => {
  t.equal(
    encoded('text/plain', [trees, ortho]),
    `Titre de arbres (arbres)
  essence: Chêne <pédonculé> & "vieux"
  hauteur: 12.50
  planté le: 1890-04-01
  n°: 9007199254740993
  sain: true
  notes: {"état": "bon"}

  essence:${' '}
  hauteur:${' '}
  planté le:${' '}
  n°:${' '}
  sain:${' '}
  notes:${' '}

Ortho (ortho)
  red: 12
  proche infrarouge:${' '}
`,
  )
  t.equal(encoded('text/plain', []), 'Rien trouvé ici.\n')
})

t.test('HTML shows everything and lets nothing through', async t => {
  const hostile = featureSet('<script>', { '<b onclick=x>': 'text', geom: 'geometry' }, [['1', '<img src=x onerror=alert(1)>', null]])
  const text = encoded('text/html', [hostile, trees])
  t.notMatch(text, /<script|<img|<b |onerror=alert\(1\)>/)
  t.match(text, '&lt;img src=x onerror=alert(1)&gt;')
  t.match(text, 'Chêne &lt;pédonculé&gt; &amp; &quot;vieux&quot;')
  t.match(text, '<html lang="fr">')
  t.match(text, '<div class="arpent-info">')
  t.match(encoded('text/html', []), 'Rien trouvé ici.')
  readXml(text.replace('<!DOCTYPE html>\n', ''))
})
