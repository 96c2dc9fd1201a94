import t from 'tap'
import { parseCql2Json } from '#filters/cql2/parse-cql2-json.js'
import { parseCql2Text } from '#filters/cql2/parse-cql2-text.js'
import type { Filter } from '#filters/filter.js'
import { foldFilter } from '#filters/fold-constants.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import { rowEvaluator } from '../../support/evaluate-rows.js'
import { type Cql2Json, cql2TextOf } from '../../support/write-cql2.js'

const rows = [
  { nom: 'Évêché', pop: 4, ouvert: true, jour: '2006-11-30', debut: '2006-11-30T01:30:00Z', 'nom complet': "L'été", mots: '{a,b}', objets: '["a", 4]', 'eo:type': 'x', date: 'd' },
  { nom: 'eau', pop: 12, ouvert: false, jour: '2006-12-31', debut: '2007-01-01T00:00:00Z', 'nom complet': 'x\ty', mots: '{}', objets: '[]', 'eo:type': 'y', date: 'e' },
  { nom: null, pop: null, ouvert: null, jour: null, debut: null, 'nom complet': null, mots: null, objets: null, 'eo:type': null, date: null },
  { nom: '50%', pop: -3, ouvert: true, jour: '2007-01-01', debut: '2006-12-31T23:59:59Z', 'nom complet': 'a_b', mots: '{c,NULL,"d,e"}', objets: '{"a": 4}', 'eo:type': 'X', date: 'f' },
] // biome-ignore format: a table
const ours = rowEvaluator(rows, { jour: 'date', debut: 'timestamptz', objets: 'json' })
/** Numbers of the rows that a filter is true for. */
const chosen = (filter: Filter) =>
  ours
    .selected(filter)
    .flatMap((isChosen, i) => (isChosen ? [i] : []))
    .join()
const read = (text: string) => parseCql2Text(text, { crs: null })

