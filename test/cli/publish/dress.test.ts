import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dressed } from '#cli/publish/dress.js'
import { findFiles } from '#cli/publish/find-files.js'
import type { Publication } from '#core/publication.js'
import { rulesOf, type Symbolizer } from '#styles/style.js'

const sld = (symbolizer: string, layer = 'x') =>
  `<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:xlink="http://www.w3.org/1999/xlink"><NamedLayer><Name>${layer}</Name><UserStyle><FeatureTypeStyle><Rule>${symbolizer}</Rule></FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>`
const fill = (color: string) => `<PolygonSymbolizer><Fill><CssParameter name="fill">${color}</CssParameter></Fill></PolygonSymbolizer>`
const icon = (href: string) =>
  `<PointSymbolizer><Graphic><ExternalGraphic><OnlineResource xlink:href="${href}"/><Format>image/svg+xml</Format></ExternalGraphic><Size>12</Size></Graphic></PointSymbolizer>`
const mapLibre = JSON.stringify({
  version: 8,
  sources: { s: { type: 'vector', tiles: ['https://example.org/{z}/{x}/{y}.pbf'] } },
  layers: [{ id: 'a', type: 'fill', source: 's', 'source-layer': 'bois', paint: { 'fill-color': '#00ff00' } }],
})
const publication = (file: string | undefined, more: Partial<Publication> = {}): Publication => ({
  source: 'x',
  name: 'x',
  settings: {},
  found: { kind: 'nothing' },
  findings: [],
  ...(file !== undefined && { file }),
  ...more,
})
const symbolizersOf = ({ settings }: Publication): readonly Symbolizer[] =>
  (settings.styles ?? []).flatMap(({ style }) => rulesOf(style).flatMap(({ symbolizers }) => symbolizers))
const colorsOf = (dressed: Publication) => symbolizersOf(dressed).map(symbolizer => symbolizer.kind === 'fill' && symbolizer.color)

t.test('styles beside their data: of a file, of a layer, of a folder of rasters, and a MapLibre style in .json', async t => {
  const folder = t.testdir({
    'communes.gpkg': '',
    'communes.SLD': sld(fill('#ff0000')),
    'communes.parcelles.sld': sld(fill('#0000ff')),
    'bois.geojson': '{}',
    'bois.json': mapLibre,
    'lieux.geojson.gz': '',
    'lieux.sld': sld(fill('#ffff00')),
    'ortho.sld': sld('<RasterSymbolizer><Opacity>0.5</Opacity></RasterSymbolizer>'),
    ortho: { '1.tif': '', '2.tif': '' },
  })
  const found = await findFiles([folder])
  t.same(
    found.features.map(path => path.slice(folder.length + 1)),
    ['bois.geojson', 'communes.gpkg', 'lieux.geojson.gz'],
    'a style is no data',
  )
  const at = (name: string) => publication(join(folder, name))
  const result = await dressed(
    [at('communes.gpkg'), at('communes.gpkg#parcelles'), at('bois.geojson'), at('ortho'), at('other.gpkg'), at('lieux.geojson.gz')],
    found.styles,
  )
  t.same(result.map(colorsOf), [['#ff0000'], ['#0000ff'], ['#00ff00'], [false], [], ['#ffff00']])
  t.same(symbolizersOf(result[3])[0], { kind: 'raster', opacity: 0.5 })
  t.same(
    result.flatMap(({ findings }) => findings),
    [],
  )
})

t.test('files that the config names come first, each with a name of its own', async t => {
  const folder = t.testdir({ 'a.sld': sld(fill('#ff0000')), 'b.sld': sld(fill('#0000ff')), sub: { 'a.sld': sld(fill('#00ff00')) } })
  const styleFiles = ['a.sld', 'b.sld', 'sub/a.sld'].map(name => join(folder, name))
  const [result] = await dressed([publication(undefined, { settings: { styleFiles } })], [])
  t.same(colorsOf(result), ['#ff0000', '#0000ff', '#00ff00'])
  t.same(
    result.settings.styles?.map(({ name }) => name),
    ['a', 'b', 'a_2'],
  )
})

