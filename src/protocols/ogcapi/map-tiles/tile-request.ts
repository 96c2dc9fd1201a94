import type { AtlasView, Collection, Limits, NamedStyle } from '#core/atlas.js'
import { findCollection } from '#core/atlas-view.js'
import { nativeGrid, nativeGridName } from '#core/native-grid.js'
import { Problem } from '#core/problem.js'
import type { TileQuery } from '#core/queries.js'
import { type TileMatrix, type TileMatrixSet, tileMatrixOf } from '#geo/tile-matrix-set.js'
import { tileMatrixSetOf } from '#geo/tile-matrix-sets.js'

/** Short names of `f` (contract, section 4) and the media types they stand for. */
const formats: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
}

/** Finds what a tile's address speaks of. One a server: it keeps the grids of files. */
export function tileRequests() {
  const natives = new WeakMap<Collection, TileMatrixSet | undefined>()

  const gridOf = ({ atlas: { grids } }: AtlasView, collection: Collection, id: string): TileMatrixSet => {
    if (!natives.has(collection)) natives.set(collection, nativeGrid(collection))
    const native = natives.get(collection)
    const grid = native && (id === nativeGridName || id === native.id) ? native : tileMatrixSetOf(grids, id)
    if (grid) return grid
    const known = [...(native ? [nativeGridName] : []), ...grids.keys()]
    throw new Problem('not-found', `There is no tile matrix set «${id.slice(0, 100)}»; ${known.join(', ')} would work.`)
  }

  return {
    /** Throws `unknown-collection`, `not-found`, `invalid-parameter`. */
    tile(view: AtlasView, path: Readonly<Record<string, string>>, query: URLSearchParams, accept: string | undefined): TileQuery {
      const collection = requireMap(view, path.collection ?? '')
      const grid = gridOf(view, collection, path.grid ?? '')
      const matrix = requireMatrix(grid, path.matrix ?? '')
      const quality = qualityOf(query.get('quality'), view.atlas.limits)
      const isTransparent = query.get('transparent') !== 'false'
      return {
        collection,
        style: styleOf(collection),
        grid,
        matrix,
        row: indexOf('row', path.row ?? ''),
        column: indexOf('column', path.column ?? ''),
        mediaTypes: mediaTypesOf(query.get('f'), accept),
        ...(quality !== undefined && { quality }),
        background: { color: 0xffffff, isTransparent },
      }
    },
    /** The grids a collection can be asked for in, its own first. */
    grids({ atlas }: AtlasView, collection: Collection): readonly TileMatrixSet[] {
      const native = nativeGrid(collection)
      return [...(native ? [native] : []), ...atlas.grids.values()]
    },
    grid: (view: AtlasView, collection: string, grid: string) => {
      const found = requireMap(view, collection)
      return { collection: found, grid: gridOf(view, found, grid) }
    },
  }
}

export function requireMap(view: AtlasView, id: string): Collection {
  const collection = findCollection(view, id)
  if (collection && collection.crs.length > 0) return collection
  throw new Problem('unknown-collection', `There is no collection «${id.slice(0, 200)}» with a map here.`)
}

function requireMatrix(grid: TileMatrixSet, id: string): TileMatrix {
  const matrix = tileMatrixOf(grid, id)
  if (matrix) return matrix
  const { matrices } = grid
  throw new Problem(
    'not-found',
    `${grid.id} has no matrix «${id.slice(0, 40)}»; ${matrices[0].id} to ${matrices[matrices.length - 1].id} would work.`,
  )
}

function indexOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Problem('invalid-parameter', `The ${name} «${text.slice(0, 40)}» of the tile is not a whole number.`, { locator: name })
}

function qualityOf(text: string | null, { qualityMin, qualityMax }: Limits): number | undefined {
  if (text === null) return undefined
  const quality = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (quality >= qualityMin && quality <= qualityMax) return quality
  throw new Problem('invalid-parameter', `quality=${text.slice(0, 40)} is not a whole number from ${qualityMin} to ${qualityMax}.`, {
    locator: 'quality',
  })
}

const styleOf = ({ styles }: Collection): NamedStyle => styles[0]

/** `f` wins over Accept; who takes anything leaves the choice to the server. */
function mediaTypesOf(f: string | null, accept: string | undefined): readonly string[] {
  if (f !== null) {
    const name = f.toLowerCase()
    if (Object.hasOwn(formats, name)) return [formats[name]]
    const known = Object.values(formats).find(type => type === name)
    if (known) return [known]
    throw new Problem('invalid-parameter', `f=${f.slice(0, 40)} is not a format of tiles; ${Object.keys(formats).join(', ')} would work.`, {
      locator: 'f',
    })
  }
  if (accept === undefined || /(\*|image)\/\*/.test(accept)) return []
  return accept.split(',').map(part => part.split(';')[0].trim().toLowerCase())
}
