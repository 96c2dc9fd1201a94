import sharp from 'sharp'
import t from 'tap'
import type { Atlas, Collection } from '#core/atlas.js'
import type { Stores } from '#core/ports.js'
import { readSldStyles } from '#styles/sld/read-sld-styles.js'
import type { Style } from '#styles/style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { attributeOf, childOf, readXml, textOf } from '#xml/read.js'
import { line, point, polygon } from '../../support/drawing.js'
import { type MemoryTable, memorySource, memoryStore } from '../../support/memory-store.js'
import { readPicture } from '../../support/picture.js'
import { pick, seeded } from '../../support/seeded.js'
import { atlas, getMap130, testWms, withParameters } from './wms-support.js'

const colors = ['#aa0000', '#0000aa', '#008800', '#888800', '#008888']
const random = seeded(8)
const somewhere = () => [900_000 + random() * 1000, 6_800_000 + random() * 1000] as const

/** Blocks that lie askew. */
const blocks = Array.from({ length: 70 }, (_, id) => {
  const [x, y] = somewhere()
  const [a, size] = [random() * 6, 20 + random() * 50]
  const corner = (i: number) => [x + size * Math.cos(a + (i * Math.PI) / 2), y + size * Math.sin(a + (i * Math.PI) / 2)]
  return [id, pick(random, colors), polygon([0, 1, 2, 3, 0].map(corner))]
})
const roads = Array.from({ length: 12 }, (_, id) => [id, pick(random, colors), line(somewhere(), somewhere(), somewhere())])
const poles = Array.from({ length: 40 }, (_, id) => [id, pick(random, colors), point(...somewhere())])

const tableOf = (name: string, type: string, rows: readonly (readonly unknown[])[]): MemoryTable => ({
  schema: 'public',
  table: name,
  columns: [
    { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'couleur', kind: 'text', nativeType: 'text', isNullable: false },
  ],
  geometries: [{ name: 'geom', type, dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true }],
  key: { kind: 'primary', columns: ['id'] },
  rows: rows as MemoryTable['rows'],
})

function styleOf(inner: string): Style {
  const { styles, notes } = readSldStyles(
    `<FeatureTypeStyle xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">${inner}</FeatureTypeStyle>`,
  )
  if (notes.length > 0) throw new Error(JSON.stringify(notes))
  return styles[0].style
}

const property = '<ogc:PropertyName>couleur</ogc:PropertyName>'
const fill = `<Fill><CssParameter name="fill">${property}</CssParameter></Fill>`
const stacker =
  '<Transformation><ogc:Function name="vec:PointStacker"><ogc:Function name="parameter"><ogc:Literal>data</ogc:Literal></ogc:Function><ogc:Function name="parameter"><ogc:Literal>cellSize</ogc:Literal><ogc:Literal>1</ogc:Literal></ogc:Function></ogc:Function></Transformation>'
const mark = (fill: string, shape = 'circle') =>
  `<PointSymbolizer><Graphic><Mark><WellKnownName>${shape}</WellKnownName>${fill}</Mark><Size>14</Size></Graphic></PointSymbolizer>`
const styles: Readonly<Record<string, Style>> = {
  blocks: styleOf(`<Rule><PolygonSymbolizer>${fill}</PolygonSymbolizer></Rule>`),
  roads: styleOf(
    `<Rule><LineSymbolizer><Stroke><CssParameter name="stroke">${property}</CssParameter><CssParameter name="stroke-width">5</CssParameter></Stroke></LineSymbolizer></Rule>`,
  ),
  poles: styleOf(`<Rule>${mark(fill)}</Rule>`),
  arrows: styleOf(`<Rule>${mark(fill, 'triangle')}</Rule>`),
  clusters: styleOf(`${stacker}<Rule>${mark('<Fill><CssParameter name="fill">#000000</CssParameter></Fill>')}</Rule>`),
}

const tables = [tableOf('blocks', 'POLYGON', blocks), tableOf('roads', 'LINESTRING', roads), tableOf('poles', 'POINT', poles)]
const store = memoryStore('memory', tables, { batchRows: 30 })
const stores: Stores = {
  features: () => store,
  raster: () => {
    throw new Error('no rasters here')
  },
}
const collections = tables.map(
  (table): Collection => ({
    id: table.table,
    title: table.table,
    crs: ['EPSG:2154', 'EPSG:3857'],
    storageCrs: 'EPSG:2154',
    styles: Object.entries(styles).map(([name, style]) => ({ name, title: name, version: '1', style })),
    source: memorySource('memory', table),
  }),
)
const town: Atlas = { ...atlas, collections: new Map(collections.map(collection => [collection.id, collection])), spaces: new Map() }
const server = testWms(town, inlineRenderer(stores), stores)

