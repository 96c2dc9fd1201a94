import type { FeatureTable } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import type { CollectionFormat, WriteOptions } from '../collection-format.js'
import { holdFeatures, holdingObstacle, mostHeldFeatures } from './hold-features.js'
import { encodeMvt } from './mvt-tile.js'

/**
 * One Mapbox Vector Tile (version 2.1) of the features: that of `tile=z/x/y` in the grid of the web (WebMercatorQuad), else the one of the world. Made as
 * a whole, so for a bounded number of features; positions are those of a grid of 4096 steps, lines simplified to less than one. A layer named after the
 * collection; nulls are absent.
 */
export const mvt: CollectionFormat = {
  names: ['mvt', 'pbf'],
  title: 'Vector tile (MVT)',
  mediaTypes: ['application/vnd.mapbox-vector-tile', 'application/x-protobuf'],
  extension: 'mvt',
  isText: false,
  isStreamed: false,
  crs: 'EPSG:4326',
  parameters: ['tile'],
  mostFeatures: mostHeldFeatures,
  obstacle({ geometry, count }, options) {
    tileOf(options)
    return geometry ? holdingObstacle(count) : 'it is a tile of a map and these features have no geometry; CSV (f=csv) would work'
  },
  write: writeMvt,
}

/** Steps across a tile, and how many of them are drawn beyond its edges so that outlines do not show there. */
const [extent, buffer] = [4096, 64]
/** The finest that the cutter knows: it simplifies nothing there, and coarser levels by what is too small to see. */
const maxZoom = 24

async function* writeMvt(table: FeatureTable, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const { z, x, y } = tileOf(options)
  const held = await holdFeatures(table, 'A vector tile')
  // properties are put back by position: the cutter keeps what it is given
  const features = held.map(({ geometry }, i) => ({ type: 'Feature' as const, id: i, geometry: geometry as never, properties: null }))
  const { default: GeoJSONVT } = await import('geojson-vt')
  const index = new GeoJSONVT(
    { type: 'FeatureCollection', features: features.filter(({ geometry }) => geometry !== null) },
    { maxZoom, indexMaxZoom: 0, extent, buffer },
  )
  const cut = index.getTile(z, x, y)?.features ?? []
  yield encodeMvt(
    table.id,
    extent,
    cut.map(({ id, type, geometry }) => ({
      type,
      paths: type === 1 ? [geometry] : geometry,
      ...held[Number(id)],
      id: table.hasNumericIds ? held[Number(id)].id : null,
    })),
  )
}

/** Throws `invalid-parameter`. */
function tileOf({ parameters }: WriteOptions): { readonly z: number; readonly x: number; readonly y: number } {
  const text = parameters.get('tile') || '0/0/0'
  const match = /^(\d{1,2})\/(\d{1,8})\/(\d{1,8})$/.exec(text)
  const [z, x, y] = match ? match.slice(1).map(Number) : []
  if (match && z <= 22 && x < 2 ** z && y < 2 ** z) return { z, x, y }
  throw new Problem(
    'invalid-parameter',
    `tile=${text.slice(0, 40)} is no tile; z/x/y would work, as in 12/2117/1409, z from 0 to 22, x and y from 0 to 2^z - 1.`,
    { locator: 'tile' },
  )
}
