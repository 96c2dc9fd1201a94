import t from 'tap'
import { parseEcql, parseEcqlList } from '#filters/ecql/parse-ecql.js'
import { FilterError } from '#filters/filter-error.js'
import { foldFilter } from '#filters/fold-constants.js'
import { ewkbBbox, readEwkb } from '#geo/ewkb.js'
import { rowEvaluator } from '../../support/evaluate-rows.js'
import { compare } from '../../support/filters.js'

const rows = [
  { nom: 'Évêché', insee: '01001', pop: 4, ouvert: true, jour: '2006-11-30T01:30:00Z', 'nom complet': "L'été" },
  { nom: 'eau', insee: '35000', pop: 12, ouvert: false, jour: '2006-12-31', 'nom complet': 'x' },
  { nom: null, insee: '4', pop: null, ouvert: null, jour: null, 'nom complet': null },
  { nom: '50%', insee: '4.0', pop: -3, ouvert: true, jour: '2007-01-01T00:00:00Z', 'nom complet': 'a_b' },
]
const ours = rowEvaluator(rows, { jour: 'timestamptz' })
/** Numbers of the rows that are chosen. */
const chosen = (cql: string) =>
  ours
    .selected(parseEcql(cql))
    .flatMap((isChosen, i) => (isChosen ? [i] : []))
    .join()

