// What clusters, bins and heat maps of 500,000 points cost beside drawing each point: milliseconds of one thread, without the query, for a map of 1024 x 1024
// pixels, and as a ratio to a mark for each point in the same run. Run `node scripts/build.mjs && node bench/clouds.mjs [CRS of the points]`.
import { steadyNow } from '../dist/core/clock.js'
import { writeEwkb } from '../dist/geo/ewkb.js'
import { transformBetween } from '../dist/geo/transform.js'
import { RowBuilder } from '../dist/rows/row-builder.js'
import { inlineRenderer } from '../dist/workers/inline-renderer.js'

const [count, side, rounds] = [500_000, 1024, 3]
const crs = process.argv[2] ?? 'EPSG:3857'
const corner = [431_000, 5_405_000]
let state = 2154
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}

const schema = {
  columns: [
    { name: 'geom', kind: 'geometry', oid: 0 },
    { name: 'weight', kind: 'double', oid: 701 },
  ],
}
const { point } = transformBetween('EPSG:3857', crs)
const batches = []
const builder = new RowBuilder(schema)
for (let i = 0; i < count; i++) {
  const place = point(corner[0] + random() * 100_000, corner[1] + random() * 100_000)
  builder.row([writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.from(place) }), random()])
  if (builder.count === 5000) batches.push(builder.take())
}
async function* rows() {
  for (const batch of batches) yield await batch
}
const renderer = inlineRenderer({ features: () => ({ find: async () => ({ schema, batches: rows() }) }) })

const mark = { kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'circle', color: '#b2182b' }], size: 8 } }
const fill = { kind: 'fill', color: '#eb4a40', opacity: 1 }
const raster = { kind: 'raster', opacity: 1 }
const weight = { kind: 'property', name: 'weight' }
const cases = {
  'a mark for each point': [mark],
  'clusters of 40 pixels': [mark, { kind: 'cluster', distance: 40 }],
  'clusters of 4 pixels': [mark, { kind: 'cluster', distance: 4 }],
  'clusters of 1 pixel': [mark, { kind: 'cluster', distance: 1 }],
  'hexagons of 20 pixels': [fill, { kind: 'bins', shape: 'hexagon', size: 20 }],
  'hexagons of 20 pixels, weighted': [fill, { kind: 'bins', shape: 'hexagon', size: 20, weight }],
  'hexagons of 4 pixels': [fill, { kind: 'bins', shape: 'hexagon', size: 4 }],
  'heat map of radius 30': [raster, { kind: 'heatmap', radius: 30, intensity: 0.01 }],
  'heat map of radius 30, weighted': [raster, { kind: 'heatmap', radius: 30, intensity: 0.01, weight }],
  'heat map of radius 250': [raster, { kind: 'heatmap', radius: 250, intensity: 0.0002 }],
}

async function time([symbolizer, transformation]) {
  const style = { passes: [{ rules: [{ name: '', symbolizers: [symbolizer] }], ...(transformation && { transformation }) }] }
  const job = {
    width: side,
    height: side,
    crs: 'EPSG:3857',
    bbox: [corner[0], corner[1], corner[0] + 100_000, corner[1] + 100_000],
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/png',
    scaleDenominator: 100_000 / side / 0.00028,
    pixelRatio: 1,
    layers: [
      {
        kind: 'features',
        source: { store: 'memory', schema: 'public', table: 'points' },
        geometry: { name: 'geom', type: 'POINT', crs },
        style,
      },
    ],
    maxFeatures: 1e9,
  }
  const times = []
  for (let i = 0; i < rounds; i++) times.push((await renderer.draw({ ...job, deadline: steadyNow() + 600_000 })).timings.draw)
  return Math.min(...times)
}

let plain
for (const [name, one] of Object.entries(cases)) {
  const milliseconds = await time(one)
  plain ??= milliseconds
  const memory = Math.round(process.memoryUsage.rss() / 1e6)
  console.log(
    `${name.padEnd(34)} ${milliseconds.toFixed(0).padStart(6)} ms  ${(milliseconds / plain).toFixed(2).padStart(6)}  ${memory} MB`,
  )
}
