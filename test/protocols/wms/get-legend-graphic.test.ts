import sharp from 'sharp'
import t from 'tap'
import type { Atlas, Collection } from '#core/atlas.js'
import type { Filter } from '#filters/filter.js'
import type { Rule, Style } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { attributeOf, childOf, childrenOf, readXml, textOf, type XmlElement } from '#xml/read.js'
import { atlas, testWms, viewOf } from './wms-support.js'

const fill = (color: string): Rule['symbolizers'] => [{ kind: 'fill', color, opacity: 1 }]
const withStyle = (style: Style): Atlas => {
  const base = atlas.collections.get('communes') as Collection
  return { ...atlas, collections: new Map([['communes', { ...base, styles: [{ name: 's', title: 's', version: '1', style }] }]]) }
}
const noStores = () => {
  throw new Error('a legend asks no store')
}
const renderer = inlineRenderer({ features: noStores, raster: noStores })
const legend = async (style: Style, query = '') => {
  const { ask } = testWms(withStyle(style), renderer)
  const answer = await ask(`SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=communes${query}`)
  t.equal(answer.status, 200, answer.status === 200 ? query : answer.text)
  const { data, info } = await sharp(Buffer.from(answer.body as Uint8Array))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => data.subarray(4 * (y * info.width + x), 4 * (y * info.width + x) + 4).toString('hex')
  return { ...answer, width: info.width, height: info.height, at }
}

const styleOf = (...rules: readonly Rule[]): Style => ({ passes: [{ rules }] })

t.test('one rule is one symbol, in the colour of the style', async t => {
  const { width, height, at, mediaType } = await legend(styleOf({ name: 'x', symbolizers: fill('#336699') }), '&WIDTH=30&HEIGHT=20')
  t.same([width, height, mediaType], [30, 20, 'image/png'])
  t.equal(at(15, 10), '336699ff')
})

t.test('several rules stand one below the other with their names', async t => {
  const style = styleOf(...['#ff0000', '#00ff00', '#0000ff'].map(color => ({ name: `Rule ${color}`, symbolizers: fill(color) })))
  const { width, height, at } = await legend(style)
  t.equal(height, 3 * 18 + 2 * 2)
  t.same(
    [9, 29, 49].map(y => at(12, y)),
    ['ff0000ff', '00ff00ff', '0000ffff'],
  )
  const ink = Array.from({ length: width - 24 }, (_, x) => at(24 + x, 9)).filter(color => color !== 'ffffffff')
  t.ok(ink.length > 5, 'letters beside the first symbol')
})

t.test('rules that take turns by scale are one thing, and SCALE chooses', async t => {
  const style = styleOf(
    { name: 'near', maxScaleDenominator: 10_000, symbolizers: fill('#ff0000') },
    { name: 'far', minScaleDenominator: 10_000, symbolizers: fill('#0000ff') },
  )
  t.equal((await legend(style)).at(12, 9), 'ff0000ff')
  t.equal((await legend(style)).height, 18)
  t.equal((await legend(style, '&scale=50000')).at(12, 9), '0000ffff')
  t.equal((await legend(style, '&SCALE=x')).at(12, 9), 'ff0000ff')
})

t.test('every kind of symbol draws something', async t => {
  const stroke = { color: '#aa0000', opacity: 1, width: 3 }
  const symbolizers: Rule['symbolizers'] = [
    { kind: 'line', stroke },
    ...(['circle', 'square', 'triangle', 'cross'] as const).map(shape => ({
      kind: 'point' as const,
      graphic: { shapes: [{ kind: 'mark' as const, shape, color: '#aa0000' }] as const, size: 12 },
    })),
    { kind: 'raster', opacity: 1 },
    { kind: 'raster', opacity: 1, colorMap: { kind: 'ramp', entries: [{ value: 1, color: '#aa0000' }] } },
  ]
  for (const symbolizer of symbolizers) {
    const { width, height, at } = await legend(styleOf({ name: '', symbolizers: [symbolizer] }))
    const colors = new Set(Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))))
    t.ok(symbolizer.kind === 'raster' && !symbolizer.colorMap ? colors.size >= 4 : colors.has('aa0000ff'), symbolizer.kind)
  }
})

