import t from 'tap'
import type { Atlas, Collection } from '#core/atlas.js'
import { steadyNow } from '#core/clock.js'
import { fetchTile } from '#core/fetch-tile.js'
import type { Stores } from '#core/ports.js'
import type { MapJob } from '#core/queries.js'
import { tileBbox } from '#geo/tile-matrix-set.js'
import { readSldStyles } from '#styles/sld/read-sld-styles.js'
import type { Style } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { sharedDrawing } from '#workers/shared-drawing.js'
import { point, polygon } from '../../support/drawing.js'
import { type MemoryTable, memorySource, memoryStore } from '../../support/memory-store.js'
import { readPicture } from '../../support/picture.js'
import { pick, seeded } from '../../support/seeded.js'
import { atlas, getMap130, recordingRenderer, testWms } from './wms-support.js'

const random = seeded(77)
type Row = readonly [id: number, essence: string | null, hauteur: number, planted: string, geometry: Uint8Array]
const at = () => [random() * 1000, random() * 1000] as const
const rows: readonly Row[] = Array.from({ length: 120 }, (_, id) => {
  const [x, y] = at()
  const size = 20 + random() * 60
  const ring = [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ]
  const essence = random() < 0.1 ? null : pick(random, ['Chêne', 'Hêtre', 'Érable champêtre', 'frêne'])
  const planted = `20${10 + Math.floor(random() * 10)}-0${1 + Math.floor(random() * 9)}-15`
  return [id, essence, Math.round(random() * 400) / 10, planted, id % 2 ? polygon(ring) : point(x, y)]
})

const tableOf = (name: string, some: readonly Row[]): MemoryTable => ({
  schema: 'public',
  table: name,
  columns: [
    { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'essence', kind: 'text', nativeType: 'text', isNullable: true },
    { name: 'hauteur', kind: 'double', nativeType: 'double precision', isNullable: false },
    { name: 'planted', kind: 'date', nativeType: 'date', isNullable: false },
  ],
  geometries: [{ name: 'geom', type: 'GEOMETRY', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true }],
  key: { kind: 'primary', columns: ['id'] },
  rows: some,
})

function styleOf(inner: string): Style {
  const { styles, notes } = readSldStyles(
    `<FeatureTypeStyle xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">${inner}</FeatureTypeStyle>`,
  )
  if (notes.length > 0) throw new Error(JSON.stringify(notes))
  return styles[0].style
}

const mark = (color: string, size = '10') =>
  `<PointSymbolizer><Graphic><Mark><WellKnownName>square</WellKnownName><Fill><CssParameter name="fill">${color}</CssParameter></Fill></Mark><Size>${size}</Size></Graphic></PointSymbolizer>`
const is = (name: string) =>
  `<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>essence</ogc:PropertyName><ogc:Literal>${name}</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>`
const text = (name: string) =>
  `<TextSymbolizer><Label><ogc:PropertyName>${name}</ogc:PropertyName></Label><Font><CssParameter name="font-size">10</CssParameter></Font></TextSymbolizer>`
const stacker =
  '<Transformation><ogc:Function name="vec:PointStacker"><ogc:Function name="parameter"><ogc:Literal>data</ogc:Literal></ogc:Function><ogc:Function name="parameter"><ogc:Literal>cellSize</ogc:Literal><ogc:Literal>30</ogc:Literal></ogc:Function></ogc:Function></Transformation>'
const styles: Readonly<Record<string, Style>> = {
  rules: styleOf(
    `<Rule><Name>chênes</Name>${is('Chêne')}${mark('#aa0000')}</Rule><Rule><Name>hêtres</Name>${is('Hêtre')}${mark('#0000aa', '16')}</Rule><Rule><Name>autres</Name><ElseFilter/>${mark('#888888')}</Rule>`,
  ),
  texts: styleOf(`<Rule>${mark('#008800')}${text('essence')}</Rule>`),
  clusters: styleOf(`${stacker}<Rule>${mark('#008800', '20')}${text('count')}</Rule>`),
}

