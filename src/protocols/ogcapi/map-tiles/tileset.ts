import type { Collection } from '#core/atlas.js'
import { textIn } from '#core/text.js'
import { requireCrs } from '#geo/crs.js'
import { writeCrsName } from '#geo/crs-name.js'
import { type TileMatrixSet, tileLimits } from '#geo/tile-matrix-set.js'
import { transformBbox } from '#geo/transform.js'
import type { ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { knownParameters } from '#protocols/ogcapi/common/known-parameters.js'
import { requireMap, type tileRequests } from './tile-request.js'

type Requests = ReturnType<typeof tileRequests>

/** The tilesets of a collection (OGC 20-057, 9): one a grid, the collection's own first. */
export function tilesets({ view, path, query, baseUrl, languages }: ServiceRequest, requests: Requests): ServiceAnswer {
  knownParameters(query, ['f'])
  const collection = requireMap(view, path.collection ?? '')
  return json({
    links: [link(addressOf(baseUrl, collection), 'self', 'application/json')],
    tilesets: requests.grids(view, collection).map(grid => summary(collection, grid, baseUrl, languages)),
  })
}

/** One tileset with its matrices and the tiles that hold something (OGC 17-083r4, TileSet metadata). */
export function tileset({ view, path, query, baseUrl, languages }: ServiceRequest, requests: Requests): ServiceAnswer {
  knownParameters(query, ['f'])
  const { collection, grid } = requests.grid(view, path.collection ?? '', path.grid ?? '')
  const box = collection.extent && transformBbox(collection.extent.storage, collection.storageCrs ?? '', grid.crs)
  const limits = grid.matrices.flatMap(matrix => {
    const { minColumn: minTileCol, maxColumn: maxTileCol, minRow: minTileRow, maxRow: maxTileRow } = (box && tileLimits(matrix, box)) ?? {}
    return minTileCol === undefined ? [] : [{ tileMatrix: matrix.id, minTileRow, maxTileRow, minTileCol, maxTileCol }]
  })
  return json({
    ...summary(collection, grid, baseUrl, languages),
    tileMatrixSetDefinition: definition(grid),
    ...(limits.length > 0 && { tileMatrixSetLimits: limits }),
  })
}

function summary(collection: Collection, grid: TileMatrixSet, baseUrl: string, languages: readonly string[]) {
  const self = `${addressOf(baseUrl, collection)}/${encodeURIComponent(grid.id)}`
  return {
    title: `${textIn(collection.title, languages)} — ${grid.title}`,
    dataType: 'map',
    crs: crsUriOf(grid.crs),
    tileMatrixSetId: grid.id,
    ...(grid.uri && { tileMatrixSetURI: grid.uri }),
    links: [
      link(self, 'self', 'application/json'),
      ...['image/png', 'image/jpeg', 'image/webp', 'image/avif'].map(type => ({
        ...link(`${self}/{tileMatrix}/{tileRow}/{tileCol}?f=${type.slice(6)}`, 'item', type),
        templated: true,
      })),
    ],
  }
}

/** Corners are written in the axis order of the authority (OGC 17-083r4, 6.2.1.2). */
export function definition({ id, title, crs, uri, wellKnownScaleSet, matrices }: TileMatrixSet) {
  const flip = requireCrs(crs).axes === 'yx'
  return {
    id,
    title,
    crs: crsUriOf(crs),
    ...(uri && { uri }),
    ...(wellKnownScaleSet && { wellKnownScaleSet }),
    tileMatrices: matrices.map(({ id, scaleDenominator, cellSize, origin: [x, y], tileSize, columns, rows }) => ({
      id,
      scaleDenominator,
      cellSize,
      cornerOfOrigin: 'topLeft',
      pointOfOrigin: flip ? [y, x] : [x, y],
      tileWidth: tileSize,
      tileHeight: tileSize,
      matrixWidth: columns,
      matrixHeight: rows,
    })),
  }
}

const addressOf = (baseUrl: string, { id }: Collection) => `${baseUrl}/collections/${encodeURIComponent(id)}/map/tiles`
export const crsUriOf = (crs: string) => writeCrsName(requireCrs(crs), 'url')
export const link = (href: string, rel: string, type: string) => ({ href, rel, type })
export const json = (body: object): ServiceAnswer => ({ status: 200, mediaType: 'application/json', body: JSON.stringify(body) })