const lambert = { CRS: 'EPSG:2154', middle: [900_500, 6_800_500], across: 700 } as const
/** The same place in Web Mercator, where a metre of it is some 1.4 and north lies elsewhere. */
const mercator = { CRS: 'EPSG:3857', middle: [634_844, 6_152_551], across: 1000 } as const

interface Asked {
  readonly layers: string
  readonly styles: string
  readonly place: typeof lambert | typeof mercator
  readonly width: number
  readonly height: number
  /** Units of the CRS. */
  readonly pixel: number
  readonly more?: Readonly<Record<string, string>>
}

const queryOf = ({ layers, styles, place: { CRS, middle }, width, height, pixel, more }: Asked) => {
  const [w, h] = [(width * pixel) / 2, (height * pixel) / 2]
  const BBOX = [middle[0] - w, middle[1] - h, middle[0] + w, middle[1] + h].join()
  return withParameters(getMap130, { LAYERS: layers, STYLES: styles, CRS, BBOX, WIDTH: `${width}`, HEIGHT: `${height}`, ...more })
}

async function draw(asked: Asked) {
  const answer = await server.ask(queryOf(asked))
  if (answer.status !== 200) throw new Error(answer.text)
  return Buffer.from(answer.body)
}

/** The picture with its pixels put elsewhere, by quarters clockwise. */
function quarterTurned({ pixels }: { readonly pixels: Buffer }, side: number, quarters: number): Buffer {
  if (quarters === 0) return pixels
  const turned = Buffer.alloc(pixels.length)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) pixels.copy(turned, (x * side + side - 1 - y) * 4, (y * side + x) * 4, (y * side + x + 1) * 4)
  return quarterTurned({ pixels: turned }, side, quarters - 1)
}

/** How many pixels are off by more than `most` in a channel. */
function apart(a: Buffer, b: Buffer, most: number): number {
  let count = 0
  for (let i = 0; i < a.length; i += 4) if ([0, 1, 2].some(c => Math.abs(a[i + c] - b[i + c]) > most)) count++
  return count
}

const inked = (pixels: Buffer) => apart(pixels, Buffer.alloc(pixels.length, 255), 40)

for (const [name, layers, style] of [
  ['areas', 'blocks', 'blocks'],
  ['lines', 'roads', 'roads'],
  ['points', 'poles', 'poles'],
  ['clusters', 'poles', 'clusters'],
] as const)
  for (const place of [lambert, mercator])
    t.test(`${name}, ${place.CRS}: a quarter of a turn puts every pixel where it belongs`, async t => {
      const side = 200
      const asked = { layers, styles: style, place, width: side, height: side, pixel: place.across / side }
      const upright = await readPicture(await draw(asked))
      t.ok(inked(upright.pixels) > 1000, 'there is something to see')
      t.same(await draw({ ...asked, more: { ANGLE: '0' } }), await draw(asked), '0 is no turn')
      t.same(await draw({ ...asked, more: { ANGLE: '360' } }), await draw(asked), '360 is none')
      for (const quarters of [1, 2, 3]) {
        const { pixels } = await readPicture(await draw({ ...asked, more: { ANGLE: `${quarters * 90}` } }))
        const expected = quarterTurned(upright, side, quarters)
        // shapes are placed on 256ths of a pixel, which are rounded the other way around
        t.equal(apart(pixels, expected, 40), 0, `${quarters * 90} degrees`)
        t.ok(apart(pixels, expected, 12) <= 10, `${apart(pixels, expected, 12)} pixels differ a little`)
        t.ok(apart(pixels, quarterTurned(upright, side, (quarters + 2) % 4), 12) > 500, 'and not the other way around')
        const back = await draw({ ...asked, more: { ANGLE: `${quarters * 90 - 360}` } })
        t.same((await readPicture(back)).pixels, pixels, 'so far the other way around is the same')
      }
    })