/** A server of one layer for all rows, and one for those of them that `isChosen` says. */
function serverOf(isChosen: (row: Row) => boolean) {
  const tables = [tableOf('tous', rows), tableOf('quelques', rows.filter(isChosen))]
  const store = memoryStore('memory', tables, { batchRows: 30 })
  const stores: Stores = {
    features: () => store,
    raster: () => {
      throw new Error('no rasters here')
    },
  }
  const collections = tables.map(
    (table): Collection => ({
      id: table.table,
      title: table.table,
      crs: ['EPSG:2154'],
      storageCrs: 'EPSG:2154',
      styles: Object.entries(styles).map(([name, style]) => ({ name, title: name, version: '1', style })),
      source: memorySource('memory', table),
    }),
  )
  const of: Atlas = { ...atlas, collections: new Map(collections.map(collection => [collection.id, collection])), spaces: new Map() }
  return testWms(of, inlineRenderer(stores), stores)
}

const frame = 'SERVICE=WMS&VERSION=1.3.0&CRS=EPSG:2154&BBOX=0,0,1000,1000&WIDTH=256&HEIGHT=256'
const map = (layer: string, style: string, more = '') => `${frame}&REQUEST=GetMap&LAYERS=${layer}&STYLES=${style}&FORMAT=image/png${more}`

const filters: readonly (readonly [name: string, said: string, isChosen: (row: Row) => boolean])[] = [
  ['CQL_FILTER', "essence = 'Chêne' AND hauteur > 10", ([, essence, hauteur]) => essence === 'Chêne' && hauteur > 10],
  ['CQL_FILTER', "essence ILIKE 'é%' OR essence IS NULL", ([, essence]) => essence === null || essence === 'Érable champêtre'],
  ['CQL_FILTER', "strToUpperCase(essence) IN ('FRÊNE', 'HÊTRE')", ([, essence]) => essence === 'frêne' || essence === 'Hêtre'],
  ['CQL_FILTER', 'planted AFTER 2014-12-31 AND planted BEFORE 2018-01-01', row => row[3] > '2014-12-31' && row[3] < '2018-01-01'],
  ['FILTER', `tous:"hauteur" >= 20 AND "essence" = 'Chêne'`, ([, essence, hauteur]) => essence === 'Chêne' && hauteur >= 20],
  [
    'FILTER',
    '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:PropertyIsLessThan><fes:ValueReference>hauteur</fes:ValueReference><fes:Literal>15</fes:Literal></fes:PropertyIsLessThan></fes:Filter>',
    ([, , hauteur]) => hauteur < 15,
  ],
  ['FEATUREID', 'tous.3,tous.4,tous.55,tous.80', ([id]) => [3, 4, 55, 80].includes(id)],
]

t.test('a filtered map is the map of a table that has only those rows: marks, texts, clusters, documents', async t => {
  for (const [name, said, isChosen] of filters) {
    const { ask, logged } = serverOf(isChosen)
    const filter = `&${name}=${encodeURIComponent(said)}`
    for (const style of Object.keys(styles)) {
      const [filtered, some, all] = [
        await ask(map('tous', style, filter)),
        await ask(map('quelques', style)),
        await ask(map('tous', style)),
      ]
      t.equal(filtered.status, 200, filtered.status === 200 ? '' : filtered.text)
      t.ok(
        (await readPicture(Buffer.from(filtered.body))).pixels.equals((await readPicture(Buffer.from(some.body))).pixels),
        `${said}, ${style}`,
      )
      t.notOk(
        (await readPicture(Buffer.from(all.body))).pixels.equals((await readPicture(Buffer.from(some.body))).pixels),
        `${said} leaves out something`,
      )
    }
    const svg = async (layer: string, more = '') =>
      (await ask(map(layer, 'texts', more).replace('image/png', 'image/svg%2Bxml'))).text.replaceAll(layer, 'layer')
    t.equal(await svg('tous', filter), await svg('quelques'), `${said}, SVG`)
    t.same(logged, [])
  }
})

