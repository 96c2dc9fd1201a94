import t from 'tap'
import { FilterError } from '#filters/filter-error.js'
import { foldFilter } from '#filters/fold-constants.js'
import { parseFilter } from '#filters/ogc/parse-filter.js'
import { ewkbBbox, readEwkb } from '#geo/ewkb.js'

const namespaces = 'xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"'
const wrap = (inner: string) => `<ogc:Filter ${namespaces}>${inner}</ogc:Filter>`
const parsed = (inner: string, defaultCrs?: string) => parseFilter(wrap(inner), defaultCrs === undefined ? {} : { defaultCrs })
const name = (text: string) => `<ogc:PropertyName>${text}</ogc:PropertyName>`
const literal = (text: string) => `<ogc:Literal>${text}</ogc:Literal>`
const property = (text: string) => ({ kind: 'property', name: text })
const word = (value: string) => ({ kind: 'literal', value })

t.test('comparisons keep their operands as they are written', async t => {
  const operators = { EqualTo: '=', NotEqualTo: '<>', LessThan: '<', GreaterThan: '>', LessThanOrEqualTo: '<=', GreaterThanOrEqualTo: '>=' }
  for (const [element, operator] of Object.entries(operators)) {
    const tag = `ogc:PropertyIs${element}`
    t.same(parsed(`<${tag}>${name('DEPTH')}${literal('30')}</${tag}>`), {
      kind: 'compare',
      operator,
      left: property('DEPTH'),
      right: word('30'),
    })
    t.same(parsed(`<${tag}>${literal('30')}${name('a:DEPTH')}</${tag}>`), {
      kind: 'compare',
      operator,
      left: word('30'),
      right: property('a:DEPTH'),
    })
  }
  t.match(parsed(`<ogc:PropertyIsEqualTo matchCase="false">${name('a')}${literal('B')}</ogc:PropertyIsEqualTo>`), { ignoresCase: true })
  t.notOk('ignoresCase' in parsed(`<ogc:PropertyIsEqualTo matchCase="true">${name('a')}${literal('B')}</ogc:PropertyIsEqualTo>`))
  t.match(parsed(`<ogc:PropertyIsNull>${name('/communes/nom')}</ogc:PropertyIsNull>`), {
    kind: 'isNull',
    operand: property('/communes/nom'),
  })
  const between = `${name('d')}<ogc:LowerBoundary>${literal('100')}</ogc:LowerBoundary><ogc:UpperBoundary>${literal('200')}</ogc:UpperBoundary>`
  t.same(parsed(`<ogc:PropertyIsBetween>${between}</ogc:PropertyIsBetween>`), {
    kind: 'between',
    operand: property('d'),
    lower: word('100'),
    upper: word('200'),
  })
})

t.test('literals lose layout and nothing else', async t => {
  const value = (text: string) => parsed(`<ogc:PropertyIsEqualTo>${name('a')}${literal(text)}</ogc:PropertyIsEqualTo>`)
  t.match(value(' x '), { right: word(' x ') })
  t.match(value('\n   x y\n  '), { right: word('x y') })
  t.match(value(''), { right: word('') })
  t.match(value('<![CDATA[a < b]]>'), { right: word('a < b') })
})

t.test('patterns: any signs, escaped ones, longer ones', async t => {
  const like = (attributes: string, pattern: string) =>
    parsed(`<ogc:PropertyIsLike ${attributes}>${name('a')}${literal(pattern)}</ogc:PropertyIsLike>`)
  const [many, one] = [{ any: 'many' }, { any: 'one' }]
  t.same(like('wildCard="*" singleChar="#" escapeChar="!"', 'JOHN*'), { kind: 'like', operand: property('a'), pattern: ['JOHN', many] })
  t.match(like('wildCard="*" singleChar="." escape="\\"', '*é.\\*\\\\\\.%_'), { pattern: [many, 'é', one, '*\\.%_'] })
  t.match(like('wildCard="%" singleChar="_" escapeChar="!" matchCase="false"', '!%50%%'), { pattern: ['%50', many], ignoresCase: true })
  t.match(like('wildCard=".*" singleChar="." escapeChar="!"', 'a.*b.c!'), { pattern: ['a', many, 'b', one, 'c!'] })
  t.match(like('wildCard="*" singleChar="" escapeChar=""', 'a?b'), { pattern: ['a?b'] })
  t.throws(() => like('singleChar="."', 'a'), { kind: 'malformed', message: /wildCard/ })
})

