import t from 'tap'
import { compileExpression, compileFilter } from '#filters/compile-filter.js'
import type { Expression, Scalar } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { foldFilter } from '#filters/fold-constants.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import { settleFilter } from '#filters/settle-filter.js'
import { splitFilter } from '#filters/split-filter.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import { RowBuilder } from '#rows/row-builder.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { splitForSql } from '#stores/postgis/filter-sql.js'
import { compare, equals, isNull } from '../support/filters.js'

const schema = {
  columns: [
    { name: '@id', kind: 'text', oid: 25 },
    { name: 'nom', kind: 'text', oid: 25 },
    { name: 'n', kind: 'integer', oid: 23 },
    { name: 'grand', kind: 'bigint', oid: 20 },
    { name: 'prix', kind: 'numeric', oid: 1700 },
    { name: 'jour', kind: 'date', oid: 1082 },
    { name: 'geom', kind: 'geometry', oid: 0 },
  ],
} as const
const point = (x: number, y: number) => writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(x, y) })
const batch = new RowBuilder(schema)
  .row(['a', 'Évêché', 4, '9007199254740993', '4.000000000000000001', '2024-02-29', point(1, 1)])
  .row(['b', null, null, null, null, null, null])
  .take()
const [full, bare] = [rowView(batch).at(0), rowView(batch).at(1)]
const property = (name: string): Expression => ({ kind: 'property', name })
const literal = (value: Scalar): Expression => ({ kind: 'literal', value })
const both = (filter: Filter) => [full, bare].map(row => compileFilter(filter, schema)(row as RowView))

t.test('what meets null is neither true nor false', async t => {
  t.same(both(equals('n', 4)), [true, null])
  t.same(both({ kind: 'not', filter: equals('n', 4) }), [false, null])
  t.same(both(compare('n', '<>', 5)), [true, null])
  t.same(both(equals('n', 'quatre')), [null, null], 'no number')
  t.same(both({ kind: 'or', any: [equals('n', 4), isNull('nom')] }), [true, true])
  t.same(both({ kind: 'and', all: [equals('n', 4), equals('nom', 'x')] }), [false, null])
  t.same(both({ kind: 'and', all: [equals('n', 5), equals('nom', null)] }), [false, null])
  t.same(both({ kind: 'in', operand: property('n'), values: [literal(4), literal(null)] }), [true, null])
  t.same(both({ kind: 'in', operand: property('n'), values: [literal(5), literal(null)] }), [null, null])
  t.same(both({ kind: 'and', all: [] }), [true, true])
  t.same(both({ kind: 'or', any: [] }), [false, false])
  t.same(both({ kind: 'ids', ids: ['b'] }), [false, true])
  t.same(both({ kind: 'bbox', property: 'geom', bbox: [0, 0, 2, 2] }), [true, null])
})

t.test('values are compared as what the column is', async t => {
  t.same(both(equals('n', '4.0')), [true, null])
  t.same(both(equals('grand', '9007199254740992')), [false, null], 'beyond what a double can tell')
  t.same(both(equals('grand', '9007199254740993')), [true, null])
  t.same(both(equals('prix', '4')), [false, null])
  t.same(both(compare('prix', '>', '4.0')), [true, null])
  t.same(both(compare('jour', '<', '2024-02-29T00:00:01Z')), [true, null])
  t.same(both(equals('jour', '2024-02-29T01:00:00+01:00')), [true, null])
  t.same(both(equals('jour', '2024-02-30')), [null, null])
  t.same(both(equals('nom', 'évêché')), [false, null])
  t.same(both(compare('nom', '=', 'ÉVÊCHÉ', true)), [true, null])
  t.same(both(compare('nom', '>', 'Z')), [true, null], 'by code point')
  t.same(both({ kind: 'compare', operator: '<', left: literal('3'), right: property('n') }), [true, null], 'the literal first')
  t.same(both({ kind: 'like', operand: property('nom'), pattern: [{ any: 'one' }, 'v', { any: 'many' }, 'é'] }), [true, null])
  t.throws(() => both(equals('geom', '1')), { name: 'FilterError', kind: 'unsupported', message: /spatial operator/ })
  t.throws(() => both(equals('non', '1')), { name: 'FilterError', kind: 'unknown-property', message: /“non”.*“nom”/ })
  t.throws(
    () => both({ kind: 'compare', operator: '=', left: { kind: 'call', name: 'uper', args: [property('nom')] }, right: literal('1') }),
    {
      name: 'FilterError',
      kind: 'unknown-function',
      message: /upper/,
    },
  )
  const value = (expression: Expression) => compileExpression(expression, schema)(full)
  t.same(
    ['nom', 'n', 'grand', 'prix', 'jour'].map(name => value(property(name))),
    ['Évêché', 4, '9007199254740993', '4.000000000000000001', '2024-02-29'],
  )
})