t.test('GetFeatureInfo finds what the filtered map shows', async t => {
  for (const [name, said, isChosen] of filters) {
    const { ask } = serverOf(isChosen)
    const found = async (layer: string, more = '') => {
      const query = `${frame}&REQUEST=GetFeatureInfo&LAYERS=${layer}&QUERY_LAYERS=${layer}&INFO_FORMAT=application/json&FEATURE_COUNT=100&I=128&J=128&BUFFER=50${more}`
      const answer = JSON.parse((await ask(query)).text) as { features: { id: string }[] }
      return answer.features.map(({ id }) => id.replace(/^.*\./, ''))
    }
    t.same(await found('tous', `&${name}=${encodeURIComponent(said)}`), await found('quelques'), said)
  }
})

t.test('a layer that is there twice, with a filter for each, is asked twice', async t => {
  const { ask } = serverOf(() => true)
  const query = `${frame}&REQUEST=GetFeatureInfo&LAYERS=tous,tous&QUERY_LAYERS=tous,tous&INFO_FORMAT=application/json&FEATURE_COUNT=200&I=128&J=128&BUFFER=50`
  const counts = async (filter: string) => (JSON.parse((await ask(query + filter)).text) as { features: unknown[] }).features.length
  const [low, high] = ['hauteur < 20', 'hauteur >= 20']
  const [a, b, all] = [
    await counts(`&CQL_FILTER=${low};EXCLUDE`),
    await counts(`&CQL_FILTER=EXCLUDE;${high}`),
    await counts('&CQL_FILTER=INCLUDE;EXCLUDE'),
  ]
  t.ok(a > 0 && b > 0)
  t.equal(await counts(`&CQL_FILTER=${low};${high}`), a + b)
  t.equal(a + b, all)
})

t.test('legends without empty rules count the features of the filter only', async t => {
  const { ask } = serverOf(() => true)
  const rules = async (filter: string) => {
    const query = `${frame}&REQUEST=GetLegendGraphic&LAYER=tous&STYLE=rules&FORMAT=application/json&LEGEND_OPTIONS=hideEmptyRules:true${filter}`
    const answer = JSON.parse((await ask(query)).text) as { Legend: { rules: { name: string }[] }[] }
    return answer.Legend[0].rules.map(({ name }) => name)
  }
  t.same(await rules(''), ['chênes', 'hêtres', 'autres'])
  t.same(await rules(`&CQL_FILTER=${encodeURIComponent("essence IN ('Chêne', 'frêne')")}`), ['chênes', 'autres'])
  t.same(await rules(`&CQL_FILTER=${encodeURIComponent("essence = 'Hêtre'")}`), ['hêtres'])
  t.same(await rules('&CQL_FILTER=EXCLUDE'), [])
})

t.test('SORTBY says what is on top', async t => {
  const store = (order: readonly number[]) => {
    const two: readonly Row[] = order.map(id => [id, id === 1 ? 'Chêne' : 'Hêtre', id, '2024-01-01', point(500, 500)])
    return tableOf(`ordre${order.join('')}`, two)
  }
  const tables = [store([1, 2]), store([2, 1])]
  const kept = memoryStore('memory', tables)
  const stores: Stores = { features: () => kept, raster: () => Promise.reject() as never }
  const collections = tables.map(
    (table): Collection => ({
      id: table.table,
      title: '',
      crs: ['EPSG:2154'],
      storageCrs: 'EPSG:2154',
      styles: [{ name: 'rules', title: '', version: '1', style: styles.rules }],
      source: memorySource('memory', table),
    }),
  )
  const { ask } = testWms({ ...atlas, collections: new Map(collections.map(one => [one.id, one])) }, inlineRenderer(stores), stores)
  const middle = async (layer: string, sort: string) => {
    const { pixels } = await readPicture(Buffer.from((await ask(map(layer, '', sort))).body))
    const at = (128 * 256 + 128) * (pixels.length / 256 / 256)
    return pixels.subarray(at, at + 3).toString('hex')
  }
  for (const layer of ['ordre12', 'ordre21']) {
    t.equal(await middle(layer, '&SORTBY=hauteur'), '0000aa')
    t.equal(await middle(layer, '&SORTBY=hauteur D'), 'aa0000')
    t.equal(await middle(layer, '&SORTBY=(essence DESC)'), 'aa0000')
    for (const [sort, essence] of [
      ['hauteur', 'Hêtre'],
      ['hauteur D', 'Chêne'],
    ]) {
      const query = `${frame}&REQUEST=GetFeatureInfo&LAYERS=${layer}&QUERY_LAYERS=${layer}&INFO_FORMAT=application/json&I=128&J=128&SORTBY=${sort}`
      t.match(JSON.parse((await ask(query)).text), { features: [{ properties: { essence } }] }, `${sort}: what is on top is found first`)
    }
  }
})

