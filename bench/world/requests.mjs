// Hundreds of distinct seeded requests for each workload.
import { transformBetween } from '../../dist/geo/transform.js'
import { pixel } from './ortho.mjs'
import { seeded } from './seeded.mjs'
import { origin, sideOf } from './vectors.mjs'

const distinct = 320
/** Pixels of a map, both ways. */
export const tile = 256
const round = n => Math.round(n * 1000) / 1000

const png = (bbox, side = tile) => ({ crs: 'EPSG:2154', bbox: bbox.map(round), width: side, height: side, mediaType: 'image/png' })

/** Boxes of so many metres anywhere in the seeded tables, as maps of `side` pixels. */
export function boxes({ features }, metres, salt, { side = tile, count = distinct } = {}) {
  const random = seeded(100 + salt)
  const room = Math.max(0, sideOf(features) - metres)
  return Array.from({ length: count }, () => {
    const [x, y] = [origin[0] + random() * room, origin[1] + random() * room]
    return png([x, y, x + metres, y + metres], side)
  })
}

/** Boxes of so many metres around given places. */
export const around = (middles, metres) => middles.map(([x, y]) => png([x - metres / 2, y - metres / 2, x + metres / 2, y + metres / 2]))

/** Level 17 of web mercator: 0.82 m on the ground there, between the file's 0.5 m and its first overview. */
const metresPerPixel = 40075016.68557849 / 256 / 2 ** 17

/** Web mercator boxes anywhere in a raster. */
export function mercatorBoxes({ box }, salt, { count = distinct, perPixel = metresPerPixel } = {}) {
  const random = seeded(100 + salt)
  const reach = tile * perPixel
  return Array.from({ length: count }, () =>
    mercatorBox(
      [box[0] + reach + random() * (box[2] - box[0] - 2 * reach), box[1] + reach + random() * (box[3] - box[1] - 2 * reach)],
      perPixel,
    ),
  )
}

/** Pixels across of an area whose blocks, decoded, fit into the cache of any server: 70 MB of 256. */
const keptPixels = 4608

/** The middle of a raster, so small that decoded blocks stay decoded. */
export function middleOf({ box }) {
  const half = (keptPixels * pixel) / 2
  const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
  return { box: [Math.max(box[0], x - half), Math.max(box[1], y - half), Math.min(box[2], x + half), Math.min(box[3], y + half)] }
}

/** Web mercator boxes so far apart that no two of them need the same block, in an order without pattern. */
export function apart({ box }) {
  const random = seeded(107)
  const step = 1024 * pixel
  const places = []
  for (let x = box[0] + step / 2; x < box[2]; x += step)
    for (let y = box[1] + step / 2; y < box[3]; y += step) places.push([random(), mercatorBox([x, y], metresPerPixel)])
  return places
    .sort(([a], [b]) => a - b)
    .slice(0, distinct)
    .map(([, request]) => request)
}

function mercatorBox([x, y], perPixel) {
  const [mx, my] = transformBetween('EPSG:2154', 'EPSG:3857').point(x, y)
  const half = (tile / 2) * perPixel
  return {
    crs: 'EPSG:3857',
    bbox: [mx - half, my - half, mx + half, my + half].map(round),
    width: tile,
    height: tile,
    mediaType: 'image/jpeg',
  }
}

/** Tiles that are stored blocks of the full resolution, in an order without pattern: `tile` names each in WebMercatorQuad (256 px) or in the grid of the file. */
export function aligned({ box, level, corner, across, blockSize }) {
  const random = seeded(108)
  const metres = (box[2] - box[0]) / across
  const places = []
  for (let row = 0; row < across; row++)
    for (let column = 0; column < across; column++) {
      const bbox = [box[0] + column * metres, box[3] - (row + 1) * metres, box[0] + (column + 1) * metres, box[3] - row * metres]
      const own = { matrix: Math.ceil(Math.log2(across)), row, column }
      const named = { z: level, x: corner[0] + column, y: corner[1] + row, ...own }
      places.push([random(), { crs: 'EPSG:3857', bbox, width: blockSize, height: blockSize, mediaType: 'image/jpeg', tile: named }])
    }
  return places.sort(([a], [b]) => a - b).map(([, request]) => request)
}