t.test('transparent on demand, and JPEG', async t => {
  const style = styleOf({ name: '', symbolizers: [] })
  t.equal((await legend(style)).at(0, 0), 'ffffffff')
  t.match((await legend(style, '&TRANSPARENT=TRUE')).at(0, 0), /00$/)
  t.equal((await legend(style, '&FORMAT=image/jpeg')).mediaType, 'image/jpeg')
  t.equal((await legend({ passes: [] })).height, 18, 'a style without rules is an empty symbol')
})

t.test('the request of mviewer as it is (M7)', async t => {
  const { ask } = testWms()
  const options = 'fontName:Open Sans;fontAntiAliasing:true;fontColor:0x777777;fontSize:10;dpi:96'
  const answer = await ask(
    `SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&SLD_VERSION=1.1.0&FORMAT=image/png&WIDTH=30&HEIGHT=20&LEGEND_OPTIONS=${encodeURIComponent(options)}&TRANSPARENT=true&LAYER=communes&STYLE=contour&SLD=&scale=5000`,
  )
  t.same([answer.status, answer.mediaType], [200, 'image/png'])
})

t.test('sizes are hints and bounded; names are not', async t => {
  const style = styleOf({ name: '', symbolizers: fill('#336699') })
  for (const [query, width] of [
    ['&WIDTH=0', 24],
    ['&WIDTH=-5', 24],
    ['&WIDTH=x', 24],
    ['&WIDTH=1e9', 500],
    ['&WIDTH=Infinity', 500],
  ] as const)
    t.equal((await legend(style, query)).width, width, query)
  const { ask } = testWms()
  for (const [query, code] of [
    ['', 'MissingParameterValue'],
    ['&LAYER=nope', 'LayerNotDefined'],
    ['&LAYER=liste', 'LayerNotDefined'],
    ['&LAYER=communes&STYLE=nope', 'StyleNotDefined'],
    ['&LAYER=communes&FORMAT=image/jp2', 'InvalidFormat'],
    ['&LAYER=communes&SLD_BODY=x', 'InvalidParameterValue'],
  ])
    t.match((await ask(`VERSION=1.3.0&REQUEST=GetLegendGraphic${query}`)).text, `code="${code}"`)
})

t.test('LegendURL leads to an image of the size it states', async t => {
  const { ask } = testWms(atlas, renderer)
  for (const view of [viewOf(), viewOf('eau')])
    for (const version of ['1.3.0', '1.1.1']) {
      const { text } = await ask(`REQUEST=GetCapabilities&VERSION=${version}`, { view })
      const find = (element: XmlElement): XmlElement[] =>
        childrenOf(element).flatMap(child => [...(child.name === 'LegendURL' ? [child] : []), ...find(child)])
      const urls = find(readXml(text.replace(/<!DOCTYPE[^>]*>/, '')))
      t.ok(urls.length > 0)
      for (const url of urls) {
        const href = attributeOf(childOf(url, 'OnlineResource')!, 'href', 'http://www.w3.org/1999/xlink')!
        const answer = await ask(new URL(href).search, { view })
        t.equal(answer.mediaType, textOf(childOf(url, 'Format')!))
        const { width, height } = await sharp(Buffer.from(answer.body as Uint8Array)).metadata()
        t.same([String(width), String(height)], [attributeOf(url, 'width'), attributeOf(url, 'height')], href)
      }
    }
})

