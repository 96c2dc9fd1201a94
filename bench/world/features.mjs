// Features as data: boxes with some 20,000 parcels of a real land register; a table of points that is as long as wanted.
import { transformBetween } from '../../dist/geo/transform.js'
import { seeded } from './seeded.mjs'

/** Parcels of a box. */
const wanted = 20_000
const distinct = 24

/** Boxes within an extent of EPSG:2154, in which things lie as everywhere: `bbox` there, `lonLat` between its corners. */
function lonLatBoxes([minX, minY, maxX, maxY], share, salt, count = distinct) {
  const random = seeded(100 + salt)
  const side = Math.sqrt(share)
  const [width, height] = [(maxX - minX) * side, (maxY - minY) * side]
  const { point } = transformBetween('EPSG:2154', 'EPSG:4326')
  return Array.from({ length: count }, () => {
    const [x, y] = [minX + random() * (maxX - minX - width), minY + random() * (maxY - minY - height)]
    const [[west, south], [east, north]] = [point(x, y), point(x + width, y + height)]
    const lonLat = [west, south, east, north].map(value => Math.round(value * 1e7) / 1e7)
    return { lonLat, bbox: [x, y, x + width, y + height].map(Math.round) }
  })
}

const parcels = (name, title, isStored) => ({
  name,
  title,
  kind: 'features',
  needs: ['real'],
  isReal: true,
  make({ real }) {
    const { type, extent, count } = real.real_parcels
    const layer = { name: 'real_parcels', published: 'real_parcels', table: 'real_parcels', type, extent, rule: { symbolizers: [fill] } }
    const requests = lonLatBoxes(extent, wanted / count, 31).map(boxes => ({ ...boxes, isStored, mediaType: 'json' }))
    return { layer, requests }
  },
})

/** Peers that draw as well want to know how. */
const fill = { kind: 'fill', color: '#808080', opacity: 1, outline: { color: '#404040', opacity: 1, width: 1 } }

export const featureWorkloads = [
  parcels('geojson', 'GeoJSON of 20,000 parcels of a real land register, stored in EPSG:2154, in CRS84', false),
  parcels('geojson-stored', 'The same in EPSG:2154, as stored', true),
]

export const exportWorkloads = [
  {
    name: 'exports',
    title: 'Points: pages, and all of them as files',
    kind: 'exports',
    needs: ['points'],
    isAlone: true,
    make: ({ points }) => ({
      requests: lonLatBoxes(points.extent, 2e-5, 32, 320).map(boxes => ({ ...boxes, limit: 10, mediaType: 'json' })),
    }),
  },
]