t.test('of a document for several layers the one of the collection is taken', async t => {
  const layer = (name: string, color: string) => /<NamedLayer>.*<\/NamedLayer>/.exec(sld(fill(color), name))![0]
  const both = sld('').replace(/<NamedLayer>.*<\/NamedLayer>/, layer('ws:routes', '#ff0000') + layer('ws:communes', '#0000ff'))
  const folder = t.testdir({ 'all.sld': both })
  const named = publication(undefined, { name: 'communes', settings: { styleFiles: [join(folder, 'all.sld')] } })
  t.same(colorsOf((await dressed([named], []))[0]), ['#0000ff'])
})

t.test('a style that cannot be read is left out, with the reason and without the others', async t => {
  const folder = t.testdir({ 'broken.sld': '<StyledLayerDescriptor', 'good.sld': sld(fill('#ff0000')), 'notes.txt': 'hello' })
  const styleFiles = ['broken.sld', 'none.sld', 'notes.txt', 'good.sld'].map(name => join(folder, name))
  const [result] = await dressed([publication(undefined, { settings: { styleFiles } })], [])
  t.same(colorsOf(result), ['#ff0000'])
  t.equal(result.findings.length, 3)
  for (const { severity, code } of result.findings) t.same([severity, code], ['warning', 'unread-style'])
})

t.test('pictures beside a style become part of it; those elsewhere do not', async t => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
  const folder = t.testdir({
    'secret.svg': svg,
    styles: {
      'a.sld': sld(icon('icons/tree.svg') + icon('../secret.svg') + icon('nothing.svg') + icon('a.sld')),
      icons: { 'tree.svg': svg },
    },
  })
  const [result] = await dressed([publication(undefined, { settings: { styleFiles: [join(folder, 'styles', 'a.sld')] } })], [])
  const addresses = symbolizersOf(result).map(
    symbolizer => symbolizer.kind === 'point' && symbolizer.graphic.shapes[0].kind === 'icon' && symbolizer.graphic.shapes[0].href,
  )
  t.equal(addresses[0], `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`)
  t.notOk(addresses.slice(1).some(href => String(href).startsWith('data:')))
  t.equal(result.findings.length, 4)
  writeFileSync(join(folder, 'styles', 'b.sld'), sld(icon('library/trees/alone.svg')))
  writeFileSync(join(folder, 'styles', 'alone.svg'), svg)
  const [beside] = await dressed([publication(undefined, { settings: { styleFiles: [join(folder, 'styles', 'b.sld')] } })], [])
  t.match(JSON.stringify(symbolizersOf(beside)), /"href":"data:image/, 'a picture of a library is found beside the style by its name')
  const inside = icon(`data:image/svg+xml;base64,${Buffer.from('<svg>').toString('base64')}`)
  writeFileSync(join(folder, 'styles', 'c.sld'), sld(icon('broken.svg') + icon('script.svg') + icon('broken.png') + inside))
  writeFileSync(join(folder, 'styles', 'broken.svg'), svg.slice(0, -8))
  writeFileSync(join(folder, 'styles', 'script.svg'), svg.replace('<rect', '<script/><rect'))
  writeFileSync(join(folder, 'styles', 'broken.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
  const [broken] = await dressed([publication(undefined, { settings: { styleFiles: [join(folder, 'styles', 'c.sld')] } })], [])
  t.match(broken.findings, [
    { severity: 'warning', message: /broken\.svg is not drawn: The XML document cannot be read/ },
    { message: /script\.svg is not drawn: The SVG refers to the element script; an icon may only/ },
    { message: /broken\.png is not drawn: The icon cannot be read/ },
    { message: /a picture inside it is not drawn: The XML/ },
  ])
  mkdirSync(join(folder, 'big'))
  writeFileSync(join(folder, 'big', 'a.sld'), sld(icon('big.svg')))
  writeFileSync(join(folder, 'big', 'big.svg'), Buffer.alloc(2e6, 32))
  const [big] = await dressed([publication(undefined, { settings: { styleFiles: [join(folder, 'big', 'a.sld')] } })], [])
  t.match(big.findings, [{ message: /more than 1000000 bytes/ }])
})
