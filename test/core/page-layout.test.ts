import t from 'tap'
import type { Collection } from '#core/atlas.js'
import { type MapDecoration, pageSizes } from '#core/map-decoration.js'
import { layOutPage, type PageShape } from '#core/page-layout.js'
import type { MapQuery, StyledLayer } from '#core/queries.js'
import { roundLength } from '#core/scale-bar.js'
import type { Bbox } from '#geo/bbox.js'
import type { Rule } from '#styles/style.js'
import { qgisAnswers, withoutQgis } from '../render/qgis-answers.js'

const query = (crs: string, bbox: Bbox, width = 600, height = 400, dpi = 96): MapQuery => ({
  layers: [],
  crs,
  bbox,
  width,
  height,
  dpi,
  background: { color: 0xffffff, isTransparent: false },
  mediaType: 'application/pdf',
})
const town: Bbox = [770_000, 6_279_000, 770_400, 6_279_400]
const full: MapDecoration = {
  page: pageSizes.a4,
  title: 'Plan',
  credits: '© nobody',
  hasScaleBar: true,
  hasNorthArrow: true,
  legendTitles: ['Roads'],
}
const spanOf = (shapes: readonly PageShape[]) => {
  const points = shapes.flatMap(shape => shape.points)
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}

t.test('papers have the sizes of ISO 216, whatever the resolution', async t => {
  const sizes = {
    a4: [297, 210],
    'a4-portrait': [210, 297],
    a3: [420, 297],
    'a3-portrait': [297, 420],
    'a4-landscape': [297, 210],
    'a3-landscape': [420, 297],
  }
  t.same(Object.keys(pageSizes).sort(), Object.keys(sizes).sort())
  for (const [name, [width, height]] of Object.entries(sizes))
    for (const dpi of [72, 96, 300]) {
      const { page } = layOutPage(query('EPSG:2154', town, 600, 400, dpi), { page: pageSizes[name] })
      t.ok(Math.abs((page.width / dpi) * 25.4 - width) < 0.2, `${name} at ${dpi}`)
      t.ok(Math.abs((page.height / dpi) * 25.4 - height) < 0.2, `${name} at ${dpi}`)
    }
})

t.test('on a paper the map shows all that was asked for, around the same middle, with square pixels', async t => {
  for (const page of Object.values(pageSizes))
    for (const bbox of [town, [0, 0, 1000, 10], [0, 0, 10, 1000]] as Bbox[]) {
      const { query: drawn, page: laid } = layOutPage(query('EPSG:2154', bbox), { ...full, page })
      const [minX, minY, maxX, maxY] = drawn.bbox
      const hair = 1e-6
      t.ok(minX <= bbox[0] + hair && minY <= bbox[1] + hair && maxX >= bbox[2] - hair && maxY >= bbox[3] - hair)
      t.ok(Math.abs(minX + maxX - bbox[0] - bbox[2]) < hair && Math.abs(minY + maxY - bbox[1] - bbox[3]) < hair)
      t.ok(Math.abs((maxX - minX) / drawn.width / ((maxY - minY) / drawn.height) - 1) < 1e-9)
      t.same([laid.map.width, laid.map.height], [drawn.width, drawn.height])
    }
})

t.test('nothing of a page lies outside of it, and nothing but the arrow on the map', async t => {
  for (const page of Object.values(pageSizes))
    for (const margin of [0, 10, 60, 1e9]) {
      const { page: laid } = layOutPage(query('EPSG:2154', town), { ...full, page, margin })
      const { left, right, top, bottom } = spanOf(laid.shapes)
      t.ok(left >= -1 && top >= -1 && right <= laid.width + 1 && bottom <= laid.height + 1, `${margin}`)
      for (const { text, x, y } of laid.texts) {
        t.ok(x >= 0 && y >= 0 && x <= laid.width && y <= laid.height, text)
        const { map } = laid
        const isOnMap = x > map.x && x < map.x + map.width - 1 && y > map.y && y < map.y + map.height
        t.equal(isOnMap, text === 'N', `${text} with a margin of ${margin}`)
      }
    }
})

t.test('without a paper the map stays as it is', async t => {
  const asked = query('EPSG:2154', town)
  const { query: drawn, page } = layOutPage(asked, { title: 'Plan', hasScaleBar: true })
  t.equal(drawn, asked)
  t.same(page.map, { x: 0, y: 0, width: 600, height: 400 })
  t.same(
    page.texts.map(({ text }) => text),
    ['Plan', '0', '50', '100 m'],
  )
})

