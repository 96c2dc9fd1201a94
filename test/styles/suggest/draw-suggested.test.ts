import sharp from 'sharp'
import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { ColumnKind } from '#rows/batch.js'
import { statisticsOf } from '#rows/column-statistics.js'
import { suggestStyle } from '#styles/suggest/suggest-style.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { polygon } from '../../support/drawing.js'
import { type MemoryTable, memorySource, memoryStore } from '../../support/memory-store.js'
import { listed } from './columns.js'

/** The colours of squares of 10 pixels side by side, one for each value, drawn as suggested at 1:200,000: opaque, and without outlines. */
async function drawn(name: string, kind: ColumnKind, values: readonly (string | number | boolean | null)[], isQuantity = false) {
  const ring = (i: number) => [
    [10 * i, 0],
    [10 * i + 10, 0],
    [10 * i + 10, 10],
    [10 * i, 10],
    [10 * i, 0],
  ]
  const column = { name, kind, nativeType: kind, isNullable: true }
  const table: MemoryTable = {
    schema: 'public',
    table: 'squares',
    columns: [column],
    geometries: [{ name: 'geom', type: 'POLYGON', dimensions: 'xy', crs: 'EPSG:2154', srid: 2154, isIndexed: true, isNullable: true }],
    rows: values.map((value, i) => [value, polygon(ring(i))]),
  }
  const all = Array.from({ length: isQuantity ? 1 : 20 }, () => values).flat()
  const { style } = suggestStyle('squares', 'POLYGON', [statisticsOf(column, all, true)])
  const solid = JSON.parse(
    JSON.stringify(style)
      .replaceAll(/"opacity":0\.[68]/g, '"opacity":1')
      .replaceAll('"opacity":0.75', '"opacity":1'),
  ) as typeof style
  const store = memoryStore('memory', [table])
  const renderer = inlineRenderer({
    features: () => store,
    raster: () => {
      throw new Error('no rasters here')
    },
  })
  const width = 10 * values.length
  const { bytes } = await renderer.draw({
    width,
    height: 10,
    crs: 'EPSG:2154',
    bbox: [0, 0, width, 10],
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/png',
    scaleDenominator: 200_000,
    pixelRatio: 1,
    layers: [{ kind: 'features', source: memorySource('memory', table), geometry: table.geometries[0], style: solid }],
    maxFeatures: 1000,
    deadline: steadyNow() + 900_000,
  })
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const colors = values.map(
    (_, i) => `#${data.subarray((5 * info.width + 10 * i + 5) * 3, (5 * info.width + 10 * i + 5) * 3 + 3).toString('hex')}`,
  )
  const legend = new Map(
    style.passes[0].rules.map(({ title, symbolizers: [fill] }) => [fill.kind === 'fill' ? String(fill.color) : '', title]),
  )
  return { titles: colors.map(color => legend.get(color)), listed: listed(style).length }
}

t.test('each feature is drawn in the colour that the legend gives its class', async t => {
  const texts = ['Bois', `L'eau "vive" %_\\`, 'Pré', null, 'Bois']
  t.same((await drawn('nature', 'text', texts)).titles, ['Bois', `L'eau "vive" %_\\`, 'Pré', 'Autre', 'Bois'])
  t.same((await drawn('etat', 'boolean', [true, false, null])).titles, ['Oui', 'Non', 'Autre'])
  t.same((await drawn('niveau', 'integer', [3, 1, 2, null])).titles, ['3', '1', '2', 'Autre'])
  t.same((await drawn('code_18', 'integer', [111, 312, 523])).titles, [
    '111 Tissu urbain continu',
    '312 Forêts de conifères',
    '523 Mers et océans',
  ])
  t.same((await drawn('cs21', 'text', ['CS4.1.2', 'CS1.1.1', 'CS1.1.2'])).titles, [
    'CS4.1 Feuillus',
    'CS1.1 Surfaces imperméables',
    'CS1.1 Surfaces imperméables',
  ])
})

t.test('quantities are drawn in the class that holds them, bounds included', async t => {
  const values = [...Array.from({ length: 40 }, (_, i) => i * 10), null]
  const { titles, listed } = await drawn('population', 'integer', values, true)
  t.equal(listed, 6)
  for (const [i, title = ''] of titles.entries()) {
    const value = values[i]
    if (value === null) t.equal(title, 'Non renseigné')
    else {
      const [a, b] = title.match(/\d+/g)!.map(Number)
      t.ok(title.startsWith('moins') ? value < a : title.endsWith('plus') ? value >= a : value >= a && value < b, `${value}: ${title}`)
    }
  }
  const counts = [...new Set(titles)].map(title => titles.filter(one => one === title).length)
  t.ok(
    counts.slice(0, 5).every(count => count >= 6 && count <= 10),
    `${counts}`,
  )
})
