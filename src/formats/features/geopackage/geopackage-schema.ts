import type { Database } from 'node-sqlite3-wasm'
import type { FeatureTable } from '#core/feature-table.js'
import type { Bbox } from '#geo/bbox.js'
import { crsOf } from '#geo/crs.js'
import { crsWkt } from '#geo/crs-wkt.js'
import { kindOfCode } from '#geo/geometry.js'
import type { GeopackageNames } from './geopackage-columns.js'

/** A name in SQLite's quotes. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The tables that every GeoPackage has (OGC 12-128r19, annex C), those of the schema extension, and the systems -1, 0 and 4326. */
const everyTable = `
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');`

const geometryColumns = `
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));`

const dataColumns = `
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));`

/** Systems of other authorities than EPSG get numbers from here on. */
const firstOwnSrs = 100_000

/** Makes an empty GeoPackage 1.3 for the table; returns the number of its SRS. */
export function createTables(database: Database, table: FeatureTable, names: GeopackageNames): number {
  const srs = srsRow(table.geometry?.crs)
  database.exec(everyTable)
  // of tables of attributes, too: GDAL looks for it
  database.exec(geometryColumns)
  const insert = (row: SrsRow) => database.run('INSERT OR REPLACE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)', [...row])
  insert(srsRow('EPSG:4326'))
  if (srs[1] > 0) insert(srs)
  const columns = names.columns.map(({ name, type }) => `${quoted(name)} ${type}`)
  const shape = table.geometry && names.geometry ? [`${quoted(names.geometry)} ${geometryType(table.geometry.type)}`] : []
  database.exec(
    `CREATE TABLE ${quoted(names.table)} (${[`${quoted(names.fid)} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL`, ...shape, ...columns].join(', ')})`,
  )
  return srs[1]
}

/** What a GeoPackage calls a declared type; kinds it does not know are written as what they are made of. */
function geometryType(declared: string): string {
  const type = declared.toUpperCase()
  if (type === 'TRIANGLE') return 'POLYGON'
  return type === 'TIN' || type === 'POLYHEDRALSURFACE' ? 'MULTIPOLYGON' : type
}

type SrsRow = readonly [name: string, id: number, organization: string, organizationId: number, definition: string]

/** `OGC:CRS84` is 4326, whose coordinates a GeoPackage has in the order x,y anyway. */
function srsRow(code: string | undefined): SrsRow {
  const crs = code === undefined ? undefined : crsOf(code === 'OGC:CRS84' ? 'EPSG:4326' : code)
  if (!crs) return ['Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined']
  const [authority, number] = crs.code.split(':')
  const id = authority === 'EPSG' ? Number(number) : firstOwnSrs
  // a definition of the horizontal part alone would be another system
  const definition = crs.kind === 'compound' ? undefined : crsWkt(crs.code, 'ogc')
  return [crs.name, id, authority, id, definition ?? 'undefined']
}

/** What is known of the rows when all are there. */
export interface Filled {
  readonly srsId: number
  readonly extent: Bbox | undefined
  /** WKB codes that occurred. */
  readonly codes: ReadonlySet<number>
  /** ISO 8601, UTC. */
  readonly lastChange: string
}

/** Enters the filled table where readers look for it, with the descriptions of its columns. */
export function registerTable(
  database: Database,
  table: FeatureTable,
  names: GeopackageNames,
  { srsId, extent, codes, lastChange }: Filled,
): void {
  const { geometry, title, id } = table
  database.run('INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    names.table,
    geometry ? 'features' : 'attributes',
    title || id,
    '',
    lastChange,
    ...(extent ?? [null, null, null, null]),
    geometry ? srsId : null,
  ])
  if (geometry && names.geometry) {
    const [z, m] = ['z', 'm'].map(ordinate => (geometry.dimensions.includes(ordinate) ? 1 : 0))
    database.run('INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)', [
      names.table,
      names.geometry,
      geometryType(geometry.type),
      srsId,
      z,
      m,
    ])
    for (const code of [...codes].sort((a, b) => a - b)) {
      const kind = kindOfCode.get(code)?.toUpperCase()
      if (code > 7)
        extension(database, [
          names.table,
          names.geometry,
          `gpkg_geom_${kind}`,
          'http://www.geopackage.org/spec121/#extension_geometry_types',
          'read-write',
        ])
    }
  }
  describeColumns(database, names)
}

function describeColumns(database: Database, { table, columns }: GeopackageNames): void {
  const described = columns.filter(({ name, column }) => column.comment || column.kind === 'json' || name !== column.name)
  if (described.length === 0) return
  database.exec(dataColumns)
  for (const { name, column } of described)
    database.run('INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, ?, NULL)', [
      table,
      name,
      name === column.name ? null : column.name,
      column.comment ?? null,
      column.comment ?? null,
      column.kind === 'json' ? 'application/json' : null,
    ])
  for (const own of ['gpkg_data_columns', 'gpkg_data_column_constraints'])
    extension(database, [own, null, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'])
}

/** Tells of an extension (OGC 12-128r19, 2.3.2). */
export function extension(database: Database, row: readonly (string | null)[]): void {
  database.run('INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)', [...row])
}
