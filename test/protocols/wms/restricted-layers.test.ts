import t from 'tap'
import type { Atlas, Collection } from '#core/atlas.js'
import { buildCollection } from '#core/build-collection.js'
import { steadyNow } from '#core/clock.js'
import { fetchTile } from '#core/fetch-tile.js'
import type { Stores } from '#core/ports.js'
import type { CollectionSettings } from '#core/publication.js'
import { tileBbox } from '#geo/tile-matrix-set.js'
import { readSldStyles } from '#styles/sld/read-sld-styles.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { attributeOf, childOf, readXml, textOf } from '#xml/read.js'
import { point } from '../../support/drawing.js'
import { type MemoryTable, memoryStore } from '../../support/memory-store.js'
import { readPicture } from '../../support/picture.js'
import { tablePublication } from '../../support/publications.js'
import { pick, seeded } from '../../support/seeded.js'
import { atlas, getMap130, testWms, withParameters } from './wms-support.js'

const random = seeded(5)
type Row = readonly [id: number, station: string, annee: number, jour: string, ouvert: boolean, secret: string, geometry: Uint8Array]
const many = Array.from(
  { length: 200 },
  (_, id): Row => [
    id,
    pick(random, ['ME01', 'ME02', 'NA01', "d'Ars; x,y"]),
    2020 + Math.floor(random() * 5),
    `2024-0${1 + Math.floor(random() * 9)}-15`,
    random() < 0.5,
    random() < 0.7 ? 'public' : 'privé',
    point(280_000 + random() * 1000, 6_250_000 + random() * 1000),
  ],
)
/** The last of its time, at a station of its own. */
const rows: readonly Row[] = [...many, [200, 'ME02', 2024, '2030-01-15', true, 'public', point(280_500, 6_250_500)]]

