import type { Database } from 'node-sqlite3-wasm'
import { printable } from '../column-names.js'
import { brokenFile } from '../reader.js'

/** A layer as the tables of OGC 12-128r19 describe it, nothing of its rows read yet. */
export interface GeopackageTable {
  readonly table: string
  readonly title: string
  /** Declared columns of the table in order, the geometry column aside. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly geometry?: { readonly column: string; readonly type: string; readonly crs?: string; readonly srsName: string }
  /** An INTEGER PRIMARY KEY column, which is SQLite's row id. */
  readonly key?: string
  readonly isView: boolean
}

/** More layers or columns than any real file; hostile ones end here. */
const maxLayers = 1000
const maxColumns = 1600 // PostgreSQL's own limit

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Feature and attribute tables in the order of `gpkg_contents`. */
export function listLayers(database: Database, label: string): GeopackageTable[] {
  const objects = new Map(
    database
      .all("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')")
      .map(row => [text(row.name).toLowerCase(), { type: text(row.type), sql: text(row.sql) }]),
  )
  if (!objects.has('gpkg_contents')) throw brokenFile(label, 'is an SQLite database, but not a GeoPackage: it has no table gpkg_contents.')
  const contents = database.all(
    `SELECT table_name, identifier FROM gpkg_contents WHERE data_type IN ('features', 'attributes', 'aspatial') LIMIT ${maxLayers + 1}`,
  )
  if (contents.length > maxLayers) throw brokenFile(label, `holds more than ${maxLayers} layers.`)
  return contents.map(row => {
    const table = text(row.table_name)
    const object = objects.get(table.toLowerCase())
    if (!object) throw brokenFile(label, `gpkg_contents names the table “${printable(table)}”, which does not exist.`)
    if (object.type === 'view' && /\brecursive\b/i.test(object.sql))
      throw brokenFile(label, `the view “${printable(table)}” is recursive, which could run forever; save its rows as a table.`)
    const columns = database.all(`PRAGMA table_info(${quoted(table)})`)
    if (columns.length > maxColumns)
      throw brokenFile(label, `table “${printable(table)}” has ${columns.length} columns; ${maxColumns} would work.`)
    const geometry = geometryColumn(database, objects.has('gpkg_geometry_columns'), table)
    const geometryName = columns.map(column => text(column.name)).find(name => name.toLowerCase() === geometry?.column.toLowerCase())
    if (geometry && !geometryName)
      throw brokenFile(
        label,
        `table “${printable(table)}” has no column “${printable(geometry.column)}”, which gpkg_geometry_columns names.`,
      )
    const keys = columns.filter(column => Number(column.pk) > 0)
    const key = keys.length === 1 && /^integer$/i.test(text(keys[0].type)) ? text(keys[0].name) : undefined
    return {
      table,
      title: text(row.identifier) || table,
      columns: columns.map(column => ({ name: text(column.name), type: text(column.type) })).filter(column => column.name !== geometryName),
      ...(geometry && geometryName ? { geometry: { ...geometry, column: geometryName } } : {}),
      ...(key === undefined ? {} : { key }),
      isView: object.type === 'view',
    }
  })
}

function geometryColumn(database: Database, hasGeometries: boolean, table: string): GeopackageTable['geometry'] {
  if (!hasGeometries) return undefined
  const row = database.get('SELECT column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)', [
    table,
  ])
  if (!row) return undefined
  const srs = database.get('SELECT srs_name, organization, organization_coordsys_id AS code FROM gpkg_spatial_ref_sys WHERE srs_id = ?', [
    typeof row.srs_id === 'object' ? null : row.srs_id,
  ])
  const organization = text(srs?.organization).toUpperCase()
  const code = srs?.code
  // srs_id 0 and -1 stand for undefined geographic and cartesian coordinates, organisation NONE (clause 1.1.2.1.2)
  const isKnown = /^[A-Z][A-Z0-9]*$/.test(organization) && organization !== 'NONE' && typeof code !== 'object' && Number(code) > 0
  return {
    column: text(row.column_name),
    type: text(row.geometry_type_name).toUpperCase(),
    srsName: text(srs?.srs_name),
    ...(isKnown ? { crs: `${organization}:${code}` } : {}),
  }
}
