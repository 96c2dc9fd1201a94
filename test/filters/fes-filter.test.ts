import t from 'tap'
import { parseEcql } from '#filters/ecql/parse-ecql.js'
import { parseFilter } from '#filters/ogc/parse-filter.js'

const namespaces = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
const parsed = (inner: string) => parseFilter(`<fes:Filter ${namespaces}>${inner}</fes:Filter>`)
const name = (text: string) => `<fes:ValueReference>${text}</fes:ValueReference>`
const literal = (text: string) => `<fes:Literal>${text}</fes:Literal>`
const point = '<gml:Point gml:id="p1" srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>45 2</gml:pos></gml:Point>'
const day = (id: string, text: string) => `<gml:TimeInstant gml:id="${id}"><gml:timePosition>${text}</gml:timePosition></gml:TimeInstant>`
const period = (inner: string) => `<gml:TimePeriod gml:id="t1">${inner}</gml:TimePeriod>`
const positions = '<gml:beginPosition>2006-11-01</gml:beginPosition><gml:endPosition>2006-12-01</gml:endPosition>'
const temporal = (operator: string, when: string) => `<fes:${operator}>${name('jour')}${when}</fes:${operator}>`

t.test('FES 2.0 says in XML what CQL says in words', async t => {
  const pairs: readonly (readonly [fes: string, cql: string])[] = [
    [`<fes:PropertyIsEqualTo>${name('nom')}${literal('eau')}</fes:PropertyIsEqualTo>`, "nom = 'eau'"],
    [`<fes:PropertyIsNil nilReason="unknown">${name('nom')}</fes:PropertyIsNil>`, 'nom IS NULL'],
    [`<fes:PropertyIsNull>${name('ms:nom')}</fes:PropertyIsNull>`, 'ms:nom IS NULL'],
    [
      `<fes:PropertyIsLike wildCard="*" singleChar="." escapeChar="!">${name('nom')}${literal('a*b.!*')}</fes:PropertyIsLike>`,
      "nom LIKE 'a%b_*'",
    ],
    [
      `<fes:PropertyIsBetween>${name('pop')}<fes:LowerBoundary>${literal('1')}</fes:LowerBoundary><fes:UpperBoundary>${literal('2')}</fes:UpperBoundary></fes:PropertyIsBetween>`,
      "pop BETWEEN '1' AND '2'",
    ],
    [
      `<fes:PropertyIsGreaterThan><fes:Function name="strLength">${name('nom')}</fes:Function>${literal('3')}</fes:PropertyIsGreaterThan>`,
      "strLength(nom) > '3'",
    ],
    [
      `<fes:PropertyIsLessThan><fes:Function name="Add">${name('pop')}${literal('3')}</fes:Function>${literal('9')}</fes:PropertyIsLessThan>`,
      "Add(pop, '3') < '9'",
    ],
    ['<fes:ResourceId rid="communes.1"/><fes:ResourceId rid="communes.2"/>', "IN ('communes.1', 'communes.2')"],
    [`<fes:Intersects>${name('geom')}${point}</fes:Intersects>`, 'INTERSECTS(geom, SRID=4326;POINT(2 45))'],
    [`<fes:Intersects>${name('geom')}<fes:Literal>${point}</fes:Literal></fes:Intersects>`, 'INTERSECTS(geom, SRID=4326;POINT(2 45))'],
    [
      `<fes:BBOX>${name('geom')}<gml:Envelope srsName="urn:ogc:def:crs:EPSG::2154"><gml:lowerCorner>2 45</gml:lowerCorner><gml:upperCorner>3 46</gml:upperCorner></gml:Envelope></fes:BBOX>`,
      "BBOX(geom, 2, 45, 3, 46, 'EPSG:2154')",
    ],
    [
      `<fes:DWithin>${name('geom')}${point}<fes:Distance uom="km">3</fes:Distance></fes:DWithin>`,
      'DWITHIN(geom, SRID=4326;POINT(2 45), 3, kilometers)',
    ],
    [temporal('After', day('a', '2006-11-30')), 'jour AFTER 2006-11-30'],
    [temporal('After', literal('2006-11-30')), 'jour AFTER 2006-11-30'],
    [temporal('After', literal(period(positions))), 'jour AFTER 2006-11-01/2006-12-01'],
    [temporal('Before', period(positions)), 'jour BEFORE 2006-11-01/2006-12-01'],
    [temporal('During', period(positions)), 'jour DURING 2006-11-01/2006-12-01'],
    [
      temporal('During', period(`<gml:begin>${day('a', '2006-11-01')}</gml:begin><gml:end>${day('b', '2006-12-01')}</gml:end>`)),
      'jour DURING 2006-11-01/2006-12-01',
    ],
    [
      temporal('During', period('<gml:beginPosition>2006-11-01T00:00:00Z</gml:beginPosition><gml:duration>P1M</gml:duration>')),
      'jour DURING 2006-11-01T00:00:00Z/P1M',
    ],
    [temporal('Begins', period(positions)), "jour = '2006-11-01'"],
    [temporal('Ends', period(positions)), "jour = '2006-12-01'"],
    [temporal('TEquals', day('a', '2006-11-30')), 'jour TEQUALS 2006-11-30'],
    [temporal('AnyInteracts', period(positions)), "jour BETWEEN '2006-11-01' AND '2006-12-01'"],
    [
      `<fes:And><fes:Not><fes:PropertyIsNull>${name('a')}</fes:PropertyIsNull></fes:Not><fes:Or><fes:PropertyIsNull>${name('b')}</fes:PropertyIsNull>${temporal('After', day('a', '2006-11-30'))}</fes:Or></fes:And>`,
      'NOT a IS NULL AND (b IS NULL OR jour AFTER 2006-11-30)',
    ],
  ]
  for (const [fes, cql] of pairs) t.same(parsed(fes), parseEcql(cql), fes)
})

t.test('what is no filter of FES 2.0 is refused', async t => {
  t.throws(() => parsed(temporal('During', day('a', '2006-11-30'))), { kind: 'malformed', message: /TimePeriod/ })
  t.throws(() => parsed(temporal('After', period('<gml:beginPosition>2006-11-01</gml:beginPosition>'))), { message: /endPosition/ })
  t.throws(() => parsed(temporal('Meets', period(positions))), { kind: 'malformed', message: /Meets is no operator.*During/s })
  t.throws(() => parsed('<fes:ResourceId/>'), { message: /rid/ })
  t.throws(() => parsed(`<fes:Intersects>${name('a')}${name('b')}</fes:Intersects>`), { kind: 'unsupported', message: /two properties/ })
})