t.test('ENV gives values to styles, and what is not given has its default', async t => {
  const table = tableOf('un', [[1, 'Chêne', 10, '2024-01-01', point(500, 500)]])
  const kept = memoryStore('memory', [table])
  const stores: Stores = { features: () => kept, raster: () => Promise.reject() as never }
  const color = '<ogc:Function name="env"><ogc:Literal>couleur</ogc:Literal><ogc:Literal>#0000ff</ogc:Literal></ogc:Function>'
  const collection: Collection = {
    id: 'un',
    title: '',
    crs: ['EPSG:2154'],
    storageCrs: 'EPSG:2154',
    styles: [{ name: 'env', title: '', version: '1', style: styleOf(`<Rule>${mark(color, '40')}</Rule>`) }],
    source: memorySource('memory', table),
  }
  const { ask } = testWms({ ...atlas, collections: new Map([['un', collection]]) }, inlineRenderer(stores), stores)
  const middle = async (more: string) => {
    const { pixels } = await readPicture(Buffer.from((await ask(map('un', '', more))).body))
    return pixels.subarray((128 * 256 + 128) * 4, (128 * 256 + 128) * 4 + 3).toString('hex')
  }
  t.equal(await middle(''), '0000ff')
  t.equal(await middle('&ENV=Couleur:%23ff0000;x:y'), 'ff0000')
  t.equal(await middle('&ENV=x:y'), '0000ff')
  t.equal(await middle("&CQL_FILTER=env('x')='y'&ENV=x:y"), '0000ff')
  t.equal(await middle("&CQL_FILTER=env('x')='z'&ENV=x:y"), 'ffffff')
  const found = async (more: string) => {
    const query = `${frame}&REQUEST=GetFeatureInfo&LAYERS=un&QUERY_LAYERS=un&INFO_FORMAT=application/json&I=128&J=128${more}`
    return (JSON.parse((await ask(query)).text) as { features: unknown[] }).features.length
  }
  t.equal(await found("&CQL_FILTER=env('x')='y'&ENV=x:y"), 1)
  t.equal(await found("&CQL_FILTER=essence=env('x')&ENV=x:Chêne"), 1)
  t.equal(await found("&CQL_FILTER=env('x')='z'&ENV=x:y"), 0)
  const legend = async (more: string) => {
    const answer = await ask(
      `SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=un&FORMAT=image/png&LEGEND_OPTIONS=forceLabels:off${more}`,
    )
    const { pixels, size } = await readPicture(Buffer.from(answer.body))
    const [width, height] = size.split('x').map(Number)
    const at = ((height >> 1) * width + (width >> 1)) * 4
    return pixels.subarray(at, at + 3).toString('hex')
  }
  t.equal(await legend(''), '0000ff')
  t.equal(await legend('&ENV=couleur:%23ff0000'), 'ff0000')
})

t.test('only maps of the same filters, order and variables are drawn once for all', async t => {
  const recording = recordingRenderer()
  const held = { ...recording, draw: (job: MapJob) => new Promise<void>(r => void setImmediate(r)).then(() => recording.draw(job)) }
  const { ask } = testWms(atlas, sharedDrawing(held))
  const query = getMap130
  const different = [
    '',
    '&CQL_FILTER=nom=1',
    '&CQL_FILTER=nom=2',
    '&CQL_FILTER=INTERSECTS(geom,POINT(1 2))',
    '&CQL_FILTER=INTERSECTS(geom,POINT(1 3))',
    '&SORTBY=nom',
    '&SORTBY=nom D',
    '&ENV=a:1',
    '&ENV=a:2',
  ]
  await Promise.all([...different, ...different].map(more => ask(query + more)))
  t.equal(recording.jobs.length, different.length)
})