t.test('what a predicate chooses', async t => {
  const table: readonly (readonly [cql: string, rows: string])[] = [
    ['1=1', '0,1,2,3'],
    ['1 = 2', ''],
    ['INCLUDE', '0,1,2,3'],
    ['exclude', ''],
    ["nom = 'eau'", '1'],
    ["NOM='eau'", '1'],
    [`"nom" = 'eau'`, '1'],
    ["'eau' = nom", '1'],
    ["nom = 'Évêché'", '0'],
    [`"nom complet" = 'L''été'`, '0'],
    ["nom <> 'eau'", '0,3'],
    ["nom != 'eau'", '0,3'],
    ["NOT nom = 'eau'", '0,3'],
    ['nom IS NULL', '2'],
    ['nom IS NOT NULL', '0,1,3'],
    ['not nom is null', '0,1,3'],
    // a column of texts is equal to what was written, and in the order of numbers
    ['insee=35000', '1'],
    ['insee = 01001', '0'],
    ['insee = 1001', ''],
    ['insee = 4', '2'],
    ['insee IN (4, 01001)', '0,2'],
    ['insee > 4000', '1'],
    ['pop = 4', '0'],
    ['pop = 4.0', '0'],
    ["pop = '4'", '0'],
    ['pop = -3', '3'],
    ['pop > -4 AND pop < 12', '0,3'],
    ['pop <= 4 or pop >= 12', '0,1,3'],
    ['pop BETWEEN 4 AND 12', '0,1'],
    ['pop NOT BETWEEN 4 AND 12', '3'],
    ['pop between -3 and 4 and ouvert = true', '0,3'],
    ["nom LIKE 'e%'", '1'],
    ["nom ILIKE 'É_ÊCH%'", '0'],
    ["nom NOT LIKE '%e%'", '0,3'],
    ["nom LIKE '50\\%'", '3'],
    ["nom like '%'", '0,1,3'],
    ["nom IN ('eau', '50%', 'rien')", '1,3'],
    ["nom NOT IN ('eau')", '0,3'],
    ['ouvert = TRUE', '0,3'],
    ['ouvert = false', '1'],
    ['ouvert', '0,3'],
    ['NOT ouvert', '1'],
    ["IN ('1', '3')", '1,3'],
    // precedence
    ["pop = 12 OR pop = 4 AND nom = 'eau'", '1'],
    ["(pop = 12 OR pop = 4) AND nom = 'eau'", '1'],
    ["[pop = 12 OR pop = 4] AND NOT (nom = 'eau')", '0'],
    ["NOT pop = 12 AND nom LIKE '%'", '0,3'],
    // computations
    ['pop + 2 * 3 = 10', '0'],
    ['(pop + 2) * 3 = 18', '0'],
    ['-pop = 3', '3'],
    ['pop / 3 - 1 > 2', '1'],
    ['pop % 5 = 2', '1'],
    ["strToUpperCase(nom) = 'EAU'", '1'],
    ["strConcat(nom, '!') = 'eau!'", '1'],
    ['strLength(nom) > pop', '0,3'],
    ["strStartsWith(nom, 'É') = true", '0'],
    ["strStartsWith(nom, 'É')", '0'],
    ["NOT strContains(nom, 'a')", '0,3'],
    ["in(nom, 'eau', '50%') = true", '1,3'],
    ["if_then_else(isNull(nom), 'rien', nom) = 'rien'", '2'],
    // moments
    ['jour BEFORE 2006-12-31', '0'],
    ['jour BEFORE 2006-11-30T02:30:00+01:00', ''],
    ['jour AFTER 2006-11-30T02:30:00+01:00', '1,3'],
    ['jour TEQUALS 2006-11-30T01:30:00Z', '0'],
    ['jour DURING 2006-11-30T01:30:00Z/2007-01-01T00:00:00Z', '1'],
    ['jour BEFORE OR DURING 2006-12-01/2007-01-01', '0,1'],
    ['jour DURING OR AFTER 2006-12-01T00:00:00Z / P1M', '1,3'],
    ['jour AFTER 2006-12-01/P1D', '1,3'],
    ['jour BEFORE P1M/2007-01-01', '0'],
    ["jour DURING '2006-12-01/P1M1D'", '1,3'],
    // the point of every row is 1 2
    ['BBOX(geom, 0, 0, 1, 2)', '0,1,2,3'],
    ['BBOX(geom, 1.01, 0, 3, 3)', ''],
    ['BBOX(geom, POINT(1 2))', '0,1,2,3'],
    ['INTERSECTS(geom, POINT(1 2))', '0,1,2,3'],
    ['INTERSECTS(the_geom, POLYGON((0 0, 2 0, 2 3, 0 3, 0 0)))', '0,1,2,3'],
    ["INTERSECTS(geom, 'POINT(1 2)')", '0,1,2,3'],
    ['intersects(geom, POINT Z (1 2 9))', '0,1,2,3'],
    ['DISJOINT(geom, ENVELOPE(5, 7, 0, 2))', '0,1,2,3'],
    ['WITHIN(geom, POLYGON((0 0, 2 0, 2 3, 0 3, 0 0)))', '0,1,2,3'],
    ['CONTAINS(POLYGON((0 0, 2 0, 2 3, 0 3, 0 0)), geom)', '0,1,2,3'],
    ['CONTAINS(geom, POLYGON((0 0, 2 0, 2 3, 0 3, 0 0)))', ''],
    ["DWITHIN(geom, POINT(1 5), 3, degree) AND nom = 'eau'", '1'],
    ['BEYOND(geom, POINT(1 5), 2.9, unit)', '0,1,2,3'],
    ['DWITHIN(geom, POINT(1 5), 2.9, unit)', ''],
  ]
  const { loadGeos } = await import('#filters/geos.js')
  await loadGeos()
  for (const [cql, wanted] of table) t.equal(chosen(cql), wanted, cql)
})

t.test('numbers between columns and quotes are kept as they are written for equality only', async t => {
  t.same(parseEcql('insee = 01001'), compare('insee', '=', '01001'))
  t.same(parseEcql('insee = -7'), compare('insee', '=', '-7'))
  t.same(parseEcql('insee > 01001'), compare('insee', '>', 1001))
})