t.test('the look that LEGEND_OPTIONS asks for (M7)', async t => {
  const style = styleOf(...['#ff0000', '#00ff00'].map(color => ({ name: `Rule ${color}`, symbolizers: fill(color) })))
  const plain = await legend(style)
  const options = (text: string) => legend(style, `&LEGEND_OPTIONS=${encodeURIComponent(text)}`)
  t.equal((await options('forceLabels:off')).width, 24)
  t.ok((await options('fontSize:20')).width > plain.width + 20, 'larger letters')
  t.equal((await options('dpi:181.4285714')).width, plain.width * 2, 'twice the dots')
  const blue = await options('fontColor:0x0000ff;fontStyle:bold')
  const colors = Array.from({ length: blue.width - 26 }, (_, x) => blue.at(26 + x, 9)).filter(color => color !== 'ffffffff')
  t.ok(colors.length > 5 && colors.every(color => color.slice(4, 6) === 'ff'), 'blue letters')
  const columns = await options('columns:2')
  t.equal(columns.height, 18)
  t.ok(columns.width > plain.width * 1.5)
  t.equal((await options('nonsense;fontSize:x;dpi:-3;columns:1e9')).width, plain.width)
})

t.test('one rule on demand, and rules that are not for legends', async t => {
  const style = styleOf(
    { name: 'a', title: 'Forest', symbolizers: fill('#ff0000') },
    { name: 'b', symbolizers: fill('#0000ff') },
    { name: 'c', isUnlisted: true, symbolizers: fill('#00ff00') },
  )
  t.equal((await legend(style)).height, 2 * 18 + 2)
  const { ask } = testWms(withStyle(style))
  const { text } = await ask('VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=communes&FORMAT=application/json')
  t.same(
    JSON.parse(text).Legend[0].rules.map(({ name }: Rule) => name),
    ['a', 'b'],
    'in JSON, too',
  )
  const one = await legend(style, '&RULE=b')
  t.same([one.height, one.at(12, 9)], [18, '0000ffff'])
  t.equal((await legend(style, '&RULE=Forest')).at(12, 9), 'ff0000ff', 'by title, too')
  t.equal((await legend(style, '&RULE=')).height, 2 * 18 + 2, 'none is asked for')
  const unknown = await testWms(withStyle(style), renderer).ask('VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=communes&RULE=Wood')
  t.equal(unknown.status, 400)
  t.match(unknown.text, /RULE=Wood is no rule of the style; a, b would work/)
})

t.test('a colour that is computed shows its values', async t => {
  const literal = (value: string) => ({ kind: 'literal', value }) as const
  const color = {
    kind: 'recode',
    input: { kind: 'property', name: 'nom' },
    entries: [
      ['bois', literal('#00ff00')],
      ['eau', literal('#0000ff')],
    ],
    otherwise: literal('#ff0000'),
  } as const
  const { height, at } = await legend(styleOf({ name: '', symbolizers: [{ kind: 'fill', color, opacity: 1 }] }))
  t.same([height, at(12, 9), at(12, 29)], [38, '00ff00ff', '0000ffff'])
})

t.test('a ramp runs through its colours', async t => {
  const colorMap = {
    kind: 'ramp',
    entries: [
      { value: 0, color: '#000000' },
      { value: 100, color: '#ffffff' },
    ],
  } as const
  const { height, at } = await legend(styleOf({ name: '', symbolizers: [{ kind: 'raster', opacity: 1, colorMap }] }))
  t.equal(height, 36)
  const column = Array.from({ length: height }, (_, y) => Number.parseInt(at(12, y).slice(0, 2), 16))
  t.ok(
    column.every((value, y) => y === 0 || value >= column[y - 1]),
    'brighter from above to below',
  )
  t.ok(column[0] < 10 && column[35] > 245 && Math.abs(column[18] - 128) < 25)
})

const gray = { kind: 'raster', opacity: 1, value: { kind: 'band', band: 0 }, isGray: true, range: [0, 100] } as const

t.test('a scale of gray is bent by the gamma of the style', async t => {
  const { height, at } = await legend(styleOf({ name: '', symbolizers: [{ ...gray, gamma: 2 }] }))
  t.equal(height, 36)
  for (const y of [0, 12, 18, 24, 35]) {
    // the symbols end halfway between their entries: the upper half of the first and the lower half of the second stay as the ends
    const share = Math.min(1, Math.max(0, (y + 0.5) / 18 - 0.5))
    t.ok(Math.abs(Number.parseInt(at(12, y).slice(0, 2), 16) - 255 * Math.sqrt(share)) < 45 - share * 25, `${y}: ${at(12, y)}`)
  }
  t.ok(Number.parseInt(at(12, 17).slice(0, 2), 16) > 160, 'brighter than the middle gray in the middle')
})