const tableOf = (table: string, some: readonly Row[]): MemoryTable => ({
  schema: 'public',
  table,
  columns: [
    { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'station', kind: 'text', nativeType: 'text', isNullable: false },
    { name: 'annee', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'jour', kind: 'date', nativeType: 'date', isNullable: false },
    { name: 'ouvert', kind: 'boolean', nativeType: 'boolean', isNullable: false },
    { name: 'secret', kind: 'text', nativeType: 'text', isNullable: false },
  ],
  geometries: [{ name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:3857', srid: 3857, isIndexed: true, isNullable: true }],
  key: { kind: 'primary', columns: ['id'] },
  rows: some,
})

const mark =
  '<PointSymbolizer><Graphic><Mark><WellKnownName>square</WellKnownName><Fill><CssParameter name="fill">#aa0000</CssParameter></Fill></Mark><Size>6</Size></Graphic></PointSymbolizer>'
const rule = (station: string) =>
  `<Rule><Name>${station}</Name><ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>station</ogc:PropertyName><ogc:Literal>${station}</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>${mark}</Rule>`
const text =
  '<TextSymbolizer><Label><ogc:PropertyName>id</ogc:PropertyName></Label><Font><CssParameter name="font-size">9</CssParameter></Font></TextSymbolizer>'
const styleOf = (inner: string) =>
  readSldStyles(`<FeatureTypeStyle xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">${inner}</FeatureTypeStyle>`)
    .styles[0].style
const styles = [
  { name: 'marks', title: 'marks', style: styleOf(`<Rule>${mark}${text}</Rule>`) },
  { name: 'rules', title: 'rules', style: styleOf(rule('ME01') + rule('ME02')) },
]

const restricted: CollectionSettings = {
  hidden: ['secret'],
  filter: "secret = 'public' AND annee >= :annee AND (:station = '' OR station = :station)",
  params: {
    annee: { type: 'integer', default: 2021, values: [2020, 2021, 2022, 2023, 2024] },
    station: { type: 'text', default: '' },
  },
}
const typed: CollectionSettings = {
  filter: 'jour > :jour AND ouvert = :ouvert AND id * 1.0 < :id',
  params: {
    jour: { type: 'date', default: '2024-01-01' },
    ouvert: { type: 'boolean', default: true },
    id: { type: 'number', default: 1e6 },
    Code: { type: 'text', default: 'AB', pattern: '[A-Z]{2}' },
  },
}
const always: CollectionSettings = { filter: "station = 'NA01'", hidden: ['secret'] }

/** A server of the table under several restrictions, and of the rows for which `isChosen` is true as they are. */
function serverOf(isChosen: (row: Row) => boolean) {
  const tables = [tableOf('tout', rows), tableOf('quelques', rows.filter(isChosen))]
  const store = memoryStore('main', tables, { batchRows: 30 })
  const stores: Stores = { features: () => store, raster: () => Promise.reject() as never }
  const built = (id: string, table: MemoryTable, settings: CollectionSettings): Collection => {
    const { columns, geometries, key, schema } = table
    const answer = buildCollection(
      id,
      tablePublication({ schema, table: table.table, columns, geometries, key }, { settings: { styles, ...settings } }),
    )
    if ('obstacle' in answer) throw new Error(answer.obstacle.message)
    return answer.collection
  }
  const collections = [
    built('mesures', tables[0], restricted),
    built('types', tables[0], { ...typed, filter: `${typed.filter} AND :Code <> 'ZZ'` }),
    built('na', tables[0], always),
    built('dates', tables[0], {
      dimensions: [{ name: 'time', place: { kind: 'column', column: 'jour' }, extent: '2024-01-15/2030-01-15' }],
    }),
    built('tout', tables[0], {}),
    built('quelques', tables[1], { hidden: ['secret'] }),
  ]
  const of: Atlas = { ...atlas, collections: new Map(collections.map(one => [one.id, one])), spaces: new Map() }
  const renderer = inlineRenderer(stores)
  return { ...testWms(of, renderer, stores), renderer, stores, of }
}

const box = '280000,6250000,281000,6251000'
const mapOf = (layers: string, more: Readonly<Record<string, string>> = {}) =>
  withParameters(getMap130, { LAYERS: layers, STYLES: '', CRS: 'EPSG:3857', BBOX: box, ...more })
const infoOf = (layers: string, more: Readonly<Record<string, string>> = {}) =>
  withParameters(mapOf(layers), {
    REQUEST: 'GetFeatureInfo',
    QUERY_LAYERS: layers,
    INFO_FORMAT: 'application/json',
    FEATURE_COUNT: '100',
    I: '128',
    J: '128',
    BUFFER: '50',
    ...more,
  })

const cases: readonly (readonly [layer: string, params: string | undefined, isChosen: (row: Row) => boolean])[] = [
  ['na', undefined, ([, station]) => station === 'NA01'],
  ['mesures', undefined, ([, , annee, , , secret]) => secret === 'public' && annee >= 2021],
  ['mesures', 'annee:2023', ([, , annee, , , secret]) => secret === 'public' && annee >= 2023],
  ['mesures', 'ANNEE:;station:ME01;', ([, station, annee, , , secret]) => secret === 'public' && annee >= 2021 && station === 'ME01'],
  ['mesures', "station:d'Ars\\; x\\,y;annee: 2020", ([, station, , , , secret]) => secret === 'public' && station === "d'Ars; x,y"],
  ['mesures', "station:' OR 1=1 --", () => false],
  ['types', 'jour:2024-06-01;ouvert:FALSE', ([, , , jour, ouvert]) => jour > '2024-06-01' && !ouvert],
  ['types', 'id:5.05e1;code:QQ', ([id, , , jour, ouvert]) => jour > '2024-01-01' && ouvert && id < 50.5],
]

const pictureOf = async (body: Uint8Array | string) => (await readPicture(Buffer.from(body as Uint8Array))).pixels

for (const parameter of ['PARAMS', 'VIEWPARAMS'])
  t.test(`a restricted layer is a table that has only those rows, ${parameter}`, async t => {
    for (const [layer, params, isChosen] of cases) {
      const what = `${layer}, ${params}`
      const { ask, logged } = serverOf(isChosen)
      const more = { ...(params !== undefined && { [parameter]: params }) }
      const [ours, theirs, all] = [await ask(mapOf(layer, more)), await ask(mapOf('quelques')), await ask(mapOf('tout'))]
      t.equal(ours.status, 200, ours.status === 200 ? '' : ours.text)
      t.ok((await pictureOf(ours.body)).equals(await pictureOf(theirs.body)), `${what}: GetMap`)
      t.notOk((await pictureOf(ours.body)).equals(await pictureOf(all.body)), `${what}: leaves out something`)
      const found = async (query: string) =>
        (JSON.parse((await ask(query)).text) as { features: { id: string; properties: object }[] }).features.map(({ id }) =>
          id.replace(/^.*\./, ''),
        )
      t.same(await found(infoOf(layer, more)), await found(infoOf('quelques')), `${what}: GetFeatureInfo`)
      const legend = async (name: string, more = {}) => {
        const { text } = await ask(
          withParameters(mapOf(name), {
            REQUEST: 'GetLegendGraphic',
            LAYER: name,
            STYLE: 'rules',
            FORMAT: 'application/json',
            LEGEND_OPTIONS: 'hideEmptyRules:true',
            ...more,
          }),
        )
        return (JSON.parse(text) as { Legend: { rules: { name: string }[] }[] }).Legend[0].rules.map(({ name }) => name)
      }
      t.same(await legend(layer, more), await legend('quelques'), `${what}: legend`)
      t.same(logged, [])
    }
  })

t.test('tiles show the default, and texts of tiles are not those of other values', async t => {
  const { ask, of, renderer, stores } = serverOf(([, , annee, , , secret]) => secret === 'public' && annee >= 2021)
  const grid = of.grids.get('WebMercatorQuad')!
  const matrix = grid.matrices[15]
  const [column, row] = [
    Math.floor((280_500 - matrix.origin[0]) / (matrix.cellSize * 256)),
    Math.floor((matrix.origin[1] - 6_250_500) / (matrix.cellSize * 256)),
  ]
  const BBOX = tileBbox(matrix, column, row).join()
  const tile = async (id: string) => {
    const collection = of.collections.get(id)!
    const query = {
      collection,
      style: collection.styles[0],
      grid,
      matrix,
      column,
      row,
      mediaTypes: ['image/png'],
      background: { color: 0xffffff, isTransparent: false },
    }
    return pictureOf((await fetchTile(query, { renderer, stores, limits: of.limits, deadline: steadyNow() + 900_000 })).bytes)
  }
  const asTile = async (id: string, more = {}) => pictureOf((await ask(mapOf(id, { BBOX, TILED: 'true', ...more }))).body)
  t.ok((await tile('mesures')).equals(await tile('quelques')))
  t.notOk((await tile('mesures')).equals(await tile('tout')))
  t.ok((await asTile('mesures')).equals(await tile('mesures')))
  const some = await asTile('mesures', { PARAMS: 'station:ME01' })
  t.notOk(some.equals(await tile('mesures')), 'labels that were placed for all are not those of some')
  const filtered = serverOf(([, station, annee, , , secret]) => secret === 'public' && annee >= 2021 && station === 'ME01')
  t.ok(some.equals(await pictureOf((await filtered.ask(mapOf('quelques', { BBOX, TILED: 'true' }))).body)))
})

t.test('one set for all layers, or one for each; beside filters; in documents of styles', async t => {
  const { ask } = serverOf(() => true)
  const count = async (layers: string, more: Readonly<Record<string, string>>) => {
    const { status, text } = await ask(infoOf(layers, { FEATURE_COUNT: '1000', ...more }))
    t.equal(status, 200, text.slice(0, 200))
    return (JSON.parse(text) as { features: unknown[] }).features.length
  }
  const one = (annee: number) => count('mesures', { PARAMS: `annee:${annee}` })
  const [early, late, na] = [await one(2020), await one(2024), await count('na', {})]
  t.ok(early > late && late > 0 && na > 0)
  t.equal(await count('mesures,mesures', { PARAMS: 'annee:2020,annee:2024' }), early + late)
  t.equal(await count('mesures,mesures', { PARAMS: 'annee:2024' }), 2 * late)
  t.equal(await count('mesures,na', { PARAMS: 'annee:2024' }), late + na, 'a layer that does not know the name is as it was')
  t.equal(await count('mesures,na', { PARAMS: 'annee:2024,' }), late + na)
  const me = await count('mesures', { PARAMS: 'annee:2024;station:ME01' })
  t.equal(await count('mesures', { PARAMS: 'annee:2024', CQL_FILTER: "station = 'ME01'" }), me, 'filters come on top')
  const sld =
    '<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name>mesures</Name><NamedStyle><Name>marks</Name></NamedStyle></NamedLayer></StyledLayerDescriptor>'
  const [alone, plain] = [
    await ask(withParameters(mapOf('mesures', { SLD_BODY: sld, PARAMS: 'annee:2024' }), { LAYERS: undefined })),
    await ask(mapOf('mesures', { PARAMS: 'annee:2024' })),
  ]
  t.ok((await pictureOf(alone.body)).equals(await pictureOf(plain.body)))
})

t.test('what no layer knows, or no value is, is refused with what would work', async t => {
  const { ask } = serverOf(() => true)
  for (const [layers, PARAMS, message] of [
    ['mesures', 'anne:2024', 'PARAMS names «anne», which is no parameter of the layer; annee (integer), station (text) would work.'],
    ['mesures,na', 'annee:2024,annee:2024', 'PARAMS names «annee», which is no parameter of the layer; it has none.'],
    [
      'mesures',
      'annee:x',
      'PARAMS gives annee the value «x», which is not an integer, one of 2020, 2021, 2022, 2023, 2024; annee:2021 would work.',
    ],
    ['mesures', 'annee:2019', 'one of 2020, 2021, 2022, 2023, 2024; annee:2021 would work.'],
    ['mesures', 'annee:2021 OR 1=1', 'which is not an integer'],
    ['mesures', '2024', 'PARAMS has «2024», which is no name with a value; year:2024;town:57463 is the form.'],
    ['mesures', 'annee:2021,annee:2021', 'PARAMS has 2 sets for 1 layers; one for each, or one for all, would work.'],
    ['mesures', `station:${'x'.repeat(1001)}`, 'which is not a text of at most 1000 characters'],
    ['mesures', 'station:\0', 'which is not a text'],
    ['types', 'jour:2024-02-30', 'which is not a date such as 2024-06-30; jour:2024-01-01 would work.'],
    ['types', 'ouvert:oui', 'which is not true or false; ouvert:true would work.'],
    ['types', 'id:1e999', 'which is not a number; id:1000000 would work.'],
    ['types', 'code:abc', 'which is not a text of at most 1000 characters like [A-Z]{2}; Code:AB would work.'],
  ] as const) {
    for (const query of [mapOf(layers, { PARAMS }), infoOf(layers, { PARAMS })]) {
      const { status, text } = await ask(query)
      t.equal(status, 400, `${layers} ${PARAMS.slice(0, 40)}`)
      const exception = childOf(readXml(text), 'ServiceException')!
      t.equal(attributeOf(exception, 'code'), 'InvalidParameterValue')
      t.equal(attributeOf(exception, 'locator'), 'params')
      t.ok(textOf(exception).includes(message), textOf(exception))
    }
  }
  t.equal((await ask(mapOf('tout', { PARAMS: 'whatever' }))).status, 200, 'without parameters it is some other server’s')
})

t.test('legends without empty rules follow the time', async t => {
  const { ask } = serverOf(() => true)
  const rules = async (TIME: string | undefined) => {
    const legend = {
      REQUEST: 'GetLegendGraphic',
      LAYER: 'dates',
      STYLE: 'rules',
      FORMAT: 'application/json',
      LEGEND_OPTIONS: 'hideEmptyRules:true',
    }
    const { text } = await ask(withParameters(mapOf('dates'), { ...legend, TIME }))
    return (JSON.parse(text) as { Legend: { rules: { name: string }[] }[] }).Legend[0].rules.map(({ name }) => name)
  }
  t.same(await rules(undefined), ['ME01', 'ME02'])
  t.same(await rules('2024'), ['ME01', 'ME02'])
  t.same(await rules('2030'), ['ME02'])
  t.same(await rules('2025/2029'), [])
})

t.test('hidden columns restrict, and stay hidden', async t => {
  const { ask } = serverOf(() => true)
  t.notMatch((await ask(infoOf('mesures'))).text, /secret|privé/)
  const { status, text } = await ask(mapOf('mesures', { CQL_FILTER: "secret = 'privé'" }))
  t.equal(status, 400)
  t.notMatch(text.replace('“secret”', ''), /secret/)
  const placeholder = await ask(mapOf('mesures', { CQL_FILTER: 'annee = :annee' }))
  t.equal(placeholder.status, 400, 'clients have no placeholders')
})

t.test('a filter that does not fit its table keeps all of it from being published', t => {
  for (const [filter, message] of [
    ['altitude > 3', /nothing of it is published.*altitude/],
    ['geom > 3', /nothing of it is published/],
    ['INTERSECTS(autre, POINT(1 2))', /nothing of it is published/],
  ] as const) {
    const { columns, geometries } = tableOf('t', [])
    const answer = buildCollection('t', tablePublication({ columns, geometries }, { settings: { filter } }))
    t.match(answer, { obstacle: { severity: 'error', code: 'bad-filter', message } }, filter)
  }
  t.end()
})
