import t from 'tap'
import { buildAtlas } from '#core/build-atlas.js'
import { tileMatrixSetOf } from '#geo/tile-matrix-sets.js'
import { atlasPlan, geometryColumn, rasterFile, tablePublication } from '../support/publications.js'

const only = (plan: Parameters<typeof buildAtlas>[0]) => {
  const atlas = buildAtlas(plan)
  return { atlas, collection: [...atlas.collections.values()][0], verdict: atlas.verdicts[0] }
}

t.test('a table becomes a collection', async t => {
  const { atlas, collection, verdict } = only(atlasPlan([tablePublication()]))
  t.equal(atlas.generation, 1)
  t.match(collection, {
    id: 'places',
    title: 'Places',
    storageCrs: 'EPSG:2154',
    source: { kind: 'features', geometry: 'geom', count: { value: 5000, isExact: false } },
  })
  t.same(collection.crs, ['EPSG:2154', 'EPSG:4326', 'EPSG:3857', 'EPSG:4258', 'EPSG:3949', 'EPSG:3950'])
  const [west, south, east, north] = collection.extent!.crs84
  t.ok(west > 6 && south > 48.9 && east < 6.4 && north < 49.3, 'its extent lies around Metz')
  t.equal(collection.styles[0]?.name, 'default')
  t.equal(verdict.summary.startsWith('about 5,000 features, point, EPSG:2154, 6.1'), true, verdict.summary)
  t.same(verdict.findings, [])
})

t.test('a collection keeps the quality its maps are to have', async t => {
  t.equal(only(atlasPlan([tablePublication({}, { settings: { quality: 70 } })])).collection.quality, 70)
  t.notOk('quality' in only(atlasPlan([tablePublication()])).collection)
})

t.test('titles come from comments, else from names', async t => {
  const titles = {
    '': 'Zones urba 2021',
    'Zones du PLU': 'Zones du PLU',
    'Zones du PLU\nToutes les zones.': 'Zones du PLU',
    ['x'.repeat(200)]: 'Zones urba 2021',
    '\u001b[31mRed': '[31mRed',
  }
  for (const [comment, title] of Object.entries(titles))
    t.equal(only(atlasPlan([tablePublication({ table: 'zones_urba_2021', comment })])).collection.title, title)
  t.equal(only(atlasPlan([tablePublication({ comment: 'A\nB\nC' })])).collection.abstract, 'B\nC')
})

t.test('ids keep dots, colons and case, and are unique whatever tables are called', async t => {
  const names = [
    'ORTHOIMAGERY.ORTHOPHOTOS',
    'ws:layer',
    'a b',
    'a/b',
    'a,b',
    '../..',
    '',
    'catalogue',
    'été',
    'e\u0301te\u0301',
    '"; DROP TABLE x; --',
    '\u202egnp',
    '<script>',
    '%2e',
    '?',
    '漢字',
  ]
  const atlas = buildAtlas(atlasPlan(names.map(table => tablePublication({ table }))))
  const ids = [...atlas.collections.keys()]
  t.equal(ids.length, names.length)
  t.same(ids, [
    'ORTHOIMAGERY.ORTHOPHOTOS',
    'ws:layer',
    'a_b',
    'a_b_2',
    'a_b_3',
    '_..',
    'collection',
    'catalogue_2',
    'été',
    'été_2',
    '_DROP_TABLE_x_--',
    '_gnp',
    '_script',
    '_2e',
    'collection_2',
    '漢字',
  ])
  for (const { title } of atlas.collections.values()) t.notMatch(title, /[\u202e\n]/)
})

t.test('chosen ids come before made ones, schemas qualify', async t => {
  const atlas = buildAtlas(
    atlasPlan([
      tablePublication({ table: 'roads' }),
      tablePublication({ table: 'roads', schema: 'ign' }, { qualifier: 'ign' }),
      tablePublication({ table: 'routes' }, { id: 'roads', settings: { title: { fr: 'Routes' }, licence: 'lov2' } }),
    ]),
  )
  t.same([...atlas.collections.keys()], ['roads_2', 'ign.roads', 'roads'])
  t.match(atlas.collections.get('roads'), { title: { fr: 'Routes' }, licence: 'lov2', source: { table: 'routes' } })
})

