import type { FeatureGeometry } from '#core/feature-table.js'
import type { Bbox } from '#geo/bbox.js'
import { crsProjjson } from '#geo/crs-projjson.js'
import { type GeometryKind, kindOfCode } from '#geo/geometry.js'

/** What of the geometries is known when all were written. */
export interface SeenGeometries {
  /** ISO WKB codes, with 1000 for Z. */
  readonly codes: ReadonlySet<number>
  readonly box: Bbox | undefined
}

/** The metadata `geo` (GeoParquet 1.1.0): coordinates are x,y whatever the axes of the CRS; none is named for CRS84, which is what is meant then. */
export function geoMetadata({ name, crs, dimensions }: FeatureGeometry, covering: string, { codes, box }: SeenGeometries): string {
  const side = (ordinate: string) => [covering, ordinate]
  return JSON.stringify({
    version: '1.1.0',
    primary_column: name,
    columns: {
      [name]: {
        encoding: 'WKB',
        geometry_types: [...codes].map(typeName).sort(),
        ...(crs !== 'OGC:CRS84' && { crs: (crs && crsProjjson(crs)) ?? null }),
        // of heights the range would belong here, too
        ...(box && !dimensions.includes('z') && { bbox: box }),
        covering: { bbox: { xmin: side('xmin'), ymin: side('ymin'), xmax: side('xmax'), ymax: side('ymax') } },
      },
    },
  })
}

function typeName(code: number): string {
  const kind: GeometryKind | undefined = kindOfCode.get(code % 1000)
  return `${kind}${code >= 1000 ? ' Z' : ''}`
}
