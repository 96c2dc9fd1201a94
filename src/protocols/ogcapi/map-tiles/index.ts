import { type FetchedTile, fetchTile } from '#core/fetch-tile.js'
import { toProblem } from '#core/problem.js'
import { problemAnswer } from '#protocols/http/problem-json.js'
import type { NeighbourAnswers, Service, ServiceContext } from '#protocols/http/service.js'
import { knownParameters } from '#protocols/ogcapi/common/known-parameters.js'
import { wayToCollection } from '#protocols/ogcapi/pages/api-page.js'
import { documentPage } from '#protocols/ogcapi/pages/for-people.js'
import { tileMatrixSet, tileMatrixSets } from './tile-matrix-sets.js'
import { tileRequests } from './tile-request.js'
import { tileset, tilesets } from './tileset.js'

/** Seconds that clients and proxies may keep a tile without asking: short, because data are edited (OGC 20-057 leaves it to the server). */
const cacheSeconds = 60

/**
 * Map tiles of one collection by OGC API Tiles (OGC 20-057, 7 and 8; map tilesets of OGC 20-058): the list of tilesets, one tileset with its
 * matrices, and the tiles; and the grids that all have in common.
 */
export function mapTiles({
  stores,
  renderer,
  log,
}: ServiceContext): Record<'tilesets' | 'tileset' | 'tile' | 'tileMatrixSets' | 'tileMatrixSet', Service> {
  const requests = tileRequests()
  const answering =
    (service: Service): Service =>
    async request => {
      try {
        return await service(request)
      } catch (error) {
        const problem = toProblem(error)
        if (problem.kind === 'internal') log.error({ err: error }, 'a tile failed')
        return problemAnswer(problem)
      }
    }
  const readable = (document: Service) => documentPage({ log }, document, { title: words => words.mapTiles, trail: wayToCollection })
  return {
    tilesets: readable(answering(async request => tilesets(request, requests))),
    tileset: readable(answering(async request => tileset(request, requests))),
    tileMatrixSets: readable(answering(async request => tileMatrixSets(request))),
    tileMatrixSet: readable(answering(async request => tileMatrixSet(request))),
    tile: answering(async request => {
      const { view, path, query, headers, deadline, signal, timings } = request
      const parameters = knownParameters(query, ['f', 'transparent', 'quality'])
      const context = { stores, renderer, limits: view.atlas.limits, deadline }
      const image = await fetchTile(requests.tile(view, path, parameters, headers.accept), context, signal)
      Object.assign(timings, image.timings)
      return {
        status: 200,
        mediaType: image.mediaType,
        body: image.bytes,
        cacheSeconds,
        headers: image.isStored ? storedHeaders : drawnHeaders,
        ...(image.version !== undefined && { etag: image.version }),
        ...(image.again && { repeat: image.again }),
        ...(image.neighbour && { neighbours: neighboursOf(image.neighbour) }),
      }
    }),
  }
}

/** Addresses end in row and column. */
const neighboursOf =
  (neighbour: NonNullable<FetchedTile['neighbour']>): NeighbourAnswers =>
  (row, column) => {
    const found = neighbour(column, row)
    return found && { etag: found.version, repeat: found.again }
  }

/** Whether the bytes are those of the file, for people who tune. */
const storedHeaders = { vary: 'Accept', 'x-tile-source': 'stored' }
const drawnHeaders = { vary: 'Accept', 'x-tile-source': 'drawn' }
