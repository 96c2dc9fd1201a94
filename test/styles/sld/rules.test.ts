import t from 'tap'
import { readSld } from '#styles/sld/read-sld.js'
import { readSldStyles } from '#styles/sld/read-sld-styles.js'
import { writeSld } from '#styles/sld/write-sld.js'
import { documentOf, passesOf, ruleOf, symbolizerOf } from './sld-support.js'

const draw = '<PolygonSymbolizer><Fill/></PolygonSymbolizer>'
const drawn = [{ kind: 'fill', color: '#808080', opacity: 1 }]
const equal = (tag = 'Filter') =>
  `<ogc:${tag}><ogc:PropertyIsEqualTo><ogc:PropertyName>code</ogc:PropertyName><ogc:Literal>7</ogc:Literal></ogc:PropertyIsEqualTo></ogc:${tag}>`
const meantEqual = { kind: 'compare', operator: '=', left: { kind: 'property', name: 'code' }, right: { kind: 'literal', value: '7' } }

t.test('all of a rule', async t => {
  const { is, notes } = ruleOf(
    `<Name>r</Name><Title>Seven</Title><Abstract>a</Abstract>${equal()}<MinScaleDenominator>1.0E3</MinScaleDenominator><MaxScaleDenominator>25000</MaxScaleDenominator>${draw}`,
  )
  t.strictSame(is, {
    name: 'r',
    title: 'Seven',
    abstract: 'a',
    minScaleDenominator: 1000,
    maxScaleDenominator: 25000,
    filter: meantEqual,
    symbolizers: drawn,
  })
  t.strictSame(notes, [])
})

t.test('a rule for legends only holds for no feature', async t => {
  const { is, notes } = ruleOf(`<Name>r</Name>${equal()}${draw}<VendorOption name="inclusion">legendOnly</VendorOption>`)
  t.strictSame(is, { name: 'r', filter: { kind: 'constant', value: false }, symbolizers: drawn })
  t.match(notes, [/Filter: is that of a rule for legends only, and not kept/])
})

t.test('titles in several languages, and back', async t => {
  const title = '<Title>Wood <Localized lang="fr">Bois</Localized><Localized lang="de-AT">Wald</Localized></Title>'
  const expected = { title: 'Wood', titles: { fr: 'Bois', 'de-at': 'Wald' } }
  const { is, notes } = ruleOf(`${title}${draw}`)
  t.match(is, expected)
  t.strictSame(notes, [])
  t.match(ruleOf(`<Description>${title}</Description>${draw}`).is, expected)
  for (const version of ['1.0.0', '1.1.0'] as const) {
    const style = { passes: [{ rules: [is] }] }
    const [{ styles }] = readSld(writeSld(style, { version, layer: 'l', isExtended: true }).text).layers
    t.match(styles, [{ style: { passes: [{ rules: [expected] }] } }])
    t.match(writeSld(style, { version, layer: 'l' }).notes, [{ message: /titles in other languages/ }])
  }
  t.match(ruleOf(`<Title>Wood<Localized>Bois</Localized></Title>${draw}`).notes, [/has no language/])
})

t.test('what rules may be besides', async t => {
  t.strictSame(ruleOf(`<ElseFilter/>${draw}`).is, { name: '', isElse: true, symbolizers: drawn })
  t.strictSame(ruleOf(`<Description><Title>T</Title><Abstract>A</Abstract></Description>${draw}`).is, {
    name: '',
    title: 'T',
    abstract: 'A',
    symbolizers: drawn,
  })
  t.strictSame(ruleOf(`${draw}<VendorOption name="inclusion">mapOnly</VendorOption>`).is, {
    name: '',
    symbolizers: drawn,
    isUnlisted: true,
  })
  const legend = '<LegendGraphic><Graphic><Mark><WellKnownName>star</WellKnownName><Fill/></Mark></Graphic></LegendGraphic>'
  t.strictSame(ruleOf(legend + draw).is.legendGraphic, { shapes: [{ kind: 'mark', shape: 'star', color: '#808080', opacity: 1 }] })
  t.strictSame(ruleOf(`<MaxScaleDenominator>Infinity</MaxScaleDenominator>${draw}`).is, { name: '', symbolizers: drawn })
})