/** What libvips makes of a larger and finer picture of the same place, turned clockwise. */
async function turnedByVips(asked: Asked, angle: number): Promise<Buffer> {
  const { width, height, pixel } = asked
  const fine = 6
  const side = Math.ceil(Math.hypot(width, height) / 2) * 2 * fine
  const more = { DPI: `${90.714 * fine}` }
  const large = await draw({ ...asked, width: side, height: side, pixel: pixel / fine, more })
  const { data, info } = await sharp(large)
    .rotate(angle, { background: '#ffffff' })
    .removeAlpha()
    .png()
    .toBuffer({ resolveWithObject: true })
  const window = {
    left: Math.round((info.width - width * fine) / 2),
    top: Math.round((info.height - height * fine) / 2),
    width: width * fine,
    height: height * fine,
  }
  const cut = await sharp(data).extract(window).png().toBuffer()
  return (await readPicture(await sharp(cut).resize(width, height, { kernel: 'linear' }).png().toBuffer())).pixels
}

for (const place of [lambert, mercator])
  for (const angle of [30, 117.5, -45])
    t.test(`${place.CRS}, ${angle} degrees: as libvips turns a larger picture`, async t => {
      const [width, height] = [240, 120]
      const asked = { layers: 'blocks,roads,poles', styles: 'blocks,roads,poles', place, width, height, pixel: place.across / 200 }
      const { pixels } = await readPicture(await draw({ ...asked, more: { ANGLE: `${angle}` } }))
      const expected = await turnedByVips(asked, angle)
      const [right, wrong] = [apart(pixels, expected, 60), apart(pixels, await turnedByVips(asked, -angle), 60)]
      t.ok(right < (width * height) / 70, `${right} of ${width * height} pixels differ`)
      t.ok(wrong > (width * height) / 10, `${wrong} do where it is turned the wrong way`)
    })

t.test('pixels that are not square: the picture is turned, not the ground', async t => {
  const [width, height] = [200, 200]
  const of = async (box: string, ANGLE?: string) => {
    const query = withParameters(getMap130, {
      LAYERS: 'blocks',
      STYLES: 'blocks',
      CRS: 'EPSG:2154',
      BBOX: box,
      WIDTH: `${width}`,
      HEIGHT: `${height}`,
      ANGLE,
    })
    return readPicture(Buffer.from((await server.ask(query)).body))
  }
  const box = '900000,6800200,901000,6800800'
  t.ok(apart((await of(box, '90')).pixels, quarterTurned(await of(box), width, 1), 12) <= 10)
})

t.test('marks stay upright', async t => {
  const asked = { layers: 'poles', styles: 'arrows', place: lambert, width: 200, height: 200, pixel: 3.5 }
  const upright = await readPicture(await draw(asked))
  const { pixels } = await readPicture(await draw({ ...asked, more: { ANGLE: '180' } }))
  t.ok(apart(pixels, quarterTurned(upright, 200, 2), 60) > 1000, 'the picture is not just turned')
  const ink = [inked(upright.pixels), inked(pixels)]
  t.ok(Math.abs(ink[0] - ink[1]) < ink[0] / 10, `and shows as much: ${ink}`)
})

t.test('GetFeatureInfo of a turned map finds what lies under the pixel', async t => {
  for (const place of [lambert, mercator]) {
    const asked = { layers: 'blocks', styles: 'blocks', place, width: 240, height: 160, pixel: place.across / 200, more: { ANGLE: '33' } }
    const { pixels } = await readPicture(await draw(asked))
    let [hits, misses] = [0, 0]
    for (let j = 5; j < asked.height; j += 9)
      for (let i = 5; i < asked.width; i += 9) {
        const at = (j * asked.width + i) * 4
        const color = `#${pixels.toString('hex', at, at + 3)}`
        if (color !== '#ffffff' && !colors.includes(color)) continue
        const info = {
          REQUEST: 'GetFeatureInfo',
          QUERY_LAYERS: 'blocks',
          INFO_FORMAT: 'application/json',
          FEATURE_COUNT: '10',
          I: `${i}`,
          J: `${j}`,
          BUFFER: '0',
        }
        const { text } = await server.ask(withParameters(queryOf(asked), info))
        const found = (JSON.parse(text).features as { properties: { couleur: string } }[]).map(({ properties }) => properties.couleur)
        if (color === '#ffffff' ? found.length === 0 : found.includes(color)) hits++
        else misses++
      }
    t.ok(hits > 200, `${place.CRS}: ${hits} places looked at`)
    t.equal(misses, 0)
  }
})