t.test('TILED maps are tiles: their texts go on in the neighbour, filtered or not', async t => {
  const matrix = atlas.grids.get('WebMercatorQuad')!.matrices[15]
  const [column, row] = [16_600, 11_300]
  const places = Array.from({ length: 40 }, (_, id): Row => {
    const [minX, minY] = tileBbox(matrix, column, row)
    const span = matrix.cellSize * 256
    return [id, `Chêne ${id}`, id, '2024-01-01', point(minX + (random() * 1.6 + 0.2) * span, minY + random() * span)]
  })
  const drawn = tableOf('places', places)
  const table = { ...drawn, geometries: [{ ...drawn.geometries[0], crs: 'EPSG:3857', srid: 3857 }] }
  const kept = memoryStore('memory', [table])
  const stores: Stores = { features: () => kept, raster: () => Promise.reject() as never }
  const style = { name: 'texts', title: '', version: '1', style: styles.texts }
  const collection: Collection = {
    id: 'places',
    title: '',
    crs: ['EPSG:3857'],
    storageCrs: 'EPSG:3857',
    styles: [style],
    source: memorySource('memory', table),
  }
  const renderer = inlineRenderer(stores)
  const { ask } = testWms({ ...atlas, collections: new Map([['places', collection]]) }, renderer, stores)
  const wmsTile = async (column: number, more: string) => {
    const bbox = tileBbox(matrix, column, row).map(number => number.toFixed(8))
    const query = `SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=places&STYLES=&SRS=EPSG:3857&BBOX=${bbox.join()}&WIDTH=256&HEIGHT=256&FORMAT=image/png${more}`
    return (await readPicture(Buffer.from((await ask(query)).body))).pixels
  }
  const tile = async (column: number) => {
    const query = { collection, style, grid: atlas.grids.get('WebMercatorQuad')!, matrix, column, row, mediaTypes: ['image/png'] }
    const background = { color: 0xffffff, isTransparent: false }
    const context = { renderer, stores, limits: atlas.limits, deadline: steadyNow() + 900_000 }
    return (await readPicture((await fetchTile({ ...query, background }, context)).bytes)).pixels
  }
  for (const at of [column, column + 1]) {
    const [ours, theirs, alone] = [await wmsTile(at, '&TILED=true'), await tile(at), await wmsTile(at, '')]
    t.ok(ours.equals(theirs), 'as the tile of the grid')
    t.notOk(ours.equals(alone), 'and not as a map of its own')
    const some = await wmsTile(at, '&TILED=true&CQL_FILTER=hauteur<20')
    t.notOk(some.equals(ours), 'labels that were placed for all are not those of a filter')
  }
})

t.test('BUFFER lets marks in that are larger than anybody can foresee', async t => {
  const size = '<ogc:PropertyName>hauteur</ogc:PropertyName>'
  // 300 pixels wide, its middle 100 pixels left of the map
  const table = tableOf('grands', [[1, 'Chêne', 300, '2024-01-01', point(-390, 500)]])
  const kept = memoryStore('memory', [table])
  const stores: Stores = { features: () => kept, raster: () => Promise.reject() as never }
  const collection: Collection = {
    id: 'grands',
    title: '',
    crs: ['EPSG:2154'],
    storageCrs: 'EPSG:2154',
    styles: [{ name: 'size', title: '', version: '1', style: styleOf(`<Rule>${mark('#aa0000', size)}</Rule>`) }],
    source: memorySource('memory', table),
  }
  const { ask } = testWms({ ...atlas, collections: new Map([['grands', collection]]) }, inlineRenderer(stores), stores)
  const left = async (more: string) => {
    const { pixels } = await readPicture(Buffer.from((await ask(map('grands', '', more))).body))
    return pixels.subarray(128 * 256 * 4, 128 * 256 * 4 + 3).toString('hex')
  }
  t.equal(await left(''), 'ffffff')
  t.equal(await left('&BUFFER=200'), 'aa0000')
  t.equal(await left('&BUFFER=-3'), 'ffffff')
  t.equal(await left('&BUFFER=many'), 'ffffff')
})
