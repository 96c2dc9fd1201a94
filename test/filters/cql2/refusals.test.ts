import t from 'tap'
import { checkTypes } from '#filters/cql2/check-types.js'
import { parseCql2Json } from '#filters/cql2/parse-cql2-json.js'
import { parseCql2Text } from '#filters/cql2/parse-cql2-text.js'
import { FilterError, type FilterErrorKind } from '#filters/filter-error.js'
import { settleFilter } from '#filters/settle-filter.js'

const table = {
  columns: [
    { name: 'nom', kind: 'text', nativeType: 'text' },
    { name: 'insee', kind: 'text', nativeType: 'character(5)' },
    { name: 'population', kind: 'integer', nativeType: 'integer' },
    { name: 'ouvert', kind: 'boolean', nativeType: 'boolean' },
    { name: 'jour', kind: 'date', nativeType: 'date' },
    { name: 'heure', kind: 'time', nativeType: 'time without time zone' },
    { name: 'uuid', kind: 'uuid', nativeType: 'uuid' },
    { name: 'mots', kind: 'text', nativeType: 'text[]' },
    { name: 'nombres', kind: 'text', nativeType: 'integer[]' },
    { name: 'objets', kind: 'json', nativeType: 'jsonb' },
    { name: 'octets', kind: 'bytes', nativeType: 'bytea' },
  ],
  geometries: [{ name: 'geom', crs: 'EPSG:2154' }],
} as const

const check = (cql: string) => checkTypes(settleFilter(parseCql2Text(cql), table), table)

t.test('types that fit', async t => {
  for (const cql of [
    "nom = 'a'", "'a' = insee", 'population > 4', 'population + 1 = 2 * population', 'ouvert = true', 'ouvert', "jour = DATE('2024-02-29')",
    "jour < TIMESTAMP('2024-02-29T12:00:00Z')", "jour = '2024-02-29'", "jour IN ('2024-02-29', '2024-03-01T00:00:00Z')", "heure < '12:30'", "uuid = 'x'",
    "nom LIKE 'a%'", "CASEI(nom) = CASEI('A')", "A_CONTAINS(mots, ('a'))", 'A_CONTAINS(nombres, (1))', "A_EQUALS(objets, ('a', TRUE, 1))", 'octets IS NULL',
    'geom IS NULL', 'mots IS NULL', 'S_INTERSECTS(the_geom, POINT(2 48))', 'population BETWEEN 1 AND 2', 'population IN (1, 2)', "T_AFTER(jour, DATE('2024-02-29'))",
    "T_DURING(INTERVAL(jour, '..'), INTERVAL('2024-01-01', '2024-12-31'))", "concat(nom, population) = 'a1'", '(population > 4) = ouvert', 'area(geom) > 3', "coalesce(nom, insee) = 'a'",
    'nom = insee', 'ns:nom IS NULL', 'strLength(nom) > 2',
  ]) t.doesNotThrow(() => check(cql), cql) // biome-ignore format: across
})