t.test('a legend fits beside its map, however long', async t => {
  const rules = (count: number) =>
    Array.from({ length: count }, (_, i): Rule => ({ name: `Class ${i}`, symbolizers: [{ kind: 'fill', color: '#336699', opacity: 1 }] }))
  for (const count of [1, 10, 60, 250]) {
    const style = { name: 'default', title: '', version: '1', style: { passes: [{ rules: rules(count) }] } }
    const layer = { collection: { id: 'a', title: 'A', source: { kind: 'features' } } as Collection, style } as StyledLayer
    for (const page of [pageSizes.a4, pageSizes['a3-portrait'], undefined]) {
      const asked = { ...query('EPSG:2154', town), layers: [layer] }
      const { page: laid } = layOutPage(asked, { ...(page && { page }), legendTitles: ['Classes'] })
      const { map, legend } = laid
      if (!legend) throw new Error('no legend')
      t.ok(legend.items.length > count, `${count}`)
      t.ok(legend.y >= map.y && legend.y + legend.height <= map.y + map.height + 1, `${count}`)
      t.ok(legend.x + legend.width <= laid.width, `${count}`)
      if (page) t.ok(legend.x >= map.x + map.width, `${count}`)
    }
  }
  t.notOk('legend' in layOutPage(query('EPSG:2154', town), { legendTitles: [] }).page, 'nothing to show')
})

t.test('bars have round lengths', async t => {
  for (const [most, length] of [
    [1, 1],
    [1.99, 1],
    [2, 2],
    [4.9, 2],
    [7, 5],
    [99, 50],
    [100, 100],
    [0.034, 0.02],
    [123_456, 100_000],
  ])
    t.ok(Math.abs(roundLength(most) / length - 1) < 1e-12, `${most}`)
})

/** Maps, and where their scale bar is so. */
const maps: readonly (readonly [crs: string, bbox: Bbox])[] = [
  ['EPSG:2154', town],
  ['EPSG:2154', [200_000, 6_700_000, 260_000, 6_740_000]],
  ['EPSG:3857', [680_000, 6_300_000, 690_000, 6_306_000]],
  ['EPSG:3857', [-2_400_000, 9_400_000, -2_340_000, 9_440_000]],
  ['EPSG:4326', [6, 49, 6.3, 49.2]],
  ['EPSG:3035', [5_200_000, 3_500_000, 5_230_000, 3_520_000]],
]

t.test('the scale bar is as long as it says, and north is where QGIS says', { skip: withoutQgis }, async t => {
  const laid = maps.map(([crs, bbox]) => ({ crs, ...layOutPage(query(crs, bbox), { hasScaleBar: true, hasNorthArrow: true }) }))
  const questions = laid.flatMap(({ crs, query: { bbox, width, height }, page }) => {
    const middle = [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2]
    const bar = spanOf(page.shapes.slice(0, 4))
    const half = (((bar.right - bar.left) / width) * (bbox[2] - bbox[0])) / 2
    const [[tipX, tipY], , [notchX, notchY]] = page.shapes[4].points
    const dx = (((tipX - notchX) / width) * (bbox[2] - bbox[0])) / 10
    const dy = (((tipY - notchY) / height) * (bbox[3] - bbox[1])) / 10
    return [
      ['distance', crs, middle[0] - half, middle[1], middle[0] + half, middle[1]],
      ['lonlat', crs, middle[0], middle[1]],
      ['lonlat', crs, middle[0] + dx, middle[1] - dy],
    ]
  })
  const answers = qgisAnswers<number | readonly [number, number]>(questions, 'qgis_places.py')
  for (const [i, { crs, page }] of laid.entries()) {
    const [metres, middle, north] = answers.slice(i * 3) as [number, [number, number], [number, number]]
    const [, value, unit] = /^([\d.]+) (k?m)$/.exec(page.texts[2].text) ?? []
    const said = Number(value) * (unit === 'km' ? 1000 : 1)
    t.ok(Math.abs(metres / said - 1) < 0.002, `${crs}: ${said} m said, ${metres} m there`)
    t.ok(north[1] > middle[1], `${crs}: the arrow points up`)
    const aside = Math.abs(north[0] - middle[0]) * Math.cos((middle[1] * Math.PI) / 180)
    t.ok(aside / (north[1] - middle[1]) < 0.01, `${crs}: off north by ${aside / (north[1] - middle[1])}`)
  }
})

t.test('where a map has no place on earth it has neither bar nor arrow', async t => {
  const { page } = layOutPage(query('EPSG:4326', [0, 1000, 10, 1010]), { hasScaleBar: true, hasNorthArrow: true })
  t.same([page.shapes, page.texts], [[], []])
})

t.test('on a map that is turned, the arrow is turned as far, and the bar stays as long', t => {
  const decoration = { hasScaleBar: true, hasNorthArrow: true }
  // on the meridian of Lambert-93, where north is up
  const upright = query('EPSG:2154', [699_400, 6_599_600, 700_600, 6_600_400])
  const before = layOutPage(upright, decoration)
  const lengthOf = (shapes: readonly PageShape[]) => spanOf(shapes).right - spanOf(shapes).left
  for (const angle of [90, 200]) {
    const { page } = layOutPage({ ...upright, angle }, decoration)
    const [[tipX, tipY], , [notchX, notchY]] = page.shapes[4].points
    const clockwise = (Math.atan2(tipX - notchX, notchY - tipY) * 180) / Math.PI
    t.ok(Math.abs(((clockwise - angle + 540) % 360) - 180) < 0.01, `${angle} degrees: ${clockwise}`)
    t.ok(Math.abs(lengthOf(page.shapes.slice(0, 4)) / lengthOf(before.page.shapes.slice(0, 4)) - 1) < 0.001)
  }
  t.end()
})
