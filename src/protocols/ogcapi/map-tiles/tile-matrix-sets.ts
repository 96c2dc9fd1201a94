import { Problem } from '#core/problem.js'
import { tileMatrixSetOf } from '#geo/tile-matrix-sets.js'
import type { ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { ogcRel } from '#protocols/ogcapi/common/documents.js'
import { knownParameters } from '#protocols/ogcapi/common/known-parameters.js'
import { crsUriOf, definition, json, link } from './tileset.js'

/** The grids that tiles of any collection can be asked for in (OGC 20-057, 11, TileMatrixSets list). */
export function tileMatrixSets({ view, query, baseUrl }: ServiceRequest): ServiceAnswer {
  knownParameters(query, ['f'])
  const address = `${baseUrl}/tileMatrixSets`
  return json({
    links: [link(address, 'self', 'application/json')],
    tileMatrixSets: [...view.atlas.grids.values()].map(({ id, title, crs, uri }) => ({
      id,
      title,
      ...(uri && { uri }),
      crs: crsUriOf(crs),
      links: [
        link(`${address}/${encodeURIComponent(id)}`, 'self', 'application/json'),
        link(`${address}/${encodeURIComponent(id)}`, ogcRel('tiling-scheme'), 'application/json'),
      ],
    })),
  })
}

/** One grid with its matrices (OGC 17-083r4, TileMatrixSet). Throws `not-found`. */
export function tileMatrixSet({ view, path, query }: ServiceRequest): ServiceAnswer {
  knownParameters(query, ['f'])
  const { grids } = view.atlas
  const grid = tileMatrixSetOf(grids, path.grid ?? '')
  if (grid) return json(definition(grid))
  const asked = (path.grid ?? '').slice(0, 100)
  throw new Problem('not-found', `There is no tile matrix set «${asked}»; ${[...grids.keys()].join(', ')} would work.`)
}