t.test('every FeatureTypeStyle is a pass, in order', async t => {
  const { is, notes } = passesOf(`<FeatureTypeStyle><Name>casing</Name><Rule>${draw}</Rule></FeatureTypeStyle>
    <FeatureTypeStyle><Rule>${draw}</Rule><Rule>${draw}${draw}</Rule><VendorOption name="ruleEvaluation">first</VendorOption>
    <VendorOption name="sortBy">class D, area</VendorOption><VendorOption name="composite">multiply, 0.5</VendorOption></FeatureTypeStyle>`)
  t.equal(is.length, 2)
  t.equal(is[0].name, 'casing')
  t.strictSame(
    is[1].rules.map(({ symbolizers }) => symbolizers.length),
    [1, 2],
  )
  const { rules: _, ...rest } = is[1]
  t.strictSame(rest, {
    isFirstMatch: true,
    sort: [
      { property: 'class', descending: true },
      { property: 'area', descending: false },
    ],
    blend: 'multiply',
    opacity: 0.5,
  })
  t.strictSame(notes, [])
})

t.test('layers, named styles, constraints', async t => {
  const { layers, notes } = readSld(`<StyledLayerDescriptor version="1.0.0">
    <NamedLayer><Name>communes</Name>
      <LayerFeatureConstraints><FeatureTypeConstraint><FeatureTypeName>admin:communes</FeatureTypeName>${equal().replaceAll('ogc:', '')}
        <Extent><Name>time</Name><Value>2024</Value></Extent></FeatureTypeConstraint></LayerFeatureConstraints>
      <NamedStyle><Name>grey</Name></NamedStyle>
      <UserStyle><Name>red</Name><Title>Red</Title><IsDefault>1</IsDefault><FeatureTypeStyle><Rule>${draw}</Rule></FeatureTypeStyle></UserStyle>
    </NamedLayer>
    <UserLayer><UserStyle><FeatureTypeStyle><Rule>${draw}</Rule></FeatureTypeStyle></UserStyle></UserLayer>
  </StyledLayerDescriptor>`)
  t.strictSame(notes, [])
  t.strictSame(layers[0], {
    name: 'communes',
    isUserLayer: false,
    styles: [
      { kind: 'named', name: 'grey' },
      {
        kind: 'user',
        name: 'red',
        title: 'Red',
        isDefault: true,
        style: { name: 'red', title: 'Red', passes: [{ rules: [{ name: '', symbolizers: drawn }] }] },
      },
    ],
    constraints: [{ featureType: 'admin:communes', filter: meantEqual, extents: [{ name: 'time', value: '2024' }] }],
  })
  t.equal(layers[1].isUserLayer, true)
  t.equal(layers[1].name, '')
})

t.test('namespaces may be missing, wrong, or not declared (T-55)', async t => {
  const rule = `<Rule>${equal()}${draw}</Rule>`
  const meant = [{ rules: [{ name: '', filter: meantEqual, symbolizers: drawn }] }]
  const documents = {
    'as they should be': documentOf(`<FeatureTypeStyle>${rule}</FeatureTypeStyle>`),
    'those of the other version': documentOf(`<FeatureTypeStyle>${rule}</FeatureTypeStyle>`, '1.1.0'),
    none: `<StyledLayerDescriptor><NamedLayer><Name>l</Name><UserStyle><FeatureTypeStyle>${rule.replaceAll('ogc:', '')}</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>`,
    'prefixes that are not declared': `<sld:StyledLayerDescriptor><NamedLayer><Name>l</Name><sld:UserStyle><se:FeatureTypeStyle>${rule}</se:FeatureTypeStyle></sld:UserStyle></NamedLayer></sld:StyledLayerDescriptor>`,
    'a UserStyle by itself': `<UserStyle><FeatureTypeStyle>${rule}</FeatureTypeStyle></UserStyle>`,
    'a FeatureTypeStyle by itself': `<se:FeatureTypeStyle>${rule}</se:FeatureTypeStyle>`,
  }
  for (const [name, document] of Object.entries(documents)) {
    const { layers, notes } = readSld(document)
    const [style] = layers[0].styles
    t.strictSame(style.kind === 'user' && style.style.passes, meant, name)
    t.strictSame(notes, [], name)
  }
  const coverage = readSld('<CoverageStyle><Rule><RasterSymbolizer/></Rule></CoverageStyle>').layers[0].styles[0]
  t.strictSame(coverage.kind === 'user' && coverage.style.passes[0].rules[0].symbolizers, [{ kind: 'raster', opacity: 1 }])
})

