import t from 'tap'
import { compileExpression } from '#filters/compile-filter.js'
import type { Expression, Scalar } from '#filters/expression.js'
import { filterFunctions } from '#filters/functions/index.js'
import { writeEwkb } from '#geo/ewkb.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'

const square = writeEwkb({
  kind: 'Polygon',
  dimensions: 'xyz',
  rings: [Float64Array.of(0, 0, 9, 4, 0, 9, 4, 4, 9, 0, 4, 9, 0, 0, 9), Float64Array.of(1, 1, 9, 1, 2, 9, 2, 2, 9, 2, 1, 9, 1, 1, 9)],
})
const schema = { columns: [{ name: 'geom', kind: 'geometry', oid: 0 }] } as const
const row = rowView(new RowBuilder(schema).row([square]).take())
const call = (name: string, ...args: (Scalar | Expression)[]): Scalar =>
  compileExpression(
    { kind: 'call', name, args: args.map(arg => (arg !== null && typeof arg === 'object' ? arg : { kind: 'literal', value: arg })) },
    schema,
  )(row)

t.test('every name of a function is its alone', async t => {
  const names = filterFunctions.flatMap(one => [one.name, ...one.aliases].map(name => name.toLowerCase()))
  t.same(
    names.filter((name, i) => names.indexOf(name) !== i),
    [],
  )
})

t.test('the table computes', async t => {
  const geom: Expression = { kind: 'property', name: 'geom' }
  const cases: [name: string, args: (Scalar | Expression)[], value: Scalar][] = [
    ['+', ['1', 2, 3], 6],
    ['-', [5], -5],
    ['/', [1, 0], null],
    ['%', [-7, 3], -1],
    ['pow', [2, 10], 1024],
    ['sqrt', [-1], null],
    ['min', [3, '1', 2], 1],
    ['round', [2.5], 3],
    ['round', [1.005, 2], 1.01],
    ['round', [-1234.5678, 2], -1234.57],
    ['round', [1234, -2], 1200],
    ['log', [2, 8], 3],
    ['abs', ['abc'], null],
    ['concat', ['a', null, 'b', 1.5], 'ab1.5'],
    ['strToUpperCase', ['straße é'], 'STRAßE É'],
    ['downcase', ['ÉΣ'], 'éσ'],
    ['title', ["l'île-d'Aix en mer"], "L'île-D'aix En Mer"],
    ['strTrim', ['  a b \n'], 'a b'],
    ['strLength', ['𝒜é'], 2],
    ['substr', ['bonjour', 4, 2], 'jo'],
    ['substr', ['bonjour', 0, 2], 'b'],
    ['slice', ['bonjour', -4, -1], 'jou'],
    ['right', ['bonjour', 3], 'our'],
    ['strIndexOf', ['𝒜bc', 'c'], 2],
    ['index-of', ['c', 'abc'], 2],
    ['replace', ['a.b.c', '.', '$&'], 'a$&b$&c'],
    ['replace', ['abc', '', 'x'], 'abc'],
    ['lpad', ['7', 3, '0'], '007'],
    ['lpad', ['7', 3, '𝒜b'], '𝒜𝒜7'],
    ['lpad', ['bonjour', 3, '0'], 'bon'],
    ['rpad', ['bonjour', -1, '0'], 'bonjour'],
    ['rpad', ['7', 1e9], `7${' '.repeat(9_999)}`],
    ['numberFormat', ['#,##0.##', 1234567.5], '1,234,567.5'],
    ['numberFormat', ['0.00', -0.001], '0.00'],
    ['numberFormat', ['0%', 0.256], '26%'],
    ['numberFormat', ["'n°' 000", 7], 'n° 007'],
    ['format_number', [1234.567, 1], '1,234.6'],
    ['dateFormat', ['d MMMM yyyy', '2024-02-09', 'fr'], '9 février 2024'],
    ['dateFormat', ["HH'h'mm", '2024-02-09T08:05:00+02:00'], '06h05'],
    ['dateFormat', ['yyyy', 'demain'], null],
    ['if_then_else', [null, 1, 2], 2],
    ['coalesce', [null, null, 'x'], 'x'],
    ['isNull', [null], true],
    ['greaterThan', ['10', 9], true],
    ['greaterThan', ['10', '9'], false],
    ['to_int', ['12.9'], 12],
    ['to_number', ['douze'], null],
    ['to_bool', ['T'], true],
    ['geometryType', [geom], 'Polygon'],
    ['area', [geom], 15],
    ['perimeter', [geom], 20],
    ['numPoints', [geom], 10],
    ['isEmpty', [geom], false],
    ['getX', [geom], null],
  ]
  for (const [name, args, expected] of cases) t.equal(call(name, ...args), expected, `${name}(${args.map(arg => JSON.stringify(arg))})`)
  t.throws(() => call('area', 1), { kind: 'malformed', message: /geometry column/ })
  t.throws(() => call('abs'), { kind: 'malformed', message: /takes 1 arguments/ })
})

t.test('nothing that is asked for grows without bounds', async t => {
  const long = 'a'.repeat(100_000)
  t.equal(call('replace', long, 'a', long), null)
  t.equal(call('concat', ...Array.from({ length: 20 }, () => long)), null)
  t.equal(String(call('numberFormat', '0'.repeat(5_000), 1)).length, 100)
})