t.test('types that do not are told, and what would have worked', async t => {
  const refused: readonly (readonly [cql: string, message: RegExp])[] = [
    ["population = '4'", /“population” is a number and is compared with the text '4'; a number such as 4.5 would work/],
    ["'4' < population", /“population” is a number/],
    ['insee = 1001', /“insee” is a text and is compared with a number, 1001; a text such as 'abc' would work/],
    ["'5' > 4", /compared/],
    ['ouvert = 1', /“ouvert” is a truth value and is compared with a number, 1; true or false would work/],
    ["ouvert = 'true'", /“ouvert” is a truth value/],
    ["jour = 'hier'", /“jour” is a date or time and is compared with the text 'hier'; DATE\('2024-02-29'\)/],
    ["jour = '2024-02-30'", /“jour” is a date or time/],
    ['jour > 2024', /“jour” is a date or time/],
    ["nom = DATE('2024-02-29')", /“nom” is a text and is compared with a date or time/],
    ["T_AFTER(nom, DATE('2024-02-29'))", /“nom” is a text/],
    ["T_AFTER(population, DATE('2024-02-29'))", /“population” is a number/],
    ["population BETWEEN 1 AND '2'", /“population” is a number/],
    ["population IN (1, 'a')", /“population” is a number/],
    ['nom = population', /“nom” is a text and is compared with “population”, a number/],
    ["population LIKE '4%'", /“population” is a number, and LIKE is of texts; = and BETWEEN would work/],
    ['population AND ouvert', /“population” is a number and is compared with a truth value, true/],
    ['nom + 1 = 2', /“nom” is a text, and “\+” wants a number there/],
    ["CASEI(population) = CASEI('a')", /“population” is a number, and “casei” wants a text there/],
    ["mots = 'a'", /“mots” is a list and is not compared; a function such as A_CONTAINS/],
    ["objets = 'a'", /“objets” is JSON and is not compared; IS NULL would work/],
    ["octets = 'a'", /“octets” is bytes and is not compared/],
    ["geom = 'a'", /“geom” is a geometry and is not compared; a function such as S_INTERSECTS/],
    ["A_CONTAINS(nom, ('a'))", /“nom” is a text and no list/],
    ['A_CONTAINS(mots, (1))', /items of “mots” are not of the type of a number; a text/],
    ["A_OVERLAPS(nombres, ('a', 'b'))", /items of “nombres” are not of the type of a text; a number/],
    ['S_INTERSECTS(nom, POINT(2 48))', /“nom” is no geometry; there is geom/],
    ['area(nom) > 3', /“nom” is a text, and “area” wants a geometry there/],
    ['populations > 4', /There is no property “populations” here. Near it are population/],
    ['S_INTERSECTS(forme, POINT(2 48))', /There is no property “forme” here/],
  ]
  for (const [cql, message] of refused) t.throws(() => check(cql), { name: 'FilterError', message }, cql)
})

