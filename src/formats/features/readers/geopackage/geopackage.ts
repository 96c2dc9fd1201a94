import { existsSync } from 'node:fs'
import { copyFile, link, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type sqlite from 'node-sqlite3-wasm'
import type { FeatureFile } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { brokenFile, type FeatureReader, type OpenOptions, type PlainFile } from '../reader.js'
import { openLayer } from './geopackage-layer.js'
import { listLayers } from './geopackage-tables.js'
import { sqliteProblem } from './sqlite-rows.js'

/** OGC 12-128r19. Vector layers and attribute tables; read in place by SQLite compiled to WebAssembly. */
export const geopackage = {
  name: 'GeoPackage',
  extensions: ['.gpkg'],
  open: openGeopackage,
} satisfies FeatureReader

async function openGeopackage(file: PlainFile, options: OpenOptions): Promise<FeatureFile> {
  const database = await openDatabase(file)
  try {
    const layers = []
    for (const table of listLayers(database, file.label)) {
      options.signal?.throwIfAborted()
      layers.push(openLayer(database, table, file.label))
    }
    if (layers.length === 0)
      throw brokenFile(file.label, 'holds no vector layer and no table: gpkg_contents lists neither features nor attributes.')
    return {
      layers,
      close: async () => {
        if (database.isOpen) database.close()
      },
    }
  } catch (error) {
    database.close()
    throw error instanceof Problem ? error : sqliteProblem(file.label, error)
  }
}

/**
 * Opened through a link in the scratch folder: the lock that the SQLite build makes beside the file it opens then never appears in the
 * user's folder, which may not even be writable. The exclusive mode lets it read write-ahead logs, which QGIS leaves behind.
 */
async function openDatabase(file: PlainFile): Promise<sqlite.Database> {
  const linked = join(await file.scratch(), 'file.gpkg')
  const path = resolve(file.path)
  await linkOrCopy(path, linked)
  if (existsSync(`${path}-wal`)) await linkOrCopy(`${path}-wal`, `${linked}-wal`)
  const { default: library } = await import('node-sqlite3-wasm')
  let database: sqlite.Database | undefined
  try {
    database = new library.Database(linked, { readOnly: true, fileMustExist: true })
    database.exec('PRAGMA locking_mode=exclusive; PRAGMA trusted_schema=off; PRAGMA cell_size_check=on; PRAGMA cache_size=-8000')
    database.get('SELECT count(*) AS n FROM sqlite_master')
    return database
  } catch (error) {
    database?.close()
    throw sqliteProblem(file.label, error)
  }
}

/** Windows lets only some accounts make symbolic links, and hard links do not cross disks. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await symlink(from, to)
    .catch(() => link(from, to))
    .catch(() => copyFile(from, to))
}