t.test('what a predicate chooses, in text', async t => {
  const table: readonly (readonly [cql: string, rows: string])[] = [
    // logic, in any case of letters
    ['TRUE', '0,1,2,3'],
    ['false', ''],
    ['NOT false', '0,1,2,3'],
    ["nom = 'eau' Or pop < 0", '1,3'],
    ["nom = 'eau' OR pop < 5 AND ouvert = TRUE", '0,1,3'],
    ["(nom = 'eau' OR pop < 5) AND ouvert = TRUE", '0,3'],
    ['NOT (pop > 4)', '0,3'],
    ['NOT NOT pop > 4', '1'],
    // comparisons
    ["nom = 'eau'", '1'],
    ["nom <> 'eau'", '0,3'],
    ['pop < 4', '3'],
    ['pop <= 4', '0,3'],
    ['pop > 4', '1'],
    ['pop >= 4.0', '0,1'],
    ['pop = +4', '0'],
    ['pop = -3', '3'],
    ['pop = 1.2E+1', '1'],
    ['pop = .4e1', '0'],
    ['12 = pop', '1'],
    ['5 > pop', '0,3'],
    ['pop = pop', '0,1,3'],
    ['pop <> pop', ''],
    ['4 = 4', '0,1,2,3'],
    ["'a' <> 'b'", '0,1,2,3'],
    // names
    [`"nom complet" = 'L''été'`, '0'],
    [`"nom" = 'eau'`, '1'],
    ["eo:type = 'x'", '0'],
    [`"eo:type" = 'x'`, '0'],
    ["date = 'e'", '1'],
    // texts
    ["\"nom complet\" = 'L\\'été'", '0'],
    ['"nom complet" = \'x\\ty\'', '1'],
    ["nom = 'Évêché'", '0'],
    // LIKE
    ["nom LIKE 'e%'", '1'],
    ["nom like '_au'", '1'],
    ["nom LIKE '%'", '0,1,3'],
    ["nom LIKE ''", ''],
    ["nom LIKE '50\\%'", '3'],
    ["nom LIKE '\\%%'", ''],
    ['"nom complet" LIKE \'a\\_b\'', '3'],
    ['"nom complet" LIKE \'_\\ty\'', '1'],
    ["\"nom complet\" LIKE 'L''%'", '0'],
    ["nom NOT LIKE 'e%'", '0,3'],
    ["'abc' LIKE 'a%'", '0,1,2,3'],
    // BETWEEN, IN, IS NULL
    ['pop BETWEEN 4 AND 12', '0,1'],
    ['pop BETWEEN 12 AND 4', ''],
    ['pop NOT BETWEEN 4 AND 12', '3'],
    ['4 BETWEEN -3 AND pop', '0,1'],
    ['pop between -3 and 4 and ouvert = true', '0,3'],
    ['pop IN (4, 12.0, 5)', '0,1'],
    ["nom NOT IN ('eau', 'x')", '0,3'],
    ['4 IN (pop, 12)', '0'],
    ["jour IN (DATE('2006-12-31'), DATE('2007-01-01'))", '1,3'],
    ['ouvert in (true)', '0,3'],
    ['nom IS NULL', '2'],
    ['nom is not null', '0,1,3'],
    ['geom IS NULL', ''],
    ['pop + 1 IS NULL', '2'],
    ['(pop > 4) IS NULL', '2'],
    ["DATE('2006-12-31') IS NULL", ''],
    ['POINT(1 2) IS NULL', ''],
    // truth values and functions alone
    ['ouvert', '0,3'],
    ['NOT ouvert', '1'],
    ["strStartsWith(nom, 'e')", '1'],
    ["strStartsWith(nom, 'e') = false", '0,3'],
    ['(pop > 4) = ouvert', ''],
    ['(pop > 4) <> ouvert', '0,1,3'],
    ['strLength(lower(nom)) = pop - 9', '1'],
    ['pi() > pop', '3'],
    // case and accents
    ["CASEI(nom) = CASEI('ÉVÊCHÉ')", '0'],
    ["casei(nom) IN (casei('EAU'), casei('évêché'))", '0,1'],
    ["ACCENTI(nom) = ACCENTI('Evéche')", '0'],
    ["ACCENTI(CASEI(nom)) = accenti(casei('EVECHE'))", '0'],
    ["CASEI(nom) LIKE CASEI('%VÊ%')", '0'],
    ["ACCENTI(CASEI(nom)) LIKE ACCENTI(CASEI('EVÊ%'))", '0'],
    ["nom LIKE CASEI('É%')", ''],
    ["CASEI('Straße') = CASEI('STRASSE')", '0,1,2,3'],
    ["ACCENTI('cœur') = ACCENTI('coeur')", '0,1,2,3'],
    // arithmetic
    ['pop * 2 + 1 = 9', '0'],
    ['pop * (2 + 1) = 12', '0'],
    ['(pop + 2) * 2 = 12', '0'],
    ['pop - 1 - 1 = 2', '0'],
    ['pop / 8 = 0.5', '0'],
    ['pop div 8 = 0', '0,3'],
    ['pop DIV -2 = -6', '1'],
    ['-7 div 2 = -3', '0,1,2,3'],
    ['pop % 5 = 2', '1'],
    ['pop ^ 2 = 144', '1'],
    ['-pop ^ 2 = 16', '0'],
    ['2 ^ pop = 16', '0'],
    ['- pop = 3', '3'],
    ['pop / 0 IS NULL', '0,1,2,3'],
    ['pop > (2 - pop)', '0,1'],
    // dates and timestamps
    ["jour = DATE('2006-12-31')", '1'],
    ["jour < DATE('2006-12-31')", '0'],
    ["DATE('2006-12-31') < jour", '3'],
    ["debut >= TIMESTAMP('2006-12-31T23:59:59Z')", '1,3'],
    ["debut = TIMESTAMP('2006-11-30T01:30:00.000Z')", '0'],
    // a date is its midnight
    ["debut > DATE('2006-12-31')", '1,3'],
    ["debut = DATE('2007-01-01')", '1'],
    ["jour = TIMESTAMP('2006-12-31T00:00:00Z')", '1'],
    // a text that spells a moment is one beside a moment
    ["jour = '2006-12-31'", '1'],
    ["debut in ('2007-01-01T00:00:00Z', '2006-11-30T01:30:00Z')", '0,1'],
    // lists
    ["A_CONTAINS(mots, ('a'))", '0'],
    ["A_CONTAINS(mots, ('b', 'a', 'b'))", '0'],
    ['A_CONTAINS(mots, ())', '0,1,3'],
    ["A_CONTAINEDBY(mots, ('a', 'b', 'c'))", '0,1'],
    ["A_EQUALS(mots, ('b', 'a'))", '0'],
    ["A_EQUALS(('b', 'a'), mots)", '0'],
    ['A_EQUALS(mots, ())', '1'],
    ['A_EQUALS((), ())', '0,1,2,3'],
    ["A_OVERLAPS(mots, ('d,e', 'a'))", '0,3'],
    ['A_OVERLAPS(mots, ())', ''],
    ["NOT A_OVERLAPS(mots, ('a'))", '1,3'],
    ['A_EQUALS(mots, mots)', '0,1'],
    ["A_CONTAINS(objets, ('a'))", '0'],
    ["A_CONTAINS(objets, ('4'))", ''],
    ["A_EQUALS(objets, (4, 'a'))", '0'],
    ["A_CONTAINS(('eau', 'x'), (nom))", '1'],
    ["a_overlaps((1, TRUE, 'x'), (TRUE))", '0,1,2,3'],
    ['A_CONTAINS(((1, 2), 3), ((2, 1)))', '0,1,2,3'],
    ['A_CONTAINS(((1, 2), 3), (2, 1))', ''],
    ['A_CONTAINS(((1), 3), ((1)))', '0,1,2,3'],
    ['A_CONTAINS(((1 + 1) * 2, 3), (4))', '0,1,2,3'],
    ['A_EQUALS((()), (()))', '0,1,2,3'],
    ['A_CONTAINS(((1, 2), 3), ((2, 1), 3))', '0,1,2,3'],
    ["A_EQUALS((DATE('2006-12-31')), (TIMESTAMP('2006-12-31T00:00:00Z')))", '0,1,2,3'],
    // space: all rows have a point at 1 2
    ['S_INTERSECTS(geom, POINT(1 2))', '0,1,2,3'],
    ['s_intersects(geom, POINT Z (1 2 3))', '0,1,2,3'],
    ['S_EQUALS(geom, MULTIPOINT((1 2), (1 2)))', '0,1,2,3'],
    ['S_DISJOINT(geom, LINESTRING(0 0, 1 1))', '0,1,2,3'],
    ['S_WITHIN(geom, POLYGON((0 0, 3 0, 3 3, 0 3, 0 0)))', '0,1,2,3'],
    ['S_CONTAINS(POLYGON((0 0, 3 0, 3 3, 0 3, 0 0)), geom)', '0,1,2,3'],
    ['S_CONTAINS(geom, POLYGON((0 0, 3 0, 3 3, 0 3, 0 0)))', ''],
    ['S_TOUCHES(geom, POLYGON((1 0, 3 0, 3 3, 1 3, 1 0)))', '0,1,2,3'],
    ['S_WITHIN(geom, BBOX(0, 1, 2, 3))', '0,1,2,3'],
    ['S_WITHIN(geom, BBOX(0, 1, -9, 2, 3, 9.5))', '0,1,2,3'],
    ['S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(5 5), LINESTRING(0 2, 2 2)))', '0,1,2,3'],
    ['S_CROSSES(LINESTRING(0 0, 2 2), POLYGON((1 0, 3 0, 3 3, 1 3, 1 0)))', '0,1,2,3'],
    ['S_OVERLAPS(BBOX(0, 0, 2, 2), BBOX(1, 1, 3, 3))', '0,1,2,3'],
    ['S_INTERSECTS(geom, geom)', '0,1,2,3'],
    ['S_DISJOINT(geom, geom) OR pop = 4', '0'],
  ]
  for (const [cql, wanted] of table) {
    const filter = read(cql)
    await prepareFilter(filter)
    t.equal(chosen(filter), wanted, cql)
    t.equal(chosen(foldFilter(filter)), wanted, `${cql}, folded`)
  }
})

