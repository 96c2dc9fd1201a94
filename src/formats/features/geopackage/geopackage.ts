import { join } from 'node:path'
import { setImmediate as macrotask } from 'node:timers/promises'
import type { Database } from 'node-sqlite3-wasm'
import type { FeatureTable } from '#core/feature-table.js'
import type { RowBatch } from '#rows/batch.js'
import type { FieldValue } from '#rows/pg-field.js'
import { rowView } from '#rows/row-view.js'
import type { CollectionFormat, WriteOptions } from '../collection-format.js'
import { fileBytes } from '../file-bytes.js'
import { srsOf } from '../srs.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { blobMaker } from './geopackage-blob.js'
import { type GeopackageNames, geopackageNames } from './geopackage-columns.js'
import { createTables, quoted, registerTable } from './geopackage-schema.js'
import { type RtreeBuilder, rtreeBuilder } from './rtree.js'

/**
 * GeoPackage 1.3 (OGC 12-128r19) with one table of features, or of attributes, and a spatial index, made in a temporary file in one transaction. A
 * whole number that is the key becomes `fid`; other features are numbered in their order.
 */
export const geopackage: CollectionFormat = {
  names: ['gpkg', 'geopackage'],
  title: 'GeoPackage',
  mediaTypes: ['application/geopackage+sqlite3', 'application/x-gpkg', 'application/vnd.geopackage'],
  extension: 'gpkg',
  isKept: true,
  isText: false,
  isStreamed: false,
  write: (table, options) =>
    inTemporaryFolder(options.temporaryFolder, async function* (folder) {
      const path = join(folder, 'features.gpkg')
      const names = geopackageNames(table)
      const { geometry, fid } = names
      const rtree = geometry === undefined ? undefined : await rtreeBuilder(join(folder, 'boxes'), { table: names.table, fid, geometry })
      try {
        await writeDatabase(path, table, names, rtree, options)
      } finally {
        await rtree?.close()
      }
      yield* fileBytes(path)
    }),
}

/** The file is new and gone when anything fails: no journal, no waiting for the disk. 8 MB of pages are kept in memory. */
const settings = `
PRAGMA page_size = 4096; PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192; PRAGMA foreign_keys = OFF;`

async function writeDatabase(
  path: string,
  table: FeatureTable,
  names: GeopackageNames,
  rtree: RtreeBuilder | undefined,
  { page }: WriteOptions,
): Promise<void> {
  const { default: sqlite } = await import('node-sqlite3-wasm')
  const database = new sqlite.Database(path)
  try {
    database.exec(`${settings} BEGIN`)
    const srsId = createTables(database, table, names)
    const codes = await fill(database, table, names, srsId, rtree)
    const extent = await rtree?.finish(database)
    registerTable(database, table, names, { srsId, extent, codes, lastChange: page?.timeStamp ?? noMoment })
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}

/** Where nobody says when: the same rows give the same bytes. */
const noMoment = '1970-01-01T00:00:00.000Z'

/** Writes the rows; returns the WKB codes that occurred. Hot. */
async function fill(
  database: Database,
  table: FeatureTable,
  names: GeopackageNames,
  srsId: number,
  rtree: RtreeBuilder | undefined,
): Promise<ReadonlySet<number>> {
  const { columns, geometry } = names
  const first = geometry === undefined ? 1 : 2
  const list = [names.fid, ...(geometry === undefined ? [] : [geometry]), ...columns.map(({ name }) => name)]
  const insert = database.prepare(
    `INSERT OR IGNORE INTO ${quoted(names.table)} (${list.map(quoted).join(', ')}) VALUES (${list.map(() => '?').join(', ')})`,
  )
  const makeBlob = blobMaker(srsId, srsOf(table.geometry?.crs)?.tolerance ?? 0.01)
  const shape = table.schema.columns.length - 1
  const values: (FieldValue | null)[] = list.map(() => null)
  const codes = new Set<number>()
  const putBatch = (batch: RowBatch) => {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      row.at(i)
      values[0] = table.hasNumericIds ? keyOf(row.text(0)) : null
      for (let k = 0; k < columns.length; k++) values[first + k] = columns[k].read(row)
      const ewkb = first === 2 ? row.bytes(shape) : undefined
      const blob = ewkb ? makeBlob(ewkb) : undefined
      if (first === 2) values[1] = blob?.bytes ?? null
      let inserted = insert.run(values)
      if (inserted.changes === 0) {
        // a view whose key is none after all: the later of two is numbered
        values[0] = null
        inserted = insert.run(values)
      }
      if (!blob) continue
      codes.add(blob.code)
      if (blob.box) rtree?.add(inserted.lastInsertRowid, blob.box)
    }
  }
  try {
    for await (const batch of table.batches) {
      putBatch(batch)
      await rtree?.flush()
      await macrotask() // SQLite works synchronously: let the server breathe
    }
  } finally {
    insert.finalize()
  }
  return codes
}

/** An id as a whole number of up to 64 bits; null, which is numbered by SQLite, for what is none after all. */
function keyOf(id: string | null): number | bigint | null {
  if (id === null || !/^-?\d{1,19}$/.test(id)) return null
  const number = Number(id)
  return Number.isSafeInteger(number) ? number : BigInt(id)
}
