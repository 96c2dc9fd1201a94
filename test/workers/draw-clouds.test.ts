import sharp from 'sharp'
import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { FeatureStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { MapJob } from '#core/queries.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox, transformBetween } from '#geo/transform.js'
import { readSldStyles } from '#styles/sld/read-sld-styles.js'
import type { Style } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { multi, point, polygon } from '../support/drawing.js'
import { distanceToGolden } from '../support/golden-image.js'
import { type MemoryTable, memorySource, memoryStore } from '../support/memory-store.js'
import { seeded } from '../support/seeded.js'

type Row = readonly [id: number, name: string | null, weight: number | null, geometry: Uint8Array]

function tableOf(rows: readonly Row[], crs = 'EPSG:3857', weight = 'weight'): MemoryTable {
  return {
    schema: 'public',
    table: 'trees',
    columns: [
      { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
      { name: 'name', kind: 'text', nativeType: 'text', isNullable: true },
      { name: weight, kind: 'double', nativeType: 'double precision', isNullable: true },
    ],
    geometries: [{ name: 'geom', type: 'GEOMETRY', dimensions: 'xy', crs, srid: Number(crs.slice(5)), isIndexed: true, isNullable: true }],
    key: { kind: 'primary', columns: ['id'] },
    rows,
  }
}

/** Crowds and single points over a square of `size` metres from a corner, seeded. */
function crowd(count: number, size: number, [left, bottom]: readonly [number, number], place = (x: number, y: number) => point(x, y)) {
  const random = seeded(count)
  const crowds = Array.from({ length: 9 }, () => [random() * size, random() * size, 0.02 + random() * 0.1] as const)
  return Array.from({ length: count }, (_, i): Row => {
    const [x, y, wide] = crowds[Math.floor(random() * crowds.length)]
    const bell = () => (random() + random() + random() - 1.5) * wide * size * 2
    const [dx, dy] = i % 12 === 0 ? [(random() - 0.5) * size, (random() - 0.5) * size] : [bell(), bell()]
    return [i, `n${i}`, 1 + Math.floor(random() * 5), place(left + x + dx, bottom + y + dy)]
  })
}

const origin = [431_000, 5_405_000] as const
const table = tableOf(crowd(1500, 1024, origin))

function jobFor(style: Style, bbox: Bbox, width: number, height: number, drawn: MemoryTable, more: Partial<MapJob> = {}): MapJob {
  return {
    width,
    height,
    crs: 'EPSG:3857',
    bbox,
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/png',
    scaleDenominator: (bbox[2] - bbox[0]) / width / 0.00028,
    pixelRatio: 1,
    layers: [{ kind: 'features', source: memorySource('memory', drawn), geometry: drawn.geometries[0], style }],
    maxFeatures: 100_000,
    deadline: steadyNow() + 900_000,
    ...more,
  }
}

async function draw(
  style: Style,
  bbox: Bbox,
  width: number,
  height: number,
  drawn = table,
  more?: Partial<MapJob>,
  wrap: (store: FeatureStore) => FeatureStore = store => store,
): Promise<Buffer> {
  const renderer = rendererOf(wrap(memoryStore('memory', [drawn], { batchRows: 70 })))
  return Buffer.from((await renderer.draw(jobFor(style, bbox, width, height, drawn, more))).bytes)
}

const rendererOf = (store: FeatureStore) =>
  inlineRenderer({
    features: () => store,
    raster: () => {
      throw new Error('no rasters here')
    },
  })

/** A FeatureTypeStyle, and what it reads. */
function styleOf(inner: string): Style {
  const { styles, notes } = readSldStyles(
    `<FeatureTypeStyle xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">${inner}</FeatureTypeStyle>`,
  )
  if (notes.length > 0) throw new Error(notes.map(({ message }) => message).join())
  return styles[0].style
}

const parameter = (name: string, value: string | number) =>
  `<ogc:Function name="parameter"><ogc:Literal>${name}</ogc:Literal><ogc:Literal>${value}</ogc:Literal></ogc:Function>`
const transformation = (name: string, parameters: Readonly<Record<string, string | number>>) =>
  `<Transformation><ogc:Function name="${name}"><ogc:Function name="parameter"><ogc:Literal>data</ogc:Literal></ogc:Function>${Object.entries(
    parameters,
  )
    .map(([key, value]) => parameter(key, value))
    .join('')}</ogc:Function></Transformation>`
const count = (operator: string, value: number) =>
  `<ogc:Filter><ogc:${operator}><ogc:PropertyName>count</ogc:PropertyName><ogc:Literal>${value}</ogc:Literal></ogc:${operator}></ogc:Filter>`
const circle = (color: string, size: string) =>
  `<PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill><CssParameter name="fill">${color}</CssParameter></Fill></Mark><Size>${size}</Size></Graphic></PointSymbolizer>`
const text = (property: string) =>
  `<TextSymbolizer><Label><ogc:PropertyName>${property}</ogc:PropertyName></Label><Font><CssParameter name="font-size">11</CssParameter></Font><LabelPlacement><PointPlacement><AnchorPoint><AnchorPointX>0.5</AnchorPointX><AnchorPointY>0.5</AnchorPointY></AnchorPoint></PointPlacement></LabelPlacement><Fill><CssParameter name="fill">#ffffff</CssParameter></Fill></TextSymbolizer>`
const grows =
  '<ogc:Add><ogc:Literal>16</ogc:Literal><ogc:Function name="Interpolate"><ogc:PropertyName>count</ogc:PropertyName><ogc:Literal>2</ogc:Literal><ogc:Literal>2</ogc:Literal><ogc:Literal>100</ogc:Literal><ogc:Literal>16</ogc:Literal></ogc:Function></ogc:Add>'

const clusterRules = `<Rule>${count('PropertyIsEqualTo', 1)}${circle('#2166ac', '6')}</Rule><Rule>${count('PropertyIsGreaterThan', 1)}${circle('#b2182b', grows)}`
const clusters = (distance: number, more = '') =>
  styleOf(`${transformation('vec:PointStacker', { cellSize: distance })}${clusterRules}${more}</Rule>`)
const fill = (color: string) =>
  `<PolygonSymbolizer><Fill><CssParameter name="fill">${color}</CssParameter></Fill><Stroke><CssParameter name="stroke">#ffffff</CssParameter><CssParameter name="stroke-width">1</CssParameter></Stroke></PolygonSymbolizer>`
const shade =
  '<ogc:Function name="Interpolate"><ogc:PropertyName>value</ogc:PropertyName><ogc:Literal>1</ogc:Literal><ogc:Literal>#fde0c5</ogc:Literal><ogc:Literal>15</ogc:Literal><ogc:Literal>#eb4a40</ogc:Literal><ogc:Literal>60</ogc:Literal><ogc:Literal>#5b1060</ogc:Literal><ogc:Literal>color</ogc:Literal></ogc:Function>'
const bins = (shape: string, size: number) =>
  styleOf(`${transformation('arpent:Bins', { shape, size, weightAttr: 'weight' })}<Rule>${fill(shade)}</Rule>`)
const colors =
  '<ColorMap><ColorMapEntry color="#ffffff" quantity="0" opacity="0"/><ColorMapEntry color="#4444ff" quantity="0.1"/><ColorMapEntry color="#ff0000" quantity="0.5"/><ColorMapEntry color="#ffff00" quantity="1"/></ColorMap>'
const heat = (radius: number, more: Readonly<Record<string, string | number>> = {}) =>
  styleOf(
    `${transformation('vec:Heatmap', { radiusPixels: radius, intensity: 1, ...more })}<Rule><RasterSymbolizer>${colors}</RasterSymbolizer></Rule>`,
  )

const square = (left: number, top: number, size: number): Bbox => [
  origin[0] + left,
  origin[1] + top - size,
  origin[0] + left + size,
  origin[1] + top,
]
const pixels = (image: Buffer) => sharp(image).removeAlpha().raw().toBuffer()

t.test('transformed layers look as they were last approved', async t => {
  const scenes: Readonly<Record<string, Style>> = {
    clusters: clusters(40, text('count')),
    hexagons: bins('hexagon', 24),
    squares: bins('square', 24),
    heatmap: heat(24, { intensity: 0.4 }),
    'heatmap-usual': styleOf(`${transformation('vec:Heatmap', { radiusPixels: 24, intensity: 0.3 })}<Rule><RasterSymbolizer/></Rule>`),
  }
  for (const [name, style] of Object.entries(scenes)) {
    const { mean, visible } = await distanceToGolden(`render/clouds-${name}.png`, await draw(style, square(0, 1024, 1024), 384, 384))
    t.ok(mean < 0.2 && visible < 0.002, `${name}: mean ${mean.toFixed(3)}, visible ${(visible * 100).toFixed(2)} %`)
  }
})

t.test('tiles are cuts of the bigger map, pixel for pixel', async t => {
  const styles: Readonly<Record<string, Style>> = {
    clusters: clusters(30),
    hexagons: bins('hexagon', 21),
    squares: bins('square', 33),
    heatmap: heat(30),
    'wide heatmap': heat(90, { weightAttr: 'weight', intensity: 0.01 }),
  }
  for (const [name, style] of Object.entries(styles)) {
    const whole = await pixels(await draw(style, square(256, 768, 512), 256, 256))
    for (const [column, row] of [
      [0, 0],
      [1, 0],
      [1, 1],
    ]) {
      const tile = await pixels(await draw(style, square(256 + column * 256, 768 - row * 256, 256), 128, 128))
      const cut = await sharp(whole, { raw: { width: 256, height: 256, channels: 3 } })
        .extract({ left: column * 128, top: row * 128, width: 128, height: 128 })
        .raw()
        .toBuffer()
      t.ok(new Set(cut).size > 8, 'there is something on it')
      t.same(tile, cut, `${name}, tile ${column} ${row}`)
    }
  }
})

t.test('data of another system make the same clusters', async t => {
  const back = transformBetween('EPSG:3857', 'EPSG:2154').point
  const elsewhere = tableOf(
    crowd(1500, 1024, origin, (x, y) => point(...(back(x, y) as [number, number]))),
    'EPSG:2154',
  )
  t.ok(transformBbox(square(0, 1024, 1024), 'EPSG:3857', 'EPSG:2154'))
  for (const style of [clusters(30), bins('hexagon', 21), heat(30)]) {
    const [own, other] = await Promise.all([
      draw(style, square(0, 1024, 1024), 256, 256),
      draw(style, square(0, 1024, 1024), 256, 256, elsewhere),
    ])
    const [a, b] = await Promise.all([pixels(own), pixels(other)])
    const off = a.filter((value, i) => Math.abs(value - b[i]) > 2).length
    t.ok(off < a.length * 0.001, `${off} of ${a.length} channels`)
  }
})

/** Colours at places of a map of 100 pixels, one metre each. */
async function colorsAt(
  style: Style,
  rows: readonly Row[],
  places: readonly (readonly [number, number])[],
  wrap?: (store: FeatureStore) => FeatureStore,
) {
  const data = await pixels(await draw(style, [0, 0, 100, 100], 100, 100, tableOf(rows), {}, wrap))
  return places.map(([x, y]) => data.subarray(((99 - y) * 100 + x) * 3, ((99 - y) * 100 + x) * 3 + 3).toString('hex'))
}

const called = (name: string, color: string) =>
  `<Rule><ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>name</ogc:PropertyName><ogc:Literal>${name}</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>${circle(color, '9')}</Rule>`
const otherwise = (color: string) => `<Rule><ElseFilter/>${circle(color, '9')}</Rule>`

t.test('a point that is alone keeps its attributes, those of a cluster are null', async t => {
  const style = styleOf(
    `${transformation('gs:PointStacker', { cellSize: 20 })}${called('oak', '#00ff00')}${called('elm', '#0000ff')}${otherwise('#ff0000')}`,
  )
  const rows: readonly Row[] = [
    [1, 'oak', 1, point(20, 50)],
    [2, 'oak', 1, point(60, 50)],
    [3, 'oak', 1, point(70, 50)],
    [4, 'elm', 1, point(20, 80)],
    [5, null, 1, point(80, 20)],
    [6, 'elm', 1, null as unknown as Uint8Array],
  ]
  t.same(
    await colorsAt(style, rows, [
      [20, 50],
      [65, 50],
      [20, 80],
      [80, 20],
      [57, 50],
    ]),
    ['00ff00', 'ff0000', '0000ff', 'ff0000', 'ffffff'],
  )
})

t.test('what counts: each point of many, the middle of others; sizes, sums and their filters', async t => {
  const area = polygon([
    [10, 70],
    [30, 70],
    [30, 90],
    [10, 90],
    [10, 70],
  ])
  const rows: readonly Row[] = [
    [1, 'a', 2.5, multi('MultiPoint', point(70, 20), point(72, 22), point(20, 20))],
    [2, 'b', null, point(71, 21)],
    [3, 'c', Number.NaN, area],
  ]
  const isValue = (value: number, color: string) =>
    `<Rule><ogc:Filter><ogc:And><ogc:PropertyIsEqualTo><ogc:PropertyName>value</ogc:PropertyName><ogc:Literal>${value}</ogc:Literal></ogc:PropertyIsEqualTo><ogc:PropertyIsLessThan><ogc:PropertyName>count</ogc:PropertyName><ogc:Literal>4</ogc:Literal></ogc:PropertyIsLessThan></ogc:And></ogc:Filter>${fill(color)}</Rule>`
  const style = styleOf(
    `${transformation('arpent:Bins', { shape: 'square', size: 25, weightAttr: 'weight' })}${isValue(5, '#ff0000')}${isValue(2.5, '#00ff00')}${isValue(0, '#0000ff')}`,
  )
  t.same(
    await colorsAt(style, rows, [
      [60, 12],
      [12, 12],
      [12, 88],
      [60, 60],
    ]),
    ['ff0000', '00ff00', '0000ff', 'ffffff'],
  )
})

t.test('a computed column hides that of the table, which may be its weight', async t => {
  const isFive = `<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>value</ogc:PropertyName><ogc:Literal>5</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>`
  const style = styleOf(
    `${transformation('arpent:Bins', { shape: 'square', size: 25, weightAttr: 'value' })}<Rule>${isFive}${fill('#ff0000')}</Rule>`,
  )
  const rows: readonly Row[] = [2, 3, 5].map((value, i) => [i, null, value, point(i < 2 ? 10 : 60, 60)])
  const data = await pixels(await draw(style, [0, 0, 100, 100], 100, 100, tableOf(rows, 'EPSG:3857', 'value')))
  const at = (x: number) => data.subarray((39 * 100 + x) * 3, (39 * 100 + x) * 3 + 3).toString('hex')
  t.same([at(12), at(62), at(90)], ['ff0000', 'ff0000', 'ffffff'])
})

t.test('the rules of a heat map choose features', async t => {
  const isHeavy = `<ogc:Filter><ogc:PropertyIsGreaterThan><ogc:PropertyName>weight</ogc:PropertyName><ogc:Literal>1</ogc:Literal></ogc:PropertyIsGreaterThan></ogc:Filter>`
  const map = (quantity: number) =>
    `<RasterSymbolizer><ColorMap type="intervals"><ColorMapEntry color="#000000" quantity="0.01" opacity="0"/><ColorMapEntry color="#ff0000" quantity="${quantity}"/><ColorMapEntry color="#00ff00" quantity="100"/></ColorMap></RasterSymbolizer>`
  const rows: readonly Row[] = [
    [1, null, 1, point(20.5, 50.5)],
    [2, null, 2, point(70.5, 50.5)],
  ]
  const style = styleOf(
    `${transformation('vec:Heatmap', { radiusPixels: 15, weightAttr: 'weight', intensity: 1 })}<Rule>${isHeavy}${map(0.5)}</Rule>`,
  )
  const places = [
    [20, 50],
    [70, 50],
    [60, 50],
  ] as const
  t.same(await colorsAt(style, rows, places), ['ffffff', '00ff00', 'ff0000'])
  const ofLines: Style = {
    passes: style.passes.map(pass => ({ ...pass, rules: pass.rules.map(rule => ({ ...rule, geometryTypes: ['line'] })) })),
  }
  t.same(await colorsAt(ofLines, rows, places), ['ffffff', 'ffffff', 'ffffff'])
})

t.test('marks and texts share one query, and tiles have the texts of their neighbours', async t => {
  const style = clusters(40, text('count'))
  let asked = 0
  const counting = (store: FeatureStore): FeatureStore => ({
    ...store,
    find(query, signal) {
      asked++
      return store.find(query, signal)
    },
  })
  await draw(style, square(0, 1024, 1024), 256, 256, table, {}, counting)
  t.equal(asked, 1)
  // columns of the grid begin at 0, rows where free maps find the same cells: at a whole number of two cells
  const overlapping = clusters(
    40,
    text('count').replace('</TextSymbolizer>', '<VendorOption name="conflictResolution">false</VendorOption></TextSymbolizer>'),
  )
  const [column, row, side] = [842, 2, 512]
  const top = side * 10_558
  const boxOf = (i: number, wide: number): Bbox => [(column + i) * side, top - side, (column + i + wide) * side, top]
  const whole = await pixels(await draw(overlapping, boxOf(0, 2), 512, 256))
  const grid = { columns: 2000, rows: 20_000, origin: [0, side * 10_560] as const, cellSize: 2 }
  const tiles = await Promise.all(
    [0, 1].map(async i => pixels(await draw(overlapping, boxOf(i, 1), 256, 256, table, { tile: { ...grid, column: column + i, row } }))),
  )
  for (const [i, tile] of tiles.entries()) {
    const inner = (image: Buffer, width: number, left: number) =>
      sharp(image, { raw: { width, height: 256, channels: 3 } })
        .extract({ left, top: 40, width: 176, height: 176 })
        .raw()
        .toBuffer()
    const [drawn, wanted] = [await inner(tile, 256, 80 * (1 - i)), await inner(whole, 512, 80 + i * 176)]
    t.ok(wanted.includes(Buffer.from('ffffff', 'hex')) && new Set(wanted).size > 20)
    t.same(drawn, wanted, `tile ${i}`)
  }
})

t.test('over the date line, and where a map is made of several parts of the source, every point counts once', async t => {
  const rows = [179.999, 179.9995, -179.9995, -179.999].map((x, i): Row => [i, null, 1, point(x, 0)])
  const isCount = (value: number, color: string) => `<Rule>${count('PropertyIsEqualTo', value)}${circle(color, '20')}</Rule>`
  const style = styleOf(
    `${transformation('vec:PointStacker', { cellSize: 30 })}${isCount(4, '#00ff00')}<Rule><ElseFilter/>${circle('#ff0000', '20')}</Rule>`,
  )
  const half = 20_037_508.342789244
  for (const [crs, bbox] of [
    ['EPSG:3857', [half - 5000, -5000, half + 5000, 5000]],
    ['EPSG:3857', [-half - 5000, -5000, -half + 5000, 5000]],
    ['EPSG:4326', [179.95, -0.05, 180.05, 0.05]],
  ] as const) {
    const data = await pixels(await draw(style, bbox, 100, 100, tableOf(rows, 'EPSG:4326'), { crs, scaleDenominator: 100 / 0.00028 }))
    t.equal(data.subarray((50 * 100 + 50) * 3, (50 * 100 + 50) * 3 + 3).toString('hex'), '00ff00', `${crs} ${bbox[0]}`)
  }
})

t.test('styles and points that mean nothing are drawn in no time', async t => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, 1e300, 0].map((x, i): Row => [i, null, x, point(x, 50)])
  const styles = [0, 1e9].flatMap(size => [clusters(size), bins('hexagon', size), heat(size)])
  for (const style of styles) {
    t.ok((await draw(style, [0, 0, 100, 100], 50, 50, tableOf(odd))).length > 0)
    t.ok((await draw(style, [0, 0, 100, 100], 50, 50, tableOf([]))).length > 0)
  }
})

t.test('tiles have the texts of clusters as soon as a store that failed answers again', async t => {
  const working = memoryStore('memory', [table])
  let asked = 0
  const failing: FeatureStore = {
    ...working,
    async find(query, signal) {
      // the marks come first, then the texts of the cells around
      if (++asked === 2) throw new Problem('unavailable', 'The database is away.')
      return working.find(query, signal)
    },
  }
  const grid = { columns: 4, rows: 4, origin: [origin[0], origin[1] + 1024] as const, cellSize: 2 }
  const job = jobFor(clusters(40, text('count')), square(0, 1024, 256), 128, 128, table, { tile: { ...grid, column: 0, row: 0 } })
  const tile = { ...job, layers: job.layers.map(layer => ({ ...layer, key: 'clusters 1' })) } as MapJob
  const renderer = rendererOf(failing)
  await t.rejects(renderer.draw(tile), { kind: 'unavailable', message: /away/ })
  const { bytes } = await renderer.draw(tile)
  t.ok(Buffer.from((await rendererOf(working).draw(tile)).bytes).equals(bytes))
})