t.test('logic, ids and computations', async t => {
  const isA = `<ogc:PropertyIsEqualTo>${name('a')}${literal('1')}</ogc:PropertyIsEqualTo>`
  const a = { kind: 'compare', operator: '=', left: property('a'), right: word('1') }
  t.same(parsed(`<ogc:And>${isA}<ogc:Or>${isA}<ogc:Not>${isA}</ogc:Not></ogc:Or></ogc:And>`), {
    kind: 'and',
    all: [a, { kind: 'or', any: [a, { kind: 'not', filter: a }] }],
  })
  t.same(parsed('<ogc:FeatureId fid="TREESA_1M.1234"/><ogc:FeatureId fid=" 2 "/>'), { kind: 'ids', ids: ['TREESA_1M.1234', '2'] })
  t.same(parsed('<ogc:GmlObjectId gml:id="c.1"/>'), { kind: 'ids', ids: ['c.1'] })
  const sum = `<ogc:Add>${name('a')}<ogc:Mul>${literal('2')}<ogc:Div>${name('b')}<ogc:Sub>${literal('3')}${literal('1')}</ogc:Sub></ogc:Div></ogc:Mul></ogc:Add>`
  t.match(parsed(`<ogc:PropertyIsLessThan>${sum}${literal('9')}</ogc:PropertyIsLessThan>`), {
    left: {
      kind: 'call',
      name: '+',
      args: [property('a'), { kind: 'call', name: '*', args: [word('2'), { name: '/', args: [property('b'), { name: '-' }] }] }],
    },
  })
  const sin = `<ogc:Function name="SIN">${name('angle')}</ogc:Function>`
  t.match(parsed(`<ogc:PropertyIsEqualTo>${sin}${literal('1')}</ogc:PropertyIsEqualTo>`), {
    left: { kind: 'call', name: 'SIN', args: [property('angle')] },
  })
})

t.test('spatial operators, either operand first', async t => {
  const point = '<gml:Point><gml:pos>1 2</gml:pos></gml:Point>'
  for (const operator of ['Equals', 'Disjoint', 'Touches', 'Within', 'Overlaps', 'Crosses', 'Intersects', 'Contains'])
    t.match(parsed(`<ogc:${operator}>${name('geom')}${point}</ogc:${operator}>`), {
      kind: 'spatial',
      operator: operator.toLowerCase(),
      property: 'geom',
    })
  t.match(parsed(`<ogc:Within>${point}${name('geom')}</ogc:Within>`), { operator: 'contains' })
  t.match(parsed(`<ogc:Contains>${point}${name('geom')}</ogc:Contains>`), { operator: 'within' })
  const box = '<gml:Box><gml:coordinates>1,2 3,4</gml:coordinates></gml:Box>'
  t.match(parsed(`<ogc:BBOX>${box}</ogc:BBOX>`), { kind: 'spatial', operator: 'intersects', property: '' })
  const distance = (text: string) => parsed(`<ogc:DWithin>${name('g')}${point}${text}</ogc:DWithin>`)
  t.match(distance('<ogc:Distance units="m">10</ogc:Distance>'), { kind: 'distance', operator: 'within', distance: 10, metresPerUnit: 1 })
  t.match(distance('<ogc:Distance units="http://www.uomdict.com/uom.html#kilometers">2.5</ogc:Distance>'), {
    distance: 2.5,
    metresPerUnit: 1000,
  })
  t.notOk('metresPerUnit' in distance('<ogc:Distance>10</ogc:Distance>'))
  for (const wrong of ['-1', 'NaN', 'Infinity', '', '1e999'])
    t.throws(() => distance(`<ogc:Distance>${wrong}</ogc:Distance>`), { kind: 'malformed', message: /Distance/ })
  t.throws(() => distance('<ogc:Distance units="leagues">1</ogc:Distance>'), { kind: 'unsupported', message: /leagues.*km/ })
  t.match(parsed(`<ogc:Beyond>${name('g')}${point}<ogc:Distance units="ft">1</ogc:Distance></ogc:Beyond>`), {
    operator: 'beyond',
    metresPerUnit: 0.3048,
  })
})