t.test('a pattern takes no time that grows with its wildcards', async t => {
  const many = Array.from({ length: 400 }, () => [{ any: 'many' } as const, 'a', { any: 'one' } as const]).flat()
  const long = new RowBuilder({ columns: [schema.columns[1]] }).row(['a'.repeat(50_000)]).take()
  t.equal(compileFilter({ kind: 'like', operand: property('nom'), pattern: [...many, 'b'] }, long.schema)(rowView(long)), false)
  t.equal(compileFilter({ kind: 'like', operand: property('nom'), pattern: many }, long.schema)(rowView(long)), true)
})

t.test('operands in operands do not multiply', async t => {
  let operand: Expression = property('n')
  for (let level = 0; level < 50; level++) {
    const when: Filter = { kind: 'in', operand, values: ['3', '4', '5'].map(literal) }
    operand = { kind: 'choice', cases: [{ when, value: literal(4) }], otherwise: literal(7) }
  }
  const between: Filter = { kind: 'between', operand, lower: literal(4), upper: operand }
  t.same(both(between), [true, true])
  const source = {
    kind: 'features' as const,
    store: 'x',
    schema: 'x',
    table: 'x',
    columns: [{ name: 'n', kind: 'integer' as const, nativeType: 'integer', isNullable: true }],
    geometries: [],
    key: { kind: 'none' as const },
  }
  t.match(splitForSql(between, source), { pushed: undefined, rest: { kind: 'between' } })
})

t.test('spatial filters are prepared first', async t => {
  const filter: Filter = { kind: 'spatial', operator: 'intersects', property: 'geom', geometry: { wkb: point(1, 1) } }
  await prepareFilter({ kind: 'not', filter })
  t.same(both(filter), [true, null])
  t.same(both({ ...filter, operator: 'disjoint' }), [false, null])
  t.same(both({ kind: 'distance', operator: 'within', property: 'geom', geometry: { wkb: point(1, 3) }, distance: 2 }), [true, null])
  t.same(both({ kind: 'distance', operator: 'beyond', property: 'geom', geometry: { wkb: point(1, 3) }, distance: 2 }), [false, null])
  t.throws(() => both({ ...filter, geometry: { wkb: point(1, 1), crs: 'EPSG:4326' } }), { message: /settleFilter/ })
})

t.test('names are settled: prefixes, paths, case', async t => {
  const table = {
    columns: [{ name: 'nom' }, { name: 'Code' }, { name: 'a:b' }, { name: 'X' }, { name: 'x' }],
    geometries: [{ name: 'geom', crs: 'EPSG:2154' }],
  }
  const settled = (name: string) => {
    const filter = settleFilter(isNull(name), table)
    return filter.kind === 'isNull' && filter.operand.kind === 'property' ? filter.operand.name : ''
  }
  for (const name of ['nom', 'ms:nom', '/communes/nom', 'communes/nom', '//ms:nom', 'ms:communes/ms:nom[1]', ' NOM ', 'c/@nom'])
    t.equal(settled(name), 'nom', name)
  t.equal(settled('code'), 'Code')
  t.equal(settled('a:b'), 'a:b', 'a column that has a colon in its name')
  t.equal(settled('app:X'), 'X')
  t.equal(settled('GEOM'), 'geom')
  t.throws(() => settled('a/noms'), { name: 'FilterError', kind: 'unknown-property', message: /“a\/noms”.*nom/ })
  const twice = { ...table, columns: [{ name: 'Ab' }, { name: 'aB' }] }
  t.throws(() => settleFilter(isNull('AB'), twice), { kind: 'unknown-property', message: /Ab, aB/ })
  t.same(settleFilter({ kind: 'ids', ids: ['c.1', 'd.2', '3'] }, { ...table, typeNames: ['ms:c', 'c'] }), {
    kind: 'ids',
    ids: ['1', 'd.2', '3'],
  })
  t.match(settleFilter({ kind: 'spatial', operator: 'within', property: '', geometry: { wkb: point(3, 46.5), crs: 'OGC:CRS84' } }, table), {
    property: 'geom',
  })
})