t.test('the truth table of the standard (6.2, table 1)', async t => {
  const table = { TRUE: '1 = 1', FALSE: '1 = 2', NULL: 'pop = 4' } as const
  const and = { TRUE: { TRUE: 'TRUE', FALSE: 'FALSE', NULL: 'NULL' }, FALSE: { TRUE: 'FALSE', FALSE: 'FALSE', NULL: 'FALSE' }, NULL: { TRUE: 'NULL', FALSE: 'FALSE', NULL: 'NULL' } } as const // biome-ignore format: a table
  const or = { TRUE: { TRUE: 'TRUE', FALSE: 'TRUE', NULL: 'TRUE' }, FALSE: { TRUE: 'TRUE', FALSE: 'FALSE', NULL: 'NULL' }, NULL: { TRUE: 'TRUE', FALSE: 'NULL', NULL: 'NULL' } } as const // biome-ignore format: a table
  /** What a condition is for the third row, where pop is null: true, or its opposite is, or neither. */
  const truthOf = (cql: string) => {
    const isChosen = (text: string) => ours.selected(read(text))[2]
    return isChosen(cql) ? 'TRUE' : isChosen(`NOT (${cql})`) ? 'FALSE' : 'NULL'
  }
  for (const a of ['TRUE', 'FALSE', 'NULL'] as const) {
    t.equal(truthOf(table[a]), a)
    t.equal(truthOf(`NOT (${table[a]})`), { TRUE: 'FALSE', FALSE: 'TRUE', NULL: 'NULL' }[a])
    for (const b of ['TRUE', 'FALSE', 'NULL'] as const) {
      t.equal(truthOf(`(${table[a]}) AND (${table[b]})`), and[a][b], `${a} AND ${b}`)
      t.equal(truthOf(`(${table[a]}) OR (${table[b]})`), or[a][b], `${a} OR ${b}`)
    }
  }
})