t.test('SVG is turned, too', async t => {
  const asked = { layers: 'blocks', styles: 'blocks', place: lambert, width: 200, height: 200, pixel: 3.5 }
  const png = await readPicture(await draw({ ...asked, more: { ANGLE: '25' } }))
  const svg = await draw({ ...asked, more: { ANGLE: '25', FORMAT: 'image/svg+xml' } })
  const drawn = await sharp(svg).resize(200, 200).flatten({ background: '#ffffff' }).ensureAlpha().raw().toBuffer()
  t.ok(apart(drawn, png.pixels, 60) < 200, `${apart(drawn, png.pixels, 60)} pixels differ`)
})

t.test('UTFGrid is turned, GeoJSON and KML are of all that shows', async t => {
  const asked = { layers: 'blocks', styles: 'blocks', place: lambert, width: 200, height: 100, pixel: 3.5, more: { ANGLE: '25' } }
  const { pixels } = await readPicture(await draw(asked))
  const grid = JSON.parse(
    (
      await draw({ ...asked, more: { ANGLE: '25', FORMAT: 'application/json;type=utfgrid', FORMAT_OPTIONS: 'utfresolution:1' } })
    ).toString(),
  ) as {
    grid: string[]
    keys: string[]
    data: Record<string, { couleur: string }>
  }
  const colorAt = (column: number, row: number) => {
    const code = grid.grid[row].codePointAt(column)!
    const key = grid.keys[code - 32 - (code > 34 ? 1 : 0) - (code > 92 ? 1 : 0)]
    return key ? grid.data[key].couleur : '#ffffff'
  }
  let [same, other] = [0, 0]
  for (let row = 0; row < 100; row++)
    for (let column = 0; column < 200; column++) {
      const at = (row * 200 + column) * 4
      const color = `#${pixels.toString('hex', at, at + 3)}`
      if (color !== '#ffffff' && !colors.includes(color)) continue
      if (color === colorAt(column, row)) same++
      else other++
    }
  t.ok(same > 15_000 && other < same / 100, `${same} cells are what the picture shows, ${other} on borders are not`)
  const shown = new Set(Object.values(grid.data).map(feature => JSON.stringify((feature as unknown as { id: number }).id)))
  t.ok(shown.size > 10)
  const json = JSON.parse((await draw({ ...asked, more: { ANGLE: '25', FORMAT: 'application/json;type=geojson' } })).toString()) as {
    features: { properties: { id: number } }[]
  }
  const told = new Set(json.features.map(({ properties }) => JSON.stringify(properties.id)))
  t.same(
    [...shown].filter(id => !told.has(id)),
    [],
    'no feature of the picture is missing',
  )
  const kml = (await draw({ ...asked, more: { ANGLE: '25', FORMAT: 'application/vnd.google-earth.kml+xml' } })).toString()
  t.notMatch(kml, /LatLonBox(?:(?!LatLonBox).)*ANGLE/s)
})

t.test('ANGLE is read as a number of degrees, and refused where it is none', async t => {
  for (const [ANGLE, angle] of [
    ['45', 45],
    ['-45', 315],
    ['405', 45],
    ['1.5e1', 15],
    ['+30', 30],
    ['', undefined],
    ['0', undefined],
    ['-0', undefined],
    ['720', undefined],
    ['-1e-300', undefined],
  ] as const) {
    const { ask, jobs } = testWms()
    t.equal((await ask(withParameters(getMap130, { ANGLE }))).status, 200)
    t.equal(jobs[0].angle, angle, `ANGLE=${ANGLE}`)
    t.same(jobs[0].bbox, [0, 6000000, 100000, 6100000], 'the box stays as it was asked for')
  }
  for (const ANGLE of ['north', 'NaN', 'Infinity', '1e9', '90,90', '0x10', '4 5', '3601']) {
    const { ask, jobs } = testWms()
    const { status, text } = await ask(withParameters(getMap130, { ANGLE }))
    const exception = childOf(readXml(text), 'ServiceException')!
    t.equal(status, 400, ANGLE)
    t.equal(attributeOf(exception, 'code'), 'InvalidParameterValue')
    t.equal(attributeOf(exception, 'locator'), 'angle')
    t.match(textOf(exception), /ANGLE=45 would work/)
    t.same(jobs, [])
  }
})

t.test('a turned map is no tile', async t => {
  const tile = { TILED: 'true', CRS: 'EPSG:3857', BBOX: '0,0,20037508.342789244,20037508.342789244' }
  const { ask, jobs } = testWms()
  await ask(withParameters(getMap130, tile))
  await ask(withParameters(getMap130, { ...tile, ANGLE: '10' }))
  t.match(jobs[0].tile, { column: 1, row: 0 })
  t.equal(jobs[1].tile, undefined)
})
