import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { documentOf, symbolizerOf } from './sld-support.js'

const rule = (inner: string) => documentOf(`<FeatureTypeStyle><Rule>\n${inner}\n</Rule></FeatureTypeStyle>`)
const draw = '<PolygonSymbolizer><Fill/></PolygonSymbolizer>'
const line = (name: string, value: string) =>
  rule(`<LineSymbolizer><Stroke><CssParameter name="${name}">${value}</CssParameter></Stroke></LineSymbolizer>`)
const size = (value: string) => rule(`<PointSymbolizer><Graphic><Size>${value}</Size></Graphic></PointSymbolizer>`)
const nested = (depth: number) =>
  `<ogc:Filter>${'<ogc:Not>'.repeat(depth)}<ogc:PropertyIsNull><ogc:PropertyName>a</ogc:PropertyName></ogc:PropertyIsNull>${'</ogc:Not>'.repeat(depth)}</ogc:Filter>`
const picture = (href: string) =>
  rule(
    `<PointSymbolizer><Graphic><ExternalGraphic><OnlineResource xlink:href="${href}"/><Format>image/svg+xml</Format></ExternalGraphic></Graphic></PointSymbolizer>`,
  )

/** Documents that are refused, and what is said of them. */
const refused: Record<string, readonly [document: string | Buffer, message: RegExp, line?: number]> = {
  'a DTD': [`<!DOCTYPE s SYSTEM "http://evil/x.dtd">${rule(draw)}`, /DOCTYPE is not accepted/],
  'an external entity': [
    `<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><UserStyle><Name>&x;</Name></UserStyle>`,
    /DOCTYPE is not accepted/,
  ],
  'an entity that is not declared': ['<UserStyle><Name>&x;</Name></UserStyle>', /undefined entity/],
  'a document cut off': [rule(draw).slice(0, -40), /line 5: unclosed tag/],
  'no XML': ['{"version":8}', /line 1/],
  nothing: ['', /line 1/],
  'other XML': ['<kml/>', /kml: is no style; StyledLayerDescriptor, UserStyle, FeatureTypeStyle, CoverageStyle and symbolizers are/, 1],
  '50 MB': [Buffer.alloc(50e6, 0x20), /more than the 8000000 bytes/],
  'a filter 100 levels deep': [rule(nested(100) + draw), /deeper than the 80 levels/],
  'a filter 70 levels deep': [rule(nested(70) + draw), /nested deeper than the 64 levels/, 3],
  '10,000 rules': [
    documentOf(`<FeatureTypeStyle>${'<Rule/>\n'.repeat(10_000)}</FeatureTypeStyle>`),
    /more than the 5000 rules allowed here/,
    5002,
  ],
  'a size that is no number': [size('NaN'), /Size: “NaN”, where a number of 0 or more is wanted/, 3],
  'an infinite size': [size('1e999'), /where a number of 0 or more/, 3],
  'a negative size': [size('-3'), /Size: “-3”, where a number of 0 or more/, 3],
  'a negative width': [line('stroke-width', '-1'), /stroke-width is “-1”, where a number of 0 or more/, 3],
  'a width of words': [line('stroke-width', 'thick'), /stroke-width is “thick”/, 3],
  'a negative dash': [line('stroke-dasharray', '4 -2'), /stroke-dasharray is “-2”/, 3],
  'a colour nobody knows': [line('stroke', 'bleu'), /colour “bleu” is not known; #rrggbb is/, 3],
  'an unknown function': [
    line('stroke-width', '<ogc:Function name="sqrtt"><ogc:Literal>2</ogc:Literal></ogc:Function>'),
    /no function “sqrtt”. Near it are sqrt/,
    3,
  ],
  'an XPath function': [
    rule(
      `<ogc:Filter><ogc:PropertyIsEqualTo><ogc:Function name="document"><ogc:Literal>file:///etc/passwd</ogc:Literal></ogc:Function><ogc:Literal>1</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>${draw}`,
    ),
    /no function “document”/,
    3,
  ],
  'an empty filter': [rule(`<ogc:Filter/>${draw}`), /is empty/, 3],
  'a comparison without operands': [
    rule(`<ogc:Filter><ogc:PropertyIsEqualTo/></ogc:Filter>${draw}`),
    /wants 2 elements inside and has 0/,
    3,
  ],
  'an expression in ${}': [
    rule(`<TextSymbolizer><Label>\${Runtime.exec('x')}</Label></TextSymbolizer>`),
    /is not read as a value in ECQL/,
    3,
  ],
  'an expression of many brackets in ${}': [
    rule(`<TextSymbolizer><Label>\${${'('.repeat(20_000)}a${')'.repeat(20_000)}}</Label></TextSymbolizer>`),
    /is not read as a value in ECQL/,
    3,
  ],
  'a colour map without values': [
    rule('<RasterSymbolizer><ColorMap><ColorMapEntry color="#ff0000"/></ColorMap></RasterSymbolizer>'),
    /ColorMapEntry: “”, where a number is wanted/,
    3,
  ],
  'a picture without an address': [rule('<PointSymbolizer><Graphic><ExternalGraphic/></Graphic></PointSymbolizer>'), /names no picture/, 3],
  'a library': [
    '<StyledLayerDescriptor xmlns:xlink="http://www.w3.org/1999/xlink"><UseSLDLibrary><OnlineResource xlink:href="http://127.0.0.1/"/></UseSLDLibrary></StyledLayerDescriptor>',
    /UseSLDLibrary: libraries are not fetched/,
    1,
  ],
  'data of another server': [
    '<StyledLayerDescriptor><UserLayer><RemoteOWS><Service>WFS</Service></RemoteOWS></UserLayer></StyledLayerDescriptor>',
    /RemoteOWS: data are not fetched from other servers/,
    1,
  ],
  'rules from elsewhere': ['<FeatureTypeStyle><OnlineResource/></FeatureTypeStyle>', /rules are not fetched from elsewhere/, 1],
}
for (const [name, [document, message, at]] of Object.entries(refused))
  t.test(`is refused: ${name}`, async t => {
    t.throws(() => readSld(document), { name: 'StyleError', message, ...(at !== undefined && { line: at }) })
  })

/** Addresses of pictures that nobody may fetch for a style. */
const addresses = [
  'http://127.0.0.1/x.svg',
  'https://example.org/x.svg',
  'HTTP://example.org/x.svg',
  'file:///etc/passwd',
  'file:x.svg',
  'ftp://h/x',
  '//host/x.svg',
  '/etc/passwd',
  '../x.svg',
  'icons/../../x.svg',
  'icons/%2e%2e/%2e%2e/x.svg',
  '\\\\host\\x.svg',
  'javascript:alert(1)',
  'data:text/html,x',
  'symbols:x.svg',
  `http:\${x}`,
]
for (const address of addresses)
  t.test(`no picture from ${address}`, async t => {
    const strict = () => readSld(picture(address), { refusesAddresses: true })
    t.throws(strict, { name: 'StyleError', line: 3, message: /a name relative to the style .* or a data: address of a picture is allowed/ })
    const { layers, notes } = readSld(picture(address))
    t.notMatch(JSON.stringify(layers), /icon/, 'it is in no graphic')
    t.ok(notes.length > 0, 'and it is named')
  })

t.test('pictures of the machine on which a style was written are looked for beside it, or their mark is drawn', async t => {
  const qgis = (path: string) => picture(path).replace('</Graphic>', '<Mark><WellKnownName>square</WellKnownName></Mark></Graphic>')
  for (const path of ['/usr/share/qgis/svg/x.svg?fill=%23ff0000', 'C:\\Users\\me\\x.svg', 'd:/x.svg']) {
    const { layers, notes } = readSld(picture(path))
    t.match(JSON.stringify(layers), /"href":"x.svg"/, path)
    t.match(notes, [{ message: /is looked for beside the style/ }])
    t.throws(() => readSld(picture(path), { refusesAddresses: true }), { name: 'StyleError', message: /pictures are not taken/ })
    const sent = readSld(qgis(path), { refusesAddresses: true })
    t.notMatch(JSON.stringify(sent.layers), /icon/, 'nothing is looked for when it was sent along')
    t.match(JSON.stringify(sent.layers), /"shape":"square"/)
  }
  t.throws(() => readSld(qgis('http://127.0.0.1/x.svg'), { refusesAddresses: true }), { name: 'StyleError' })
  t.throws(() => readSld(qgis('//host/x.svg'), { refusesAddresses: true }), { name: 'StyleError' })
})

t.test('XInclude is refused with its line', async t => {
  const include = '<xi:include href="file:///etc/passwd" parse="text"/>'
  const text = `<UserStyle xmlns:xi="http://www.w3.org/2001/XInclude">\n${include}<FeatureTypeStyle><Rule>${draw}</Rule></FeatureTypeStyle></UserStyle>`
  t.throws(() => readSld(text), { name: 'StyleError', message: /line 2: xi:include is not accepted/ })
})

t.test('many losses are counted, not all told', async t => {
  const { notes } = readSld(documentOf('<Nonsense/>'.repeat(20_000)))
  t.equal(notes.length, 1001)
  t.match(notes.at(-1)!.message, /more notes are left out/)
})

t.test('what an operator may allow', async t => {
  const many = documentOf(`<FeatureTypeStyle>${`<Rule>${draw}</Rule>`.repeat(6000)}</FeatureTypeStyle>`)
  t.throws(() => readSld(many), /5000 rules/)
  t.throws(() => readSld(many, { rules: 10_000, nodes: 9000 }), {
    name: 'StyleError',
    message: /line \d+: it has more than the 9000 nodes/,
  })
  t.equal(readSld(many, { rules: 10_000 }).notes.length, 0)
})

t.test('names that every object has are names like others', async t => {
  const mark = '<WellKnownName>constructor</WellKnownName><Stroke/>'
  t.match(
    symbolizerOf(`<PolygonSymbolizer><Fill><GraphicFill><Graphic><Mark>${mark}</Mark></Graphic></GraphicFill></Fill></PolygonSymbolizer>`)
      .is,
    {
      pattern: { kind: 'graphic' },
    },
  )
  const { is, notes } = symbolizerOf(
    '<LineSymbolizer uom="constructor"><Stroke><CssParameter name="stroke-width">2</CssParameter></Stroke></LineSymbolizer>',
  )
  t.match(is, { stroke: { width: 2 } })
  t.match(notes, [/the unit “constructor” is not known/])
})

/** Texts that make careless patterns take the square of their length: each of these would take hours. */
t.test('long texts are read in a time that grows with their length', async t => {
  const spaces = ' \n'.repeat(1_000_000)
  const parameter = (text: string) => line('stroke-width', text)
  const label = (text: string) => rule(`<TextSymbolizer><Label>${text}</Label></TextSymbolizer>`)
  const filter = (literal: string) =>
    rule(
      `<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>a</ogc:PropertyName><ogc:Literal>${literal}</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>${draw}`,
    )
  const outcome = (document: string) => {
    try {
      return readSld(document).layers.length
    } catch (error) {
      return (error as Error).name
    }
  }
  t.equal(outcome(parameter(`1${spaces}x`)), 'StyleError')
  t.equal(outcome(parameter(`${'m'.repeat(1_000_000)}`)), 'StyleError')
  t.equal(outcome(line('stroke-dasharray', `4${spaces}2`)), 1)
  t.equal(outcome(label(`a${spaces}b`)), 1)
  t.equal(outcome(label('${'.repeat(1_000_000))), 1)
  t.equal(outcome(label(`<![CDATA[x]]><ogc:PropertyName>a</ogc:PropertyName>`.repeat(50_000))), 1)
  t.equal(outcome(filter(`a${spaces}b`)), 1)
  t.equal(outcome(filter(`${spaces}b`)), 1)
  t.equal(outcome(rule(`${draw}<VendorOption name="sortBy">a${spaces}b</VendorOption>`)), 1)
  t.equal(outcome(picture(`a${'%'.repeat(100_000)}.svg`)), 1)
  t.equal(
    outcome(
      rule(
        `<TextSymbolizer><Label>x</Label><Font><CssParameter name="font-family">${`',"`.repeat(300_000)}</CssParameter></Font></TextSymbolizer>`,
      ),
    ),
    1,
  )
})