t.test('extents are finite, never points, never where the CRS is not', async t => {
  const extentOf = (extent: [number, number, number, number] | undefined, crs = 'EPSG:2154') => {
    const { collection, verdict } = only(
      atlasPlan([tablePublication({ geometries: [geometryColumn({ extent, crs, srid: Number(crs.slice(5)) })] })]),
    )
    return { extent: collection.extent, codes: verdict.findings.map(({ code }) => code) }
  }
  t.same(extentOf(undefined), { extent: undefined, codes: ['unknown-extent'] })
  t.equal(extentOf([Number.NaN, 0, 1, 1]).extent, undefined)
  t.equal(extentOf([Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 1]).extent, undefined)
  t.equal(extentOf([10, 0, 5, 1]).extent, undefined)
  const point = extentOf([930_000, 6_890_000, 930_000, 6_890_000]).extent
  t.ok(point && point.storage[2] - point.storage[0] >= 100 && point.crs84[2] - point.crs84[0] > 0.0005, 'a single place is given room')
  t.same(extentOf([3.8, 43.5, 4, 43.7]), { extent: undefined, codes: ['wrong-srid'] }, 'degrees in a column of metres')
  t.same(extentOf([652_000, 6_862_000, 653_000, 6_863_000], 'EPSG:4326').codes, ['wrong-srid'], 'metres in a column of degrees')
  const world = extentOf([-180, -90, 180, 90], 'EPSG:4326').extent
  t.same(world?.crs84, [-180, -90, 180, 90])
})

t.test('CRS are few: those whose area fits, or those chosen', async t => {
  const world = tablePublication({ geometries: [geometryColumn({ crs: 'EPSG:4326', srid: 4326, extent: [-180, -90, 180, 90] })] })
  t.same(only(atlasPlan([world])).collection.crs, ['EPSG:4326', 'EPSG:3857'])
  t.same(only(atlasPlan([{ ...world, settings: { crs: ['EPSG:3857', 'EPSG:2154'] } }])).collection.crs, [
    'EPSG:4326',
    'EPSG:3857',
    'EPSG:2154',
  ])
})

t.test('grids of the operator stand beside the built-in ones, or in their place', t => {
  const grid = { id: 'EPSG:2154', title: 'own', crs: 'EPSG:2154', cellSizes: [10], extent: [0, 6e6, 1e6, 7e6] } as const
  const { grids } = buildAtlas(
    atlasPlan([], {
      grids: new Map([
        ['EPSG:2154', grid],
        ['own', { ...grid, id: 'own' }],
      ]),
    }),
  )
  t.equal(tileMatrixSetOf(grids, 'EPSG:2154')?.matrices.length, 1)
  t.match(tileMatrixSetOf(grids, 'own')?.matrices[0], { cellSize: 10, columns: 391 })
  for (const id of [
    'PM',
    'PM_5cm',
    'LAMB93',
    'LAMB93_5cm',
    '2154_5cm',
    'cnigl93',
    'WebMercatorQuad',
    'WorldCRS84Quad',
    'InspireCRS84Quad',
    'GoogleMapsCompatible',
  ])
    t.ok(tileMatrixSetOf(grids, id), id)
  t.end()
})

t.test('what cannot be placed is left out and says why', async t => {
  const noSrid = tablePublication({ geometries: [geometryColumn({ crs: undefined, srid: 0 })] })
  const { atlas, verdict } = only(
    atlasPlan([noSrid], {
      cures: () => ({
        setSrid: (schema, table, geometry, srid) => `cure ${schema}.${table}.${geometry} ${srid}`,
        spatialIndex: () => undefined,
        primaryKey: () => undefined,
        makeValid: () => undefined,
        grantRead: () => undefined,
        grantState: () => undefined,
      }),
    }),
  )
  t.equal(atlas.collections.size, 0)
  t.match(verdict, {
    summary: 'not published',
    findings: [{ severity: 'error', code: 'missing-srid', cure: 'cure public.places.geom 2154' }],
  })
  const told = only(atlasPlan([{ ...noSrid, settings: { crs: ['EPSG:2154', 'EPSG:4326'] } }]))
  t.equal(told.collection.storageCrs, 'EPSG:2154', 'unless the config says what it is')
  t.same(told.collection.crs, ['EPSG:2154', 'EPSG:4326'])
  const strange = only(atlasPlan([tablePublication({ geometries: [geometryColumn({ crs: 'EPSG:998877', srid: 998_877 })] })]))
  t.match(strange.verdict.findings, [{ code: 'unknown-srid' }])
  t.match(only(atlasPlan([tablePublication({ isReadable: false })])).verdict.findings, [{ code: 'unreadable' }])
  t.match(only(atlasPlan([tablePublication({}, { settings: { key: ['nope'] } })])).verdict.findings, [
    { code: 'unknown-column', message: /has no column nope; it has id, name, geom/ },
  ])
  t.match(only(atlasPlan([tablePublication({}, { settings: { geometry: 'name' } })])).verdict.findings, [
    { code: 'unknown-column', message: /holds no geometry; geometry columns: geom/ },
  ])
})

