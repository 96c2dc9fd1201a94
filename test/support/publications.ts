import type { GeometryColumn, RasterFile } from '#core/atlas.js'
import { defaultLimits } from '#core/atlas.js'
import type { AtlasPlan } from '#core/build-atlas.js'
import type { TableDescription } from '#core/ports.js'
import type { Publication } from '#core/publication.js'

/** A geometry column of points in Lambert-93 around Metz, with an index. */
export const geometryColumn = (changes: Partial<GeometryColumn> = {}): GeometryColumn => ({
  name: 'geom',
  type: 'POINT',
  dimensions: 'xy',
  crs: 'EPSG:2154',
  srid: 2154,
  isIndexed: true,
  isNullable: true,
  extent: [930_000, 6_890_000, 935_000, 6_900_000],
  ...changes,
})

/** A table `public.places` with a key, a name and a geometry. */
export const tableDescription = (changes: Partial<TableDescription> = {}): TableDescription => ({
  schema: 'public',
  table: 'places',
  kind: 'table',
  columns: [
    { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'name', kind: 'text', nativeType: 'text', isNullable: true },
  ],
  geometries: [geometryColumn()],
  key: { kind: 'primary', columns: ['id'] },
  estimatedCount: 5000,
  isReadable: true,
  isWritable: true,
  ...changes,
})

/** A table as something to publish, discovered in the store `main`. */
export const tablePublication = (table: Partial<TableDescription> = {}, changes: Partial<Publication> = {}): Publication => {
  const description = tableDescription(table)
  return {
    source: `main: ${description.schema}.${description.table}`,
    name: description.table,
    settings: {},
    found: { kind: 'table', store: 'main', description },
    findings: [],
    ...changes,
  }
}

/** A GeoTIFF of 1,000 pixels of 0.2 m, with overviews and tiles. */
export const rasterFile = (changes: Partial<RasterFile> = {}): RasterFile => ({
  path: 'ortho.tif',
  crs: 'EPSG:2154',
  width: 1000,
  height: 1000,
  transform: [930_000, 0.2, 0, 6_890_200, 0, -0.2],
  bbox: [930_000, 6_890_000, 930_200, 6_890_200],
  levels: [{ width: 1000, height: 1000, blockWidth: 512, blockHeight: 512 }],
  version: '1',
  ...changes,
})

/** A plan with nothing but `publications`. */
export const atlasPlan = (publications: readonly Publication[], changes: Partial<AtlasPlan> = {}): AtlasPlan => ({
  service: { title: 'Test', languages: ['en'], lenient: false },
  publications,
  spaces: new Map(),
  limits: defaultLimits,
  access: { accounts: new Map(), write: new Map() },
  namespaces: new Map(),
  cures: () => undefined,
  ...changes,
})
