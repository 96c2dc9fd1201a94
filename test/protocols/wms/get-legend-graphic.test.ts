import sharp from 'sharp'
import t from 'tap'
import type { Atlas, Collection } from '#core/atlas.js'
import type { Rule, Style } from '#styles/style.js'
import { attributeOf, childOf, childrenOf, readXml, textOf, type XmlElement } from '#xml/read.js'
import { atlas, testWms, viewOf } from './wms-support.js'

const fill = (color: string): Rule['symbolizers'] => [{ kind: 'fill', color, opacity: 1 }]
const withStyle = (style: Style): Atlas => {
  const base = atlas.collections.get('communes') as Collection
  return { ...atlas, collections: new Map([['communes', { ...base, styles: [{ name: 's', title: 's', version: '1', style }] }]]) }
}
const legend = async (style: Style, query = '') => {
  const { ask } = testWms(withStyle(style))
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
    ['&LAYER=communes&FORMAT=image/gif', 'InvalidFormat'],
    ['&LAYER=communes&SLD_BODY=x', 'InvalidParameterValue'],
  ])
    t.match((await ask(`VERSION=1.3.0&REQUEST=GetLegendGraphic${query}`)).text, `code="${code}"`)
})

t.test('LegendURL leads to an image of the size it states', async t => {
  const { ask } = testWms()
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