t.test('geometries come into the system of their column, distances into its units', async t => {
  const table = (crs?: string) => ({ columns: [], geometries: [{ name: 'geom', ...(crs && { crs }) }] })
  const place = (crs: string) => {
    const geometry = { wkb: point(3, 46.5), crs: 'EPSG:4326' }
    const filter = settleFilter(
      { kind: 'distance', operator: 'within', property: 'geom', geometry, distance: 2, metresPerUnit: 1000 },
      table(crs),
    )
    if (filter.kind !== 'distance') throw new Error(filter.kind)
    const literal = readEwkb(filter.geometry.wkb)
    return { filter, at: 'coordinates' in literal ? [...literal.coordinates] : [] }
  }
  const lambert = place('EPSG:2154')
  // 3° E, 46.5° N is the origin of Lambert-93.
  t.ok(Math.hypot(lambert.at[0]! - 700_000, lambert.at[1]! - 6_600_000) < 0.01, String(lambert.at))
  t.match(lambert.filter, { distance: 2000, stretch: undefined, metresPerUnit: undefined })
  const degrees = place('EPSG:4326')
  t.equal(degrees.filter.distance, 2000)
  const [x, y] = degrees.filter.stretch!
  t.ok(Math.abs(y - 111_195) < 300 && Math.abs(x / y - Math.cos((46.5 * Math.PI) / 180)) < 0.01, `${x} ${y}`)
  t.throws(
    () =>
      settleFilter({ kind: 'spatial', operator: 'within', property: 'geom', geometry: { wkb: point(3, 46), crs: 'EPSG:4326' } }, table()),
    {
      kind: 'unsupported',
      message: /no reference system/,
    },
  )
  const box = (maxX: number) => {
    const ring = Float64Array.of(-5, 42, maxX, 42, maxX, 51, -5, 51, -5, 42)
    const geometry = { wkb: writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: [ring] }), crs: 'EPSG:4326' }
    const filter = settleFilter({ kind: 'spatial', operator: 'intersects', property: 'geom', geometry }, table('EPSG:2154'))
    const polygon = readEwkb(filter.kind === 'spatial' ? filter.geometry.wkb : new Uint8Array())
    return 'rings' in polygon ? polygon.rings[0]! : new Float64Array()
  }
  t.ok(box(8).length > 100, 'the sides of a box bend')
})

t.test('what depends on no row is computed once', async t => {
  const zoom: Expression = { kind: 'environment', name: 'zoom', otherwise: 3 }
  const isFar: Filter = { kind: 'compare', operator: '<', left: zoom, right: { kind: 'call', name: '+', args: [literal('5'), literal(5)] } }
  t.same(foldFilter(isFar), { kind: 'constant', value: true })
  t.same(foldFilter(isFar, { zoom: 12 }), { kind: 'constant', value: false })
  t.same(foldFilter({ kind: 'and', all: [isFar, equals('n', 1)] }), equals('n', 1))
  t.same(foldFilter({ kind: 'not', filter: { kind: 'or', any: [equals('n', 1), isFar] } }), { kind: 'constant', value: false })
  t.same(foldFilter({ kind: 'compare', operator: '=', left: literal(null), right: literal(1) }), { kind: 'constant', value: null })
  t.same(foldFilter({ kind: 'compare', operator: '=', left: literal('1'), right: literal(1) }), { kind: 'constant', value: true }, '1 = 1')
})

t.test('a filter is split so that the store finds no row too few', async t => {
  const [easy, hard] = [equals('n', 1), equals('nom', 'x')]
  const split = (filter: Filter) => splitFilter(filter, part => !JSON.stringify(part).includes('"nom"'))
  t.same(split(easy), { pushed: easy })
  t.same(split(hard), { rest: hard })
  t.same(split({ kind: 'and', all: [easy, hard] }), { pushed: easy, rest: hard })
  const either: Filter = { kind: 'or', any: [easy, hard] }
  t.same(split(either), { rest: either })
  const nested: Filter = { kind: 'or', any: [{ kind: 'and', all: [easy, hard] }, equals('n', 2)] }
  t.same(split(nested), { pushed: { kind: 'or', any: [easy, equals('n', 2)] }, rest: nested })
  const not: Filter = { kind: 'not', filter: either }
  t.same(split(not), { pushed: { kind: 'not', filter: { kind: 'or', any: [easy, { kind: 'constant', value: false }] } }, rest: not })
})