t.test('what cannot be read is refused in so many words', async t => {
  const refused: readonly (readonly [cql: string, message: RegExp])[] = [
    ['', /wants a name, a value or a predicate at its end/],
    ['nom =', /at its end/],
    ["nom = 'a' AND", /at its end/],
    ["nom = 'a' nom", /wants an operator at "nom"/],
    ["nom = 'a", /The quote is not closed/],
    ["nom = 'a\\'", /The quote is not closed/],
    ['nom = "a', /The quote is not closed/],
    ['nom = NULL', /NULL is no value to compare with; IS NULL/],
    ['nom IS 4', /wants NULL/],
    ["'a'", /"a" is no condition; a comparison/],
    ['4', /no condition/],
    ['POINT(1 2)', /A geometry is no condition/],
    ['nom LIKE pop', /wants a pattern in single quotes/],
    ['nom IN ()', /IN wants a list of one value or more/],
    ['pop BETWEEN 1', /wants AND/],
    ['2 ^ 3 ^ 4 = 1', /an operator/],
    ['pop = --4', /a name, a value or a predicate/],
    ["jour = DATE('2024-02-30')", /"2024-02-30" is no date; 2024-02-29 would be/],
    ["jour = DATE('29.02.2024')", /is no date/],
    ["jour = TIMESTAMP('2024-02-29')", /is no timestamp; 2024-02-29T12:00:00Z would be/],
    ["jour = TIMESTAMP('2024-02-29T25:00:00Z')", /is no timestamp/],
    ["jour = TIMESTAMP('2024-02-29T12:00:00')", /is no timestamp/],
    ["T_AFTER(jour, '2024-02-29')", /T_AFTER wants moments and intervals/],
    ["T_AFTER(jour, INTERVAL('2024-02-29', '2024-01-01'))", /ends before it begins/],
    ["T_AFTER(jour, INTERVAL('2024-02-29'))", /“,”/],
    ["jour = INTERVAL('2024-01-01', '..')", /An interval cannot stand beside =/],
    ['T_AFTER(jour)', /“T_AFTER” has 1 operands; it wants 2/],
    ['S_INTERSECTS(geom)', /has 1 operands; it wants 2/],
    ["S_INTERSECTS(geom, 'POINT(1 2)')", /no geometry: S_INTERSECTS wants a geometry column, a geometry or a BBOX/],
    ['S_INTERSECTS(geom, lower(nom))', /makes no geometry/],
    ['S_INTERSECTS(geom, POINT(1))', /is no geometry in WKT/],
    ['S_INTERSECTS(geom, POINT(1 2)', /“\)” at its end/],
    ['S_INTERSECTS(geom, POLYGON((0 0, 1 1)))', /2 positions and needs 3/],
    ['S_INTERSECTS(geom, POINT EMPTY)', /is empty/],
    ['S_INTERSECTS(geom, CIRCULARSTRING(0 0, 1 1, 2 0))', /arcs/],
    ['S_INTERSECTS(geom, POINT(90 180))', /beyond the poles.*axes are in the other order/],
    ['S_INTERSECTS(geom, BBOX(1, 2, 3))', /four or six numbers/],
    ['S_INTERSECTS(geom, BBOX(1, 4, 3, 2))', /first corner beyond its second/],
    ['S_DWITHIN(geom, POINT(1 2), 3)', /There is no function “S_DWITHIN”/],
    ["A_CONTAINS(mots, 'a')", /A_CONTAINS wants a column of lists, or a list such as \('a', 'b'\)/],
    ['A_CONTAINS(mots, (POINT(1 2)))', /Lists of geometries/],
    ['avg(pop) > 3', /There is no function “avg”. Near it are/],
    ['lower() = 1', /takes 1 arguments/],
    ["lower(('a', 'b')) = 'a'", /A list cannot stand in the function “lower”/],
    ['pop = 1e999', /beyond what can be computed with/],
    ["nom = '\0'", /character 0/],
  ]
  for (const [cql, message] of refused) t.throws(() => parseCql2Text(cql), { name: 'FilterError', message }, JSON.stringify(cql))
  const json: readonly (readonly [value: unknown, message: RegExp])[] = [
    [undefined, /no JSON/],
    [null, /null is no value/],
    ['a', /no condition/],
    [[], /A list is no condition/],
    [{}, /has no members; op and args/],
    [{ foo: 1 }, /has the members “foo”/],
    [{ op: 'and' }, /lacks its list of operands/],
    [{ op: 'and', args: [true] }, /“and” has 1 operands; it wants 2 or more/],
    [{ op: 4, args: [] }, /is no text/],
    [{ op: 'constructor', args: [] }, /There is no function/],
    [{ op: '=', args: [{ property: 4 }, 1] }, /is no text/],
    [{ op: '=', args: [{ property: 'a' }, null] }, /null is no value.*isNull/],
    [{ op: '=', args: [{ property: 'a' }, { date: '2024' }] }, /is no date/],
    [{ op: 'like', args: [{ property: 'a' }, { property: 'b' }] }, /pattern of “like” is a text/],
    [{ op: 'like', args: [{ property: 'a' }] }, /it wants 2/],
    [{ op: 'in', args: [{ property: 'a' }, 1] }, /IN wants a list/],
    [{ op: 's_intersects', args: [{ property: 'a' }, { type: 'Point', coordinates: ['1', 2] }] }, /list of two numbers/],
    [{ op: 's_intersects', args: [{ property: 'a' }, { type: 'Point' }] }, /list of two numbers/],
    [{ op: 's_intersects', args: [{ property: 'a' }, { type: 'Polygon', coordinates: 4 }] }, /lacks its list of coordinates/],
    [{ op: 's_intersects', args: [{ property: 'a' }, { type: 'Circle', coordinates: [] }] }, /no type of geometry/],
    [{ op: 's_intersects', args: [{ property: 'a' }, { bbox: [1, 2, 3, 'x'] }] }, /list of four or six numbers/],
    [{ op: 't_after', args: [{ property: 'a' }, { interval: ['..'] }] }, /list of its two ends/],
    [{ op: 't_after', args: [{ property: 'a' }, { interval: ['..', null] }] }, /null is no value/],
    [{ op: '=', args: [{ property: 'a' }, Number.POSITIVE_INFINITY] }, /beyond/],
  ]
  for (const [value, message] of json) t.throws(() => parseCql2Json(value), { name: 'FilterError', message }, JSON.stringify(value))
})