t.test('both encodings are one tree', async t => {
  const p = (property: string) => ({ property })
  const op = (name: string, ...args: readonly Cql2Json[]) => ({ op: name, args })
  const square = { type: 'Polygon', coordinates: [[[0, 0], [3, 0], [3, 3], [0, 0]]] } // biome-ignore format: short
  const spatial = ['intersects', 'equals', 'disjoint', 'touches', 'within', 'overlaps', 'crosses', 'contains']
  const ofMoments = ['after', 'before', 'disjoint', 'equals', 'intersects']
  const ofIntervals = ['contains', 'during', 'finishedBy', 'finishes', 'meets', 'metBy', 'overlappedBy', 'overlaps', 'startedBy', 'starts']
  const period = { interval: ['2006-01-01', '..'] }
  const all: readonly Cql2Json[] = [
    true,
    false,
    ...['=', '<>', '<', '<=', '>', '>='].map(sign => op(sign, p('pop'), 4.5)),
    op('=', p('nom'), "l'été"),
    op('=', p('nom'), 'a\\b'),
    op('=', p('ouvert'), true),
    op('=', p('jour'), { date: '2006-12-31' }),
    op('=', { timestamp: '2006-12-31T01:02:03.5Z' }, p('debut')),
    op('and', op('=', p('pop'), 1), op('or', op('=', p('pop'), 2), op('isNull', p('pop')), op('not', op('=', p('pop'), 3)))),
    op('like', p('nom'), "a_%\\%'"),
    op('like', op('accenti', op('casei', p('nom'))), op('accenti', op('casei', 'ÉS%'))),
    op('between', p('pop'), -1, op('+', 2, p('pop'))),
    op('in', p('nom'), ['a', 'b']),
    op('in', op('casei', p('nom')), [op('casei', 'Straße')]),
    ...['+', '-', '*', '/', '%', '^', 'div'].map(sign => op('=', p('pop'), op(sign, p('pop'), 2))),
    op('isNull', op('>', p('pop'), 3)),
    op('strStartsWith', p('nom'), 'e'),
    op('=', op('strLength', p('nom')), 3),
    ...spatial.map(name => op(`s_${name}`, p('geom'), square)),
    ...spatial.map(name => op(`s_${name}`, square, p('geom'))),
    op('s_touches', p('geom'), p('geom')),
    op('s_touches', square, square),
    op('s_intersects', p('geom'), { bbox: [1, 2, 3, 4] }),
    op('s_intersects', p('geom'), { bbox: [1, 2, 0, 3, 4, 9] }),
    op('s_intersects', p('geom'), { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [1, 2] }, { type: 'MultiLineString', coordinates: [[[0, 0], [1, 1]], [[2, 2], [3, 3]]] }] }),
    op('s_intersects', p('geom'), { type: 'MultiPolygon', coordinates: [square.coordinates] }),
    op('s_intersects', p('geom'), { type: 'MultiPoint', coordinates: [[1, 2], [3, 4]] }),
    ...ofMoments.map(name => op(`t_${name}`, p('jour'), { date: '2006-12-31' })),
    ...ofMoments.map(name => op(`t_${name}`, p('jour'), period)),
    ...[...ofMoments, ...ofIntervals].map(name => op(`t_${name}`, { interval: [p('jour'), p('debut')] }, period)),
    ...['a_contains', 'a_containedBy', 'a_equals', 'a_overlaps'].map(name => op(name, p('mots'), ['a', 'b'])),
    op('a_contains', ['a', true, 1, { date: '2006-12-31' }, [1, 2], [3], [[]]], p('objets')),
  ] // biome-ignore format: one operator a line
  for (const json of all) {
    const text = cql2TextOf(json)
    t.same(read(text), parseCql2Json(json, { crs: null }), text)
  }
})

t.test('numbers are exact where a text has them so', async t => {
  t.match(read('grand = 9007199254740993'), { right: { value: '9007199254740993', type: 'number' } })
  t.match(read('grand = -9007199254740993'), { right: { value: '-9007199254740993', type: 'number' } })
  t.match(read('grand = 9007199254740991'), { right: { value: 9007199254740991 } })
  t.match(read('grand = 1e22'), { right: { value: 1e22 } })
})

t.test('identifiers are those of the standard', async t => {
  for (const name of ['élévation', '_a', ':a', 'a.b.c', 'eo:cloud_cover', 'Ω', 'naïveté', 'a\u0301', '名前', 'xⅣ', 'order', 'point', 'div2', 'inner', 'nullable', 'interval'])
    t.match(read(`${name} = 1`), { left: { kind: 'property', name } }, name) // biome-ignore format: short
  for (const wrong of ['1a = 1', 'a-b-', 'a b = 1', '$a = 1', 'a = "b', 'a;b = 1', '.a = 1'])
    t.throws(() => read(wrong), { name: 'FilterError' }, wrong)
})