t.test('names: prefixes, accents, quotes and keywords in quotes', async t => {
  const nameOf = (cql: string) => {
    const filter = parseEcql(cql)
    return filter.kind === 'isNull' && filter.operand.kind === 'property' ? filter.operand.name : filter
  }
  for (const [cql, name] of [
    ['élévation IS NULL', 'élévation'],
    ['ms:nom IS NULL', 'ms:nom'],
    ['a.b IS NULL', 'a.b'],
    ['_x1 IS NULL', '_x1'],
    ['"and" IS NULL', 'and'],
    ['"a ""b"" c" IS NULL', 'a "b" c'],
    // written with a letter and an accent that stands alone
    ['e\u0301te\u0301 IS NULL', 'e\u0301te\u0301'],
  ] as const)
    t.equal(nameOf(cql), name)
})

t.test('geometries: systems, axes, units, order', async t => {
  const spatial = (cql: string) => {
    const filter = parseEcql(cql)
    if (filter.kind !== 'spatial' && filter.kind !== 'distance') throw new Error(cql)
    return filter
  }
  const box = (cql: string) => ewkbBbox(spatial(cql).geometry.wkb)
  t.same(box('INTERSECTS(g, SRID=4326;LINESTRING(2 45, 3 46))'), [2, 45, 3, 46])
  t.equal(spatial('INTERSECTS(g, SRID=4326;POINT(2 45))').geometry.crs, 'EPSG:4326')
  t.equal(spatial('INTERSECTS(g, POINT(2 45))').geometry.crs, undefined)
  t.same(box("BBOX(g, 2, 45, 3, 46, 'EPSG:4326')"), [2, 45, 3, 46])
  t.same(box("BBOX(g, 45, 2, 46, 3, 'urn:ogc:def:crs:EPSG::4326')"), [2, 45, 3, 46])
  t.equal(spatial("BBOX(g, 45, 2, 46, 3, 'urn:ogc:def:crs:EPSG::4326')").geometry.crs, 'EPSG:4326')
  t.same(box('INTERSECTS(g, ENVELOPE(1, 2, 3, 4))'), [1, 3, 2, 4])
  t.same(box('BBOX(g, -1.5e1, -2, .5, +3)'), [-15, -2, 0.5, 3])
  t.match(spatial('DWITHIN(g, POINT(1 2), 3, kilometers)'), { operator: 'within', distance: 3, metresPerUnit: 1000 })
  t.match(spatial('BEYOND(g, POINT(1 2), 3, statute miles)'), { operator: 'beyond', metresPerUnit: 1609.344 })
  t.notOk('metresPerUnit' in spatial('DWITHIN(g, POINT(1 2), 3, degrees)'))
  t.match(spatial('WITHIN(POINT(1 2), g)'), { operator: 'contains', property: 'g' })
  const kinds = [
    'POINT(1 2)',
    'MULTIPOINT((1 2), (3 4))',
    'MULTIPOINT(1 2, 3 4)',
    'LINESTRING(1 2, 3 4)',
    'MULTILINESTRING((1 2, 3 4), (5 6, 7 8))',
    'POLYGON((0 0, 9 0, 9 9, 0 0), (2 1, 3 1, 3 2, 2 1))',
    'MULTIPOLYGON(((0 0, 9 0, 9 9, 0 0)))',
    'GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(1 2, 3 4))',
  ]
  for (const wkt of kinds) t.equal(readEwkb(spatial(`INTERSECTS(g, ${wkt})`).geometry.wkb).kind.toUpperCase(), /^[A-Z]+/.exec(wkt)![0], wkt)
})

t.test('several filters; separators in texts, names and geometries are none', async t => {
  const list = parseEcqlList(`nom = 'a;b' AND "x;y" = 1;;INTERSECTS(g, SRID=2154;POINT(1 2)); 1=1`)
  t.equal(list.length, 4)
  t.same(list[1], { kind: 'constant', value: true })
  t.same(
    list.map(filter => foldFilter(filter).kind),
    ['and', 'constant', 'spatial', 'constant'],
  )
  t.equal(parseEcqlList('').length, 1)
  t.throws(() => parseEcql('a = 1; b = 2'), { kind: 'malformed', message: /2 CQL filters/ })
})