t.test('axes follow the form of the name, in GML 2 and 3', async t => {
  const gml2 = (srs: string) =>
    `<ogc:Intersects>${name('g')}<gml:Point${srs}><gml:coordinates>48.5,2.25</gml:coordinates></gml:Point></ogc:Intersects>`
  const gml3 = (srs: string) => `<ogc:Intersects>${name('g')}<gml:Point${srs}><gml:pos>48.5 2.25</gml:pos></gml:Point></ogc:Intersects>`
  const place = (filter: unknown) => {
    const { wkb, crs } = (filter as { geometry: { wkb: Uint8Array; crs?: string } }).geometry
    const geometry = readEwkb(wkb)
    return ['coordinates' in geometry ? [...geometry.coordinates] : [], crs]
  }
  const [asWritten, turned] = [
    [48.5, 2.25],
    [2.25, 48.5],
  ]
  const cases: [srsName: string, crs: string, flipped: boolean][] = [
    ['EPSG:4326', 'EPSG:4326', false],
    ['http://www.opengis.net/gml/srs/epsg.xml#4326', 'EPSG:4326', false],
    ['urn:ogc:def:crs:EPSG::4326', 'EPSG:4326', true],
    ['urn:x-ogc:def:crs:EPSG:4326', 'EPSG:4326', true],
    ['http://www.opengis.net/def/crs/EPSG/0/4326', 'EPSG:4326', true],
    ['https://www.opengis.net/def/crs/EPSG/0/4326', 'EPSG:4326', true],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 'OGC:CRS84', false],
    ['CRS:84', 'OGC:CRS84', false],
    ['EPSG:2154', 'EPSG:2154', false],
    ['urn:ogc:def:crs:EPSG::2154', 'EPSG:2154', false],
    ['EPSG:31467', 'EPSG:31467', false],
    ['urn:ogc:def:crs:EPSG::31467', 'EPSG:31467', true],
  ]
  for (const write of [gml2, gml3]) {
    for (const [srsName, crs, isFlipped] of cases)
      t.same(place(parsed(write(` srsName="${srsName}"`))), [isFlipped ? turned : asWritten, crs], srsName)
    t.same(place(parsed(write(''))), [asWritten, undefined], 'no name: x,y in the system of the column')
    t.same(place(parsed(write(''), 'urn:ogc:def:crs:EPSG::4326')), [turned, 'EPSG:4326'], 'no name: as what is advertised')
    t.same(place(parsed(write(' srsName="EPSG:4326"'), 'urn:ogc:def:crs:EPSG::4326')), [asWritten, 'EPSG:4326'], 'a name wins')
    t.throws(() => parsed(write(' srsName="EPSG:999999"')), { kind: 'unknown-crs', message: /EPSG:2154/ })
  }
})

t.test('boxes of GML 2 and 3, with their axes', async t => {
  const [lower, upper] = ['<gml:lowerCorner>48 2</gml:lowerCorner>', '<gml:upperCorner>49 3.5</gml:upperCorner>']
  const written = [
    (srs: string) => `<gml:Box${srs}><gml:coordinates>48,2 49,3.5</gml:coordinates></gml:Box>`,
    (srs: string) =>
      `<gml:Box${srs}><gml:coord><gml:X>48</gml:X><gml:Y>2</gml:Y></gml:coord><gml:coord><gml:X>49</gml:X><gml:Y>3.5</gml:Y></gml:coord></gml:Box>`,
    (srs: string) => `<gml:Envelope${srs}>${lower}${upper}</gml:Envelope>`,
    (srs: string) => `<gml:Envelope${srs}><gml:pos>48 2</gml:pos><gml:pos>49 3.5</gml:pos></gml:Envelope>`,
  ]
  const box = (geometry: string) => {
    const filter = parsed(`<ogc:BBOX>${name('g')}${geometry}</ogc:BBOX>`)
    return filter.kind === 'spatial' ? ewkbBbox(filter.geometry.wkb) : undefined
  }
  for (const write of written) {
    for (const srs of ['', 'EPSG:4326', 'http://www.opengis.net/gml/srs/epsg.xml#4326', 'EPSG:2154', 'urn:ogc:def:crs:EPSG::2154'])
      t.same(box(write(srs && ` srsName="${srs}"`)), [48, 2, 49, 3.5], srs)
    for (const srs of ['urn:ogc:def:crs:EPSG::4326', 'http://www.opengis.net/def/crs/EPSG/0/4326', 'urn:ogc:def:crs:EPSG:6.9:4326'])
      t.same(box(write(` srsName="${srs}"`)), [2, 48, 3.5, 49], srs)
  }
  t.same(box(`<gml:Envelope>${lower}<gml:upperCorner>48 2</gml:upperCorner></gml:Envelope>`), [48, 2, 48, 2], 'a point')
  t.throws(() => box(`<gml:Envelope><gml:lowerCorner>50 2</gml:lowerCorner>${upper}</gml:Envelope>`), {
    kind: 'malformed',
    message: /lower corner/,
  })
  const parts = (inner: string) => `<gml:MultiPoint>${inner}</gml:MultiPoint>`
  const part = (srs: string) => `<gml:pointMember><gml:Point srsName="${srs}"><gml:pos>48 2</gml:pos></gml:Point></gml:pointMember>`
  t.same(box(parts(part('urn:ogc:def:crs:EPSG::4326'))), [2, 48, 2, 48], 'parts that name the system, and a whole that does not')
  t.throws(() => box(parts(part('urn:ogc:def:crs:EPSG::4326') + part('EPSG:4326'))), { kind: 'malformed', message: /one system/ })
})