t.test('a raster that does not say where it lies is no error where the operator does', t => {
  const finding = { severity: 'error', code: 'unknown-srid', message: '"a.tif" does not name its reference system.' } as const
  const bands = [{ name: 'red', sampleType: 'uint8', meaning: 'red' }] as const
  const raster = {
    source: 'a.tif',
    name: 'a',
    settings: {},
    findings: [finding],
    found: { kind: 'raster', store: 'images', files: [rasterFile({ crs: '' })], bands },
  } as const
  const bare = buildAtlas(atlasPlan([raster]))
  t.equal(bare.collections.size, 0)
  t.match(bare.verdicts, [{ findings: [{ severity: 'error', code: 'unknown-srid' }] }])
  const { verdict, collection } = only(atlasPlan([{ ...raster, settings: { crs: ['EPSG:2154'] } }]))
  t.equal(collection.storageCrs, 'EPSG:2154')
  t.same(verdict.findings, [])
  t.end()
})

t.test('what will hurt is said once each', async t => {
  const { verdict } = only(
    atlasPlan([
      tablePublication({
        key: { kind: 'ctid' },
        geometries: [geometryColumn({ isIndexed: false, type: 'GEOMETRY', crs: 'EPSG:27572', srid: 27_572, extent: undefined })],
      }),
    ]),
  )
  t.same(
    verdict.findings.map(({ severity, code }) => `${severity} ${code}`),
    ['warning no-primary-key', 'warning no-spatial-index', 'info mixed-types', 'warning datum-grid-missing', 'info unknown-extent'],
  )
  const view = only(
    atlasPlan([tablePublication({ kind: 'view', key: { kind: 'none' }, geometries: [geometryColumn({ isIndexed: false })] })]),
  )
  t.match(view.verdict.findings, [
    { code: 'no-primary-key', cure: 'in the config: collections: { "places": { id: COLUMN } }' },
    { severity: 'info', code: 'no-spatial-index' },
  ])
})

t.test('columns are hidden, keys and geometries chosen', async t => {
  const geometries = [geometryColumn(), geometryColumn({ name: 'centre' })]
  const { collection } = only(atlasPlan([tablePublication({ geometries }, { settings: { hidden: ['name', 'geom'], key: ['id'] } })]))
  t.match(collection.source, {
    columns: [{ name: 'id' }],
    geometries: [{ name: 'centre' }],
    geometry: 'centre',
    key: { kind: 'unique', columns: ['id'] },
  })
  t.equal(collection.source.kind === 'features' && collection.source.columns.length, 1)
})

t.test('tables without geometry and rasters are collections, too', async t => {
  const plain = only(atlasPlan([tablePublication({ geometries: [] })])).collection
  t.same([plain.storageCrs, plain.crs, plain.extent, plain.styles.length], [undefined, [], undefined, 1])
  const found = {
    kind: 'raster' as const,
    store: 'ortho',
    files: [rasterFile(), rasterFile({ bbox: [930_200, 6_890_000, 930_400, 6_890_200] })],
    bands: [],
  }
  const raster = only(atlasPlan([tablePublication({}, { name: 'ortho', found })]))
  t.same(raster.collection.extent?.storage, [930_000, 6_890_000, 930_400, 6_890_200])
  t.equal(raster.verdict.summary.startsWith('2 files, 0 bands, EPSG:2154'), true, raster.verdict.summary)
  const nowhere = { ...found, files: [rasterFile({ crs: '' })] }
  t.match(only(atlasPlan([tablePublication({}, { found: nowhere })])).verdict.findings, [{ code: 'missing-srid' }])
  t.equal(only(atlasPlan([tablePublication({}, { found: nowhere, settings: { crs: ['EPSG:2154'] } })])).collection.storageCrs, 'EPSG:2154')
})

t.test('the generation grows only when content changed, and collections that did not stay the same objects', async t => {
  const first = buildAtlas(atlasPlan([tablePublication(), tablePublication({ table: 'b' })]))
  const same = buildAtlas(atlasPlan([tablePublication(), tablePublication({ table: 'b' })]), first, new Date(0))
  t.equal(same.generation, 1)
  t.equal(same.builtAt, first.builtAt)
  const changed = buildAtlas(atlasPlan([tablePublication(), tablePublication({ table: 'b', comment: 'New' })]), same)
  t.equal(changed.generation, 2)
  t.equal(changed.collections.get('places'), first.collections.get('places'))
  t.equal(
    buildAtlas(atlasPlan([tablePublication({ table: 'b', comment: 'New' }), tablePublication()]), changed).generation,
    3,
    'a new order counts',
  )
  t.equal(buildAtlas(atlasPlan([]), changed).generation, 3)
})

t.test('spaces and write rules that name nothing are reported', async t => {
  const spaces = new Map([['eau', { id: 'eau', title: 'Eau', collections: ['places', 'rivers'] }]])
  const access = {
    accounts: new Map(),
    write: new Map([
      ['nope', []],
      ['*', []],
    ]),
  }
  const { verdicts } = buildAtlas(atlasPlan([tablePublication()], { spaces, access }))
  t.match(verdicts.slice(1), [
    { source: 'spaces.eau', findings: [{ code: 'unknown-collection', message: 'There is no collection rivers.' }] },
    { source: 'access.write', findings: [{ message: 'There is no collection nope.' }] },
  ])
})
