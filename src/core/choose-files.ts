import { checkFilter } from '#filters/check-filter.js'
import { compileFilter } from '#filters/compile-filter.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { settleFilter } from '#filters/settle-filter.js'
import { hasIds, propertiesOfFilter } from '#filters/walk.js'
import type { RowColumn } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'
import type { RasterFile } from './atlas.js'

/** What filters may ask of the files of a mosaic, by GeoServer's names: where a file is below the root of its store, and when it was taken. */
const columns: readonly RowColumn[] = [
  { name: 'location', kind: 'text', oid: oids.text },
  { name: 'time', kind: 'timestamptz', oid: oids.timestamptz },
]
const table = { columns, geometries: [] }

/** A filter that can be asked of files, its names settled; undefined for one that asks for anything else. Throws FilterError for a comparison that makes no sense. */
export function filterOfFiles(filter: Filter): Filter | undefined {
  if (hasIds(filter)) return undefined
  if (propertiesOfFilter(filter).length === 0) return filter
  const settled = settledOrNot(filter)
  if (settled) checkFilter(settled, table)
  return settled
}

function settledOrNot(filter: Filter): Filter | undefined {
  try {
    return settleFilter(filter, table)
  } catch (error) {
    if (error instanceof FilterError && error.kind === 'unknown-property') return undefined
    throw error
  }
}

/** Whether a filter of files chooses a file. Throws FilterError. */
export function fileChooser(filter: Filter): (file: RasterFile) => boolean {
  const schema = { columns }
  const isChosen = compileFilter(filter, schema)
  const builder = new RowBuilder(schema)
  return ({ path, time }) => {
    const row = builder.row([locationOf(path), time === undefined ? null : new Date(time).toISOString()]).take()
    return isChosen(rowView(row).at(0)) === true
  }
}

/** Of files that lie nowhere below a root, the name: where it is is nobody's business. */
const locationOf = (path: string) => (/^(\/|[a-z][a-z0-9+]*:|[A-Za-z]:\\)/.test(path) ? path.slice(path.search(/[^/\\]*$/)) : path)