t.test('brightness and contrast of the style change the colours of the legend, too', async t => {
  const half = await legend(styleOf({ name: '', symbolizers: [{ ...gray, tones: { contrast: 0.5, brightness: 20 } }] }))
  // (0 - 127.5) / 2 + 127.5 + 20, and the same of 255
  t.same([half.at(12, 0), half.at(12, 35)], ['535353ff', 'd3d3d3ff'])
  const colorMap = { kind: 'values', entries: [{ value: 1, color: '#ff0000' }] } as const
  const lone = await legend(styleOf({ name: '', symbolizers: [{ kind: 'raster', opacity: 1, colorMap, tones: { gray: 'average' } }] }))
  t.equal(lone.at(12, 9), '555555ff', 'a third of 255')
})

t.test('colours that legends leave out of a ramp are between the others all the same', async t => {
  const entries = [
    { value: 0, color: '#000000' },
    { value: 50, color: '#ff0000', isUnlisted: true },
    { value: 100, color: '#000000' },
  ] as const
  const { height, at } = await legend(
    styleOf({ name: '', symbolizers: [{ kind: 'raster', opacity: 1, colorMap: { kind: 'ramp', entries } }] }),
  )
  t.equal(height, 36)
  t.ok(Number.parseInt(at(12, 18).slice(0, 2), 16) > 200, at(12, 18))
})

t.test('a scale says its ends in JSON, in the colours it has', async t => {
  const { ask } = testWms(withStyle(styleOf({ name: '', symbolizers: [{ ...gray, gamma: 2, tones: { brightness: 10 } }] })))
  const { text } = await ask('SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=communes&FORMAT=application/json')
  const { colormap } = JSON.parse(text).Legend[0].rules[0].symbolizers[0].Raster
  t.same(
    colormap.entries.map(({ quantity, color }: { quantity: string; color: string }) => [quantity, color]),
    [
      ['0', '#0a0a0a'],
      ['100', '#ffffff'],
    ],
  )
})

t.test('as JSON, in the form that GeoServer has', async t => {
  const symbolizers: Rule['symbolizers'] = [
    { kind: 'fill', color: '#336699', opacity: 0.5, outline: { color: '#000000', opacity: 1, width: 2, dashes: [4, 2] } },
    { kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'circle', color: '#ff0000' }], size: 8 } },
  ]
  const { ask } = testWms(
    withStyle(styleOf({ name: 'a', title: 'Parcels', symbolizers }, { name: 'b', isElse: true, symbolizers: fill('#00ff00') })),
  )
  const answer = await ask('SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=communes&FORMAT=application/json')
  t.equal(answer.mediaType, 'application/json')
  const { Legend } = JSON.parse(answer.text)
  t.equal(Legend[0].layerName, 'communes')
  t.match(Legend[0].rules[0], {
    name: 'a',
    title: 'Parcels',
    symbolizers: [
      { Polygon: { fill: '#336699', 'fill-opacity': '0.5', stroke: '#000000', 'stroke-width': '2', 'stroke-dasharray': '4 2' } },
      { Point: { size: '8', graphics: [{ mark: 'circle', fill: '#ff0000' }] } },
    ],
  })
  t.match(Legend[0].rules[1], { ElseFilter: 'true' })
})

t.test('the legend of a group has the legends of its layers below their titles', async t => {
  const { ask } = testWms(atlas, renderer)
  const size = async (layer: string) => {
    const answer = await ask(`SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=${encodeURIComponent(layer)}`)
    t.equal(answer.status, 200, answer.status === 200 ? layer : answer.text)
    return (await sharp(Buffer.from(answer.body as Uint8Array)).metadata()).height
  }
  t.equal(await size('communes'), 18)
  t.equal(await size('administratif-limites'), 4 * 18 + 3 * 2, 'two layers, each a title and a symbol')
  const ruleFor = (layer: string, name: string) =>
    `<NamedLayer><Name>${layer}</Name><UserStyle><FeatureTypeStyle><Rule><Name>${name}</Name><PolygonSymbolizer><Fill/></PolygonSymbolizer></Rule></FeatureTypeStyle></UserStyle></NamedLayer>`
  const body = `<StyledLayerDescriptor>${ruleFor('communes', 'own')}${ruleFor('ws:vide', 'other')}</StyledLayerDescriptor>`
  const query = `VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=administratif-limites&SLD_BODY=${encodeURIComponent(body)}`
  const { height } = await sharp(Buffer.from((await ask(`${query}&RULE=own`)).body as Uint8Array)).metadata()
  t.equal(height, 2 * 18 + 2, 'no title without a symbol below')
})