t.test('what is wrong is named, with what would have worked', async t => {
  const isA = `<ogc:PropertyIsEqualTo>${name('a')}${literal('1')}</ogc:PropertyIsEqualTo>`
  const cases: [inner: string, problem: Partial<FilterError> | RegExp][] = [
    ['', /empty/],
    [`${isA}${isA}`, /2 operators.*And/],
    [`${isA}<ogc:FeatureId fid="1"/>`, /mixes ids/],
    ['<ogc:FeatureId/>', /fid/],
    ['<ogc:PropertyIs>1</ogc:PropertyIs>', /PropertyIsEqualTo/],
    [`<ogc:PropertyIsEqualTo>${name('a')}</ogc:PropertyIsEqualTo>`, /wants 2 elements/],
    [`<ogc:PropertyIsEqualTo>${name('')}${literal('1')}</ogc:PropertyIsEqualTo>`, /names no property/],
    [`<ogc:Not>${isA}${isA}</ogc:Not>`, /one operator/],
    ['<ogc:And/>', /no operator/],
    [
      `<ogc:PropertyIsEqualTo><ogc:Function name="strToUperCase">${name('a')}</ogc:Function>${literal('1')}</ogc:PropertyIsEqualTo>`,
      /strToUpperCase/,
    ],
    [
      `<ogc:PropertyIsEqualTo><ogc:Function name="strSubstring">${name('a')}</ogc:Function>${literal('1')}</ogc:PropertyIsEqualTo>`,
      /takes 3 arguments/,
    ],
    [`<ogc:Intersects>${name('a')}${name('b')}</ogc:Intersects>`, /two properties/],
    [`<ogc:Intersects>${name('a')}</ogc:Intersects>`, /one geometry/],
    [`<ogc:Intersects>${name('a')}<gml:Solid/></ogc:Intersects>`, /no geometry that is read here.*Polygon/],
  ]
  for (const [inner, pattern] of cases) {
    try {
      parsed(inner)
      t.fail(inner)
    } catch (error) {
      t.ok(
        error instanceof FilterError && String(pattern) !== '' && (pattern as RegExp).test(error.message),
        `${inner}: ${(error as Error).message}`,
      )
    }
  }
})

t.test('the line is told, and kept apart', async t => {
  const document = '<Filter>\n<And>\n<PropertyIsLike><PropertyName>a</PropertyName>\n<Literal>b</Literal></PropertyIsLike>\n</And></Filter>'
  t.throws(() => parseFilter(document), {
    kind: 'malformed',
    line: 3,
    locator: 'PropertyIsLike',
    message: /^Line 3: The element PropertyIsLike lacks/,
  })
  const call = '<Filter>\n<PropertyIsNull>\n<Function name="nil"/></PropertyIsNull></Filter>'
  t.throws(() => parseFilter(call), { kind: 'unknown-function', line: 3, message: /^Line 3: There is no function “nil”/ })
})