t.test('bombs are refused before they go off', async t => {
  const kindOf = (work: () => unknown): FilterErrorKind | 'read' => {
    try {
      work()
      return 'read'
    } catch (error) {
      if (error instanceof FilterError) return error.kind
      throw error
    }
  }
  const times = (count: number, text: string) => text.repeat(count)
  const texts: readonly (readonly [string, FilterErrorKind | 'read'])[] = [
    [`nom = '${times(1_000_000, 'a')}'`, 'too-large'],
    [times(50_000, '('), 'too-large'],
    [`${times(50_000, 'NOT ')}true`, 'too-large'],
    [`${times(20_000, 'NOT ')}true`, 'read'],
    [`${times(40_000, '1+')}1 = 1`, 'too-large'],
    [`pop = ${times(2_000, '1+')}1`, 'too-large'],
    [`true${times(9_000, ' OR true')}`, 'read'],
    [`a${times(19_000, ' OR a')}`, 'too-large'],
    [`a IN (${times(9_000, '1,')}1)`, 'read'],
    [`A_CONTAINS(mots, (${times(1_000, '1,')}1))`, 'too-large'],
    [`A_CONTAINS(mots, ${times(50, '(')}1${times(50, ')')})`, 'read'],
    [`A_CONTAINS(mots, ${times(70, '(')}1${times(70, ')')})`, 'too-large'],
    [`nom LIKE '${times(10_001, '%')}'`, 'too-large'],
    [`nom LIKE '${times(5_000, '%a')}'`, 'read'],
    [`${times(70, 'lower(')}nom${times(70, ')')} = 'a'`, 'too-large'],
    [`nom LIKE ${times(10_000, 'CASEI(')}'a'`, 'malformed'],
    [times(50_000, '-'), 'malformed'],
    [`nom = '${times(49_000, "''")}`, 'malformed'],
    [`S_INTERSECTS(geom, ${times(5_000, 'GEOMETRYCOLLECTION(')}POINT(1 2)${times(5_000, ')')})`, 'too-large'],
    [`S_INTERSECTS(geom, ${times(4_000, 'GEOMETRYCOLLECTION(')}POINT(1 2)${times(4_000, ')')})`, 'malformed'],
  ] // biome-ignore format: a table
  for (const [text, kind] of texts) t.equal(kindOf(() => parseCql2Text(text)), kind, `${text.slice(0, 30)} ${text.length}`) // biome-ignore format: short
  const nested = (depth: number, wrap: (inner: unknown) => unknown, inner: unknown = true) => {
    let value = inner
    for (let i = 0; i < depth; i++) value = wrap(value)
    return value
  }
  const not = (inner: unknown) => ({ op: 'not', args: [inner] })
  const values: readonly (readonly [string, unknown, FilterErrorKind | 'read'])[] = [
    ['deep', nested(20_000, not), 'too-large'],
    ['deeper', nested(200_000, not), 'too-large'],
    ['lists', nested(100_000, inner => [inner]), 'too-large'],
    ['deep enough', nested(99, not), 'read'],
    ['deep operators', { op: nested(40_000, inner => [inner]), args: [] }, 'malformed'],
    ['wide', { op: 'or', args: Array.from({ length: 60_000 }, () => ({ op: 'not', args: [true] })) }, 'too-large'],
    ['long', { op: '=', args: [{ property: 'a' }, times(1_000_000, 'a')] }, 'too-large'],
    ['pattern', { op: 'like', args: [{ property: 'a' }, times(1_000_000, '%a')] }, 'too-large'],
    ['pattern in functions', { op: 'like', args: [{ property: 'a' }, nested(20_000, inner => ({ op: 'casei', args: [inner] }), 'a')] }, 'unsupported'],
    ['positions', { op: 's_intersects', args: [{ property: 'a' }, { type: 'LineString', coordinates: Array.from({ length: 60_000 }, () => [1, 2]) }] }, 'too-large'],
    ['collections', { op: 's_intersects', args: [{ property: 'a' }, nested(10_000, inner => ({ type: 'GeometryCollection', geometries: [inner] }), { type: 'Point', coordinates: [1, 2] })] }, 'unsupported'],
  ] // biome-ignore format: a table
  for (const [name, value, kind] of values) t.equal(kindOf(() => parseCql2Json(value)), kind, name) // biome-ignore format: short
})