t.test('on demand only what is in the box', async t => {
  const named = (name: string): Filter => ({
    kind: 'compare',
    operator: '=',
    left: { kind: 'property', name: 'nom' },
    right: { kind: 'literal', value: name },
  })
  const style = styleOf(
    { name: 'chêne', filter: named('Chêne <2>'), symbolizers: fill('#00ff00') },
    { name: 'hêtre', filter: named('Hêtre'), symbolizers: fill('#ff0000') },
    { name: 'rest', isElse: true, symbolizers: fill('#0000ff') },
  )
  const trees = atlas.collections.get('arbres') as Collection
  const of = { ...atlas, collections: new Map([['arbres', { ...trees, styles: [{ name: 's', title: 's', version: '1', style }] }]]) }
  const { ask } = testWms(of, renderer)
  const query =
    'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=arbres&FORMAT=application/json&CRS=EPSG:4326&BBOX=48,2,49,3&WIDTH=20&HEIGHT=20'
  const names = async (options: string) =>
    JSON.parse((await ask(`${query}&LEGEND_OPTIONS=${options}`)).text).Legend[0].rules.map(({ name }: Rule) => name)
  t.same(await names(''), ['chêne', 'hêtre', 'rest'])
  t.same(await names('hideEmptyRules:true'), ['chêne', 'rest'])
})

t.test('titles of rules are in the language asked for, where the style has them in that', async t => {
  const rule = (name: string, title: string) =>
    `<Rule><Name>${name}</Name><Title>${title}</Title><PolygonSymbolizer><Fill/></PolygonSymbolizer></Rule>`
  const wood = rule('w', 'Wood<Localized lang="fr">Bois et forêts de la commune</Localized><Localized lang="de">Wald</Localized>')
  const body = `<UserStyle><FeatureTypeStyle>${wood}${rule('x', 'Water')}</FeatureTypeStyle></UserStyle>`
  const query = `VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=communes&SLD_BODY=${encodeURIComponent(body)}`
  const { ask } = testWms(atlas, renderer)
  const titles = async (language: string) =>
    JSON.parse((await ask(`${query}&FORMAT=application/json&LANGUAGE=${language}`)).text).Legend[0].rules.map(({ title }: Rule) => title)
  t.same(await titles('fre'), ['Bois et forêts de la commune', 'Water'])
  t.same(await titles('eng'), ['Wood', 'Water'])
  const width = async (language: string) =>
    (await sharp(Buffer.from((await ask(`${query}&LANGUAGE=${language}`)).body as Uint8Array)).metadata()).width
  t.ok((await width('fre')) > (await width('eng')) + 50, 'drawn, too')
})

t.test('a rule for legends only is in the legend', async t => {
  const rule = (name: string, color: string, more = '') =>
    `<Rule><Name>${name}</Name><PolygonSymbolizer><Fill><CssParameter name="fill">${color}</CssParameter></Fill></PolygonSymbolizer>${more}</Rule>`
  const only = '<VendorOption name="inclusion">legendOnly</VendorOption>'
  const body = `<UserStyle><FeatureTypeStyle>${rule('a', '#ff0000')}${rule('b', '#0000ff', only)}</FeatureTypeStyle></UserStyle>`
  const { height, at } = await legend(styleOf(), `&SLD_BODY=${encodeURIComponent(body)}`)
  t.same([height, at(12, 9), at(12, 29)], [38, 'ff0000ff', '0000ffff'])
})
