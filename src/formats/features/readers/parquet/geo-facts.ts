import type { FileMetaData } from 'hyparquet'
import { printable } from '../column-names.js'

/** What GeoParquet 1.1 (its metadata `geo`) says of a file. */
export interface GeoFacts {
  /** The column with the geometries. */
  readonly primary?: string
  /** `EPSG:2154` */
  readonly crs?: string
  /** Columns that only help finding rows: boxes of the geometries. */
  readonly coverings: readonly string[]
  /** Further geometries. */
  readonly others: readonly string[]
  readonly notes: readonly string[]
}

interface GeoColumn {
  readonly encoding?: unknown
  readonly crs?: { readonly id?: { readonly authority?: unknown; readonly code?: unknown }; readonly name?: unknown } | null
  readonly covering?: { readonly bbox?: { readonly xmin?: readonly unknown[] } }
}

/** Throws an Error for metadata that are none. */
export function geoFacts({ key_value_metadata = [] }: FileMetaData): GeoFacts {
  const text = key_value_metadata.find(({ key }) => key === 'geo')?.value
  if (!text) return { coverings: [], others: [], notes: [] }
  const geo = JSON.parse(text) as { readonly primary_column?: unknown; readonly columns?: Readonly<Record<string, GeoColumn>> }
  const columns = Object.entries(geo.columns ?? {})
  const primary = columns.find(([name]) => name === geo.primary_column) ?? columns[0]
  if (!primary) return { coverings: [], others: [], notes: [] }
  const [name, { encoding, crs }] = primary
  if (encoding !== 'WKB') throw new Error(`its geometries are encoded as ${printable(String(encoding))}; WKB would work`)
  const others = columns.map(([other]) => other).filter(other => other !== name)
  const code = crsOf(crs)
  const notes = others.map(other => `The further geometry ${printable(other)} is left out: a layer has one.`)
  if (crs && !code) notes.push(`The coordinate reference system “${printable(String(crs.name ?? 'unnamed'))}” is not known by a code.`)
  const coverings = columns.flatMap(([, { covering }]) => {
    const column = covering?.bbox?.xmin?.[0]
    return typeof column === 'string' ? [column] : []
  })
  return { primary: name, coverings, others, notes, ...(code && { crs: code }) }
}

/** Longitude and latitude of WGS 84 where nothing is said; unknown where null is. */
function crsOf(crs: GeoColumn['crs']): string | undefined {
  if (crs === undefined) return 'EPSG:4326'
  const { authority, code } = crs?.id ?? {}
  if (typeof authority !== 'string' || (typeof code !== 'string' && typeof code !== 'number')) return undefined
  return /^(OGC|CRS)$/i.test(authority) && /^(CRS)?84h?$/i.test(String(code)) ? 'EPSG:4326' : `${authority.toUpperCase()}:${code}`
}
