import { createHash } from 'node:crypto'
import type { RowView } from '#rows/row-view.js'
import { columnIndex } from '#rows/row-view.js'
import type { FeatureSource } from './atlas.js'

/** The columns whose values make the version of a feature: all that are served. A query for them gives rows that `featureVersion` reads. */
export const versionColumns = ({ columns, geometries }: Pick<FeatureSource, 'columns' | 'geometries'>): readonly string[] =>
  [...columns, ...geometries].map(({ name }) => name)

/**
 * What a feature is now, in 32 hexadecimal digits: the same as long as no served column changes, in whatever format or CRS it is asked for, in
 * tables and views alike. `row` has all `versionColumns` as they are stored (not simplified), others beside them or not.
 */
export function featureVersion(source: Pick<FeatureSource, 'columns' | 'geometries'>, row: RowView): string {
  const hash = createHash('sha256')
  const length = Buffer.alloc(4)
  for (const name of versionColumns(source)) {
    const at = columnIndex(row.columns, name)
    if (at < 0) throw new Error(`The version of a feature needs the column ${name}.`)
    const bytes = row.bytes(at)
    length.writeInt32BE(bytes ? bytes.length : -1)
    hash.update(length)
    if (bytes) hash.update(bytes)
  }
  return hash.digest('hex').slice(0, 32)
}

/** A strong validator (RFC 9110, 8.8.3), without quotes, of one representation: `representation` tells its format and CRS, in letters, digits and `.`. */
export const entityTag = (version: string, representation: string): string => `${version}-${representation}`

/**
 * The versions that an If-Match or If-None-Match names (RFC 9110, 13.1.1 and 13.1.2), or `any` for `*`; undefined where there is no such header. What follows the version in a
 * tag (representation, content coding) does not matter, nor does `W/`, which proxies put before tags of what they compress: the version itself says
 * what is in the row.
 */
export function matchedVersions(header: string | undefined): readonly string[] | 'any' | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return 'any'
  return [...header.slice(0, 10_000).matchAll(/"([^"]*)"/g)].map(([, tag]) => tag.split('-', 1)[0])
}