t.test('accents in the encoding the file names', async t => {
  const document = `<?xml version="1.0" encoding="ISO-8859-1"?><UserStyle><Title>Forêt</Title><FeatureTypeStyle><Rule>${draw}</Rule></FeatureTypeStyle></UserStyle>`
  const [style] = readSld(Buffer.from(document, 'latin1')).layers[0].styles
  t.equal(style.kind === 'user' && style.title, 'Forêt')
})

t.test('styles of files: those they describe', async t => {
  const { styles } = readSldStyles(documentOf(`<Name>n</Name><FeatureTypeStyle><Rule>${draw}</Rule></FeatureTypeStyle>`))
  t.strictSame(
    styles.map(({ layer, name }) => [layer, name]),
    [['l', 'n']],
  )
  const named =
    '<StyledLayerDescriptor><NamedLayer><Name>l</Name><NamedStyle><Name>s</Name></NamedStyle></NamedLayer></StyledLayerDescriptor>'
  t.throws(() => readSldStyles(named), { name: 'StyleError', message: /no UserStyle/ })
})

/** What is met and not kept: each with its line (the snippet begins on line 2) and its place. */
const losses: Record<string, readonly [symbolizer: string, note: RegExp]> = {
  'an element nobody knows': [
    `<PolygonSymbolizer><Fill/>\n<Bevel/></PolygonSymbolizer>`,
    /^3 .*Rule\/PolygonSymbolizer\/Bevel: is not read here$/,
  ],
  'an attribute nobody knows': [
    '<PolygonSymbolizer look="soft"><Fill/></PolygonSymbolizer>',
    /^2 .*PolygonSymbolizer: the attribute “look” is not read$/,
  ],
  'a parameter nobody knows': [
    '<PolygonSymbolizer><Fill><CssParameter name="glow">1</CssParameter></Fill></PolygonSymbolizer>',
    /Fill\/CssParameter\[glow\]: is not read here; fill, fill-opacity are$/,
  ],
  'a second value': [
    '<PolygonSymbolizer><Fill><CssParameter name="fill">#ff0000</CssParameter><CssParameter name="fill">#00ff00</CssParameter></Fill></PolygonSymbolizer>',
    /fill is there already; the first counts/,
  ],
  'a second element where one is read': [
    '<PolygonSymbolizer><Fill/><Fill/></PolygonSymbolizer>',
    /PolygonSymbolizer\/Fill\[2\]: is not read here/,
  ],
  'an option nobody knows': [
    '<PolygonSymbolizer><Fill/><VendorOption name="random">grid</VendorOption></PolygonSymbolizer>',
    /the VendorOption “random” \(“grid”\) is not read/,
  ],
  'an offset of polygons': [
    '<PolygonSymbolizer><Fill/><PerpendicularOffset>2</PerpendicularOffset></PolygonSymbolizer>',
    /PerpendicularOffset: is not read here/,
  ],
  'a unit nobody knows': [
    '<LineSymbolizer uom="furlong"><Stroke/></LineSymbolizer>',
    /“furlong” is not known, lengths are taken as pixels/,
  ],
  'an opacity out of bounds': [
    '<PolygonSymbolizer><Fill><CssParameter name="fill-opacity">1.5</CssParameter></Fill></PolygonSymbolizer>',
    /opacity of 1.5 is taken as 1/,
  ],
  'a join nobody knows': [
    '<LineSymbolizer><Stroke><CssParameter name="stroke-linejoin">welded</CssParameter></Stroke></LineSymbolizer>',
    /“welded” is not read; mitre, miter, round, bevel are/,
  ],
  'a part of the geometry nobody knows': [
    '<LineSymbolizer><Geometry><ogc:Function name="buffer"><ogc:PropertyName>g</ogc:PropertyName><ogc:Literal>2</ogc:Literal></ogc:Function></Geometry><Stroke/></LineSymbolizer>',
    /“buffer” is not read, the geometry itself is drawn; centroid, /,
  ],
  'lines that draw nothing': ['<LineSymbolizer/>', /has no Stroke and draws nothing/],
  'labels that say nothing': ['<TextSymbolizer/>', /has no Label and draws nothing/],
  'an empty parameter': ['<PointSymbolizer><Graphic><Rotation/></Graphic></PointSymbolizer>', /Rotation: is empty; the default is taken/],
  'a histogram': [
    '<RasterSymbolizer><ContrastEnhancement><Histogram/></ContrastEnhancement></RasterSymbolizer>',
    /ContrastEnhancement\/Histogram: is not read here/,
  ],
  'bands by other names': [
    '<RasterSymbolizer><ChannelSelection><GrayChannel><SourceChannelName>nir</SourceChannelName></GrayChannel></ChannelSelection></RasterSymbolizer>',
    /bands are read by their number from 1/,
  ],
  'a brush of dots': [
    '<PolygonSymbolizer><Fill><GraphicFill><Graphic><Mark><WellKnownName>brush://dense7</WellKnownName><Fill/></Mark></Graphic></GraphicFill></Fill></PolygonSymbolizer>',
    /the brush is drawn as an even tint of 6 %/,
  ],
  'a mark nobody draws': [
    '<PointSymbolizer><Graphic><Mark><WellKnownName>qgis://x</WellKnownName></Mark></Graphic></PointSymbolizer>',
    /“qgis:\/\/x” is no mark that is drawn here; a square stands for it/,
  ],
  'a picture from elsewhere, and what is allowed (T-60)': [
    '<PointSymbolizer><Graphic><ExternalGraphic>\n<OnlineResource xlink:href="http://169.254.169.254/latest"/><Format>image/png</Format></ExternalGraphic><Mark/></Graphic></PointSymbolizer>',
    /^3 .*are not taken from “http:\/\/169.254.169.254\/latest”; a name relative to the style .* or a data: address/,
  ],
}
for (const [name, [symbolizer, note]] of Object.entries(losses))
  t.test(`is named: ${name}`, async t => {
    const { notes } = symbolizerOf(symbolizer)
    t.equal(notes.length, 1, notes.join('\n'))
    t.match(notes[0], note)
  })

t.test('is named: rules and layers', async t => {
  t.match(passesOf(`<FeatureTypeStyle><SemanticTypeIdentifier>x</SemanticTypeIdentifier><Rule>${draw}</Rule></FeatureTypeStyle>`).notes, [
    /FeatureTypeStyle\/SemanticTypeIdentifier: is not read here/,
  ])
  t.match(passesOf(`<FeatureTypeStyle><Rule>${draw}</Rule><VendorOption name="composite">xor</VendorOption></FeatureTypeStyle>`).notes, [
    /“xor” is not read; source-over, multiply/,
  ])
  t.match(ruleOf(`<MinScaleDenominator>9</MinScaleDenominator><MaxScaleDenominator>9</MaxScaleDenominator>${draw}`).notes, [/never holds/])
  t.match(passesOf('').notes, [/has no FeatureTypeStyle and draws nothing/])
})