t.test('names that every object has are names like others', async t => {
  const refused: readonly (readonly [string, RegExp])[] = [
    [`<And><constructor>${name('a')}${literal('1')}</constructor></And>`, /constructor is no operator/],
    ['<toString fid="1"/>', /toString is no operator/],
    [`<ogc:PropertyIsNull><constructor>${name('a')}${literal('1')}</constructor></ogc:PropertyIsNull>`, /constructor is no expression/],
    [
      `<ogc:DWithin>${name('g')}<gml:Point><gml:pos>1 1</gml:pos></gml:Point><ogc:Distance units="constructor">1</ogc:Distance></ogc:DWithin>`,
      /the unit “constructor”/,
    ],
  ]
  for (const [inner, message] of refused) t.throws(() => parsed(inner), { name: 'FilterError', message }, inner)
  const asked = parsed(`<ogc:PropertyIsNull><ogc:Function name="env">${literal('constructor')}</ogc:Function></ogc:PropertyIsNull>`)
  t.same(asked, { kind: 'isNull', operand: { kind: 'environment', name: 'constructor' } })
  t.same(foldFilter(asked), { kind: 'constant', value: true }, 'and the map has none of that name')
})

t.test('hostile documents are refused in bounds', async t => {
  t.throws(() => parseFilter('<!DOCTYPE f [<!ENTITY a "b">]><Filter>&a;</Filter>'), {
    name: 'FilterError',
    kind: 'malformed',
    message: /DOCTYPE/,
  })
  t.throws(() => parseFilter('<Filter><And>'), { name: 'FilterError', kind: 'malformed' })
  const isA = `<PropertyIsNull><PropertyName>a</PropertyName></PropertyIsNull>`
  const deep = (levels: number) => `<Filter>${'<Not>'.repeat(levels)}${isA}${'</Not>'.repeat(levels)}</Filter>`
  t.equal(parseFilter(deep(60)).kind, 'not')
  t.throws(() => parseFilter(deep(70)), { kind: 'too-large', message: /64 levels/ })
  t.throws(() => parseFilter(deep(5_000)), { name: 'FilterError', kind: 'too-large' })
  const wide = (count: number) => `<Filter><Or>${isA.repeat(count)}</Or></Filter>`
  t.equal(parseFilter(wide(4_900)).kind, 'or')
  t.throws(() => parseFilter(wide(5_100)), { kind: 'too-large', message: /10000 operators/ })
  t.throws(() => parseFilter(`<Filter>${'<FeatureId fid="1"/>'.repeat(10_001)}</Filter>`), { name: 'FilterError', kind: 'too-large' })
  const line = (list: string) =>
    `<Filter><Intersects><PropertyName>g</PropertyName><LineString><posList>${list}</posList></LineString></Intersects></Filter>`
  t.throws(() => parseFilter(line('1 1 '.repeat(100_001))), { kind: 'too-large', message: /100000 positions/ })
  const spaces = ' '.repeat(900_000)
  t.match(
    parseFilter(`<Filter><PropertyIsEqualTo><PropertyName>a</PropertyName><Literal>x${spaces}y</Literal></PropertyIsEqualTo></Filter>`),
    { kind: 'compare' },
  )
  const points = (list: string) =>
    `<Filter><Intersects><PropertyName>g</PropertyName><LineString><coordinates>${list}</coordinates></LineString></Intersects></Filter>`
  t.equal(parseFilter(points(`1 , 2 ${spaces} 3,\n4`)).kind, 'spatial')
  t.throws(() => parseFilter(points(`1${spaces}2 3`)), { name: 'FilterError', kind: 'malformed', message: /position such as 1.5,2/ })
  for (const wrong of ['NaN 1 2 3', '1 Infinity 2 3', '0x10 1 2 3', '1e999 1 2 3', '1 2 3', '1,2 3,4', ''])
    t.throws(() => parseFilter(line(wrong)), { name: 'FilterError', kind: 'malformed' }, wrong)
  const nested = `${'<MultiGeometry><geometryMember>'.repeat(20)}<Point><pos>1 1</pos></Point>${'</geometryMember></MultiGeometry>'.repeat(20)}`
  t.throws(() => parseFilter(`<Filter><Intersects><PropertyName>g</PropertyName>${nested}</Intersects></Filter>`), {
    kind: 'too-large',
    message: /12 levels/,
  })
  const calls = `${'<Function name="abs">'.repeat(70)}<Literal>1</Literal>${'</Function>'.repeat(70)}`
  t.throws(() => parseFilter(`<Filter><PropertyIsNull>${calls}</PropertyIsNull></Filter>`), { kind: 'too-large', message: /64 levels/ })
})
