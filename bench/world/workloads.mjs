// What is asked: workloads as data, each of hundreds of distinct seeded requests. A request is `{ layer, crs, bbox, width, height, mediaType }`,
// x,y in its CRS; every peer writes it in its own address.

import { transformBetween } from '../../dist/geo/transform.js'
import { defaultStyle } from '../../dist/styles/default-style.js'
import { pixel } from './ortho.mjs'
import { seeded } from './seeded.mjs'
import { origin, sideOf } from './vectors.mjs'

const distinct = 320

/** Names of all workloads, for those who ask for one; `capabilities` stands for all of its sizes. */
export const workloadNames = [
  'png-dense',
  'png-light',
  'png-same',
  'png-lines',
  'png-points',
  'ortho-warm',
  'ortho-cold',
  'capabilities',
  'start',
  'import',
]

const tile = 256

/**
 * Every workload of a run: `kind` is `map` (a running server is asked for pictures), `cold` (restarted before each round, every request needs
 * blocks nobody has decoded), `start`, `capabilities` or `import`.
 */
export function workloads(world) {
  const vector = (name, title, table, type, metres, salt) => ({
    name,
    title,
    kind: 'map',
    layer: { name: name.replace(/-/g, '_'), published: table, table, type, rule: ruleAt(table, type, metres / tile / 0.00028) },
    requests: boxes(world, metres, salt).map(bbox => ({ crs: 'EPSG:2154', bbox, width: tile, height: tile, mediaType: 'image/png' })),
  })
  const ortho = { name: 'ortho', published: 'ortho', type: 'raster' }
  const again = vector('png-same', 'PNG light, one address again and again', 'parcels', 'MULTIPOLYGON', 310, 5)
  return [
    vector('png-dense', 'PNG dense: some 3,500 parcels', 'parcels', 'MULTIPOLYGON', 2600, 1),
    vector('png-light', 'PNG light: some 80 parcels', 'parcels', 'MULTIPOLYGON', 310, 2),
    { ...again, requests: again.requests.slice(0, 1) },
    vector('png-lines', 'PNG: some 1,300 streets', 'streets', 'LINESTRING', 1300, 3),
    vector('png-points', 'PNG: some 900 places', 'places', 'POINT', 1300, 4),
    {
      name: 'ortho-warm',
      title: 'JPEG of the ortho, 2154 to 3857, blocks decoded before',
      kind: 'map',
      layer: ortho,
      requests: orthoBoxes(world.ortho, 6).map(orthoRequest),
    },
    {
      name: 'ortho-cold',
      title: 'JPEG of the ortho, 2154 to 3857, server restarted',
      kind: 'cold',
      layer: ortho,
      requests: orthoApart(world.ortho).map(orthoRequest),
    },
    ...world.layerCounts.map(count => ({
      name: `capabilities-${count}`,
      title: `WMS capabilities of ${count.toLocaleString('en')} layers`,
      kind: 'capabilities',
      count,
    })),
    { name: 'start', title: 'Start until the first map', kind: 'start' },
    { name: 'import', title: `Import of ${world.importRows.toLocaleString('en')} points into PostGIS`, kind: 'import' },
  ]
}

/** The one rule of Arpent's default style in force at a scale: what the peers are told to draw. */
function ruleAt(name, type, denominator) {
  return defaultStyle(name, type).rules.find(
    ({ minScaleDenominator: least = 0, maxScaleDenominator: most = Infinity }) => denominator >= least && denominator < most,
  )
}

function boxes({ features }, metres, salt) {
  const random = seeded(100 + salt)
  const room = sideOf(features) - metres
  return Array.from({ length: distinct }, () => {
    const [x, y] = [origin[0] + random() * room, origin[1] + random() * room]
    return [x, y, x + metres, y + metres].map(round)
  })
}

/** Level 17 of web mercator: 0.82 m on the ground there, between the file's 0.5 m and its first overview. */
const metresPerPixel = 40075016.68557849 / 256 / 2 ** 17

function orthoBoxes({ box }, salt) {
  const random = seeded(100 + salt)
  const reach = tile * metresPerPixel
  return Array.from({ length: distinct }, () => {
    const middle = [box[0] + reach + random() * (box[2] - box[0] - 2 * reach), box[1] + reach + random() * (box[3] - box[1] - 2 * reach)]
    return mercatorBox(middle)
  })
}

/** Boxes so far apart that no two of them need the same block, in an order without pattern. */
function orthoApart({ box }) {
  const random = seeded(107)
  const step = 1024 * pixel
  const places = []
  for (let x = box[0] + step / 2; x < box[2]; x += step)
    for (let y = box[1] + step / 2; y < box[3]; y += step) places.push([random(), mercatorBox([x, y])])
  return places.sort(([a], [b]) => a - b).map(([, bbox]) => bbox)
}

function mercatorBox([x, y]) {
  const [mx, my] = transformBetween('EPSG:2154', 'EPSG:3857').point(x, y)
  const half = (tile / 2) * metresPerPixel
  return [mx - half, my - half, mx + half, my + half].map(round)
}

const orthoRequest = bbox => ({ crs: 'EPSG:3857', bbox, width: tile, height: tile, mediaType: 'image/jpeg' })
const round = n => Math.round(n * 1000) / 1000

/** The address of a WMS 1.3.0 GetMap; both CRS in use are x,y there. */
export function getMap(prefix, layer, { crs, bbox, width, height, mediaType }) {
  return `${prefix}SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=${layer}&STYLES=&CRS=${crs}&BBOX=${bbox.join(',')}&WIDTH=${width}&HEIGHT=${height}&FORMAT=${mediaType}&TRANSPARENT=FALSE`
}

export const getCapabilities = prefix => `${prefix}SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities`