t.test('what cannot be read is refused with its place, what is not computed with what would work', async t => {
  const refused: readonly (readonly [cql: string, kind: string, message: RegExp])[] = [
    ['nom =', 'malformed', /at its end/],
    ["nom = 'a", 'malformed', /not closed/],
    ['nom = "a', 'malformed', /not closed/],
    ["nom 'a'", 'malformed', /wants an operator at "'a'"/],
    ['(a = 1', 'malformed', /wants “\)” at its end/],
    ['a = 1)', 'malformed', /wants an operator at "\)"/],
    ['[a = 1)', 'malformed', /wants “\]”/],
    ['a IS 1', 'malformed', /NULL/],
    ['a IN ()', 'malformed', /one value or more/],
    ['a BETWEEN 1 OR 2', 'malformed', /AND/],
    ['AND a = 1', 'malformed', /a name, a value/],
    ['a = 1 ; DROP TABLE x', 'malformed', /TABLE/],
    ['a = 1 /* b */', 'malformed', /a name, a value/],
    ['INTERSECTS(g, POINT(1))', 'malformed', /WKT/],
    ['INTERSECTS(g, POINT EMPTY)', 'malformed', /empty/],
    ['INTERSECTS(g, POLYGON((0 0, 1 1)))', 'malformed', /needs 3/],
    ['INTERSECTS(g, POINT(1e999 2))', 'malformed', /computed/],
    ['INTERSECTS(g, CIRCULARSTRING(0 0, 1 1, 2 0))', 'unsupported', /arcs/],
    ['INTERSECTS(g, h)', 'malformed', /WKT/],
    ['INTERSECTS(buffer(g, 2), POINT(1 2))', 'unsupported', /buffer/],
    ["RELATE(g, POINT(1 2), 'T********')", 'unsupported', /INTERSECTS/],
    ['BBOX(g, 3, 0, 1, 2)', 'malformed', /minX, minY/],
    ["BBOX(g, 1, 0, 3, 2, 'EPSG:0')", 'unknown-crs', /EPSG:0/],
    ['INTERSECTS(g, SRID=99;POINT(1 2))', 'unknown-crs', /EPSG:99/],
    ['DWITHIN(g, POINT(1 2), 3, parsecs)', 'unsupported', /parsecs.*metre/],
    ['DWITHIN(g, POINT(1 2), -3, meters)', 'malformed', /negative/],
    ['a DURING 2006-01-01', 'malformed', /period/],
    ['a DURING 2006-02-30/2007-01-01', 'malformed', /no period/],
    ['a AFTER 2006-02-30', 'malformed', /calendar/],
    ['a EXISTS', 'unsupported', /IS NULL/],
    ['strLenght(a) = 1', 'unknown-function', /strLength/],
    ['strLength(a, b) = 1', 'malformed', /strLength/],
    ['a LIKE b', 'unsupported', /text/],
    [`${'('.repeat(70)}a = 1${')'.repeat(70)}`, 'too-large', /60/],
    [`${'abs('.repeat(70)}1${')'.repeat(70)} = 1`, 'too-large', /60/],
    [`a = '${'x'.repeat(100_000)}'`, 'too-large', /100000/],
    [`a = 1${' + 1'.repeat(20_000)}`, 'too-large', /parts|levels/],
  ]
  for (const [cql, kind, message] of refused) {
    try {
      parseEcql(cql)
      t.fail(`${cql.slice(0, 60)} was read`)
    } catch (error) {
      t.ok(error instanceof FilterError, cql.slice(0, 60))
      t.match(error, { kind, message }, cql.slice(0, 60))
    }
  }
})

t.test('a long list is read, and a long chain of NOT', async t => {
  const values = Array.from({ length: 5000 }, (_, i) => `'id${i}'`).join(',')
  t.match(parseEcql(`nom IN (${values})`), { kind: 'in' })
  t.match(parseEcql(`${'NOT '.repeat(20_001)}nom IS NULL`), { kind: 'not' })
})
