import { setImmediate as macrotask } from 'node:timers/promises'
import type { Database } from 'node-sqlite3-wasm'
import type { FeatureLayer, LayerGeometry, LayerRows, LayerValue } from '#core/ports.js'
import type { ColumnKind } from '#rows/batch.js'
import { columnNames, printable } from '../column-names.js'
import { geometryIntake } from '../geometry/geometry-intake.js'
import { declaredDimensions, declaredType, emptyProfile, profileGeometry, profileNotes } from '../geometry/geometry-profile.js'
import { wkbFacts, wkbTypeNames } from '../geometry/wkb.js'
import { leftOutCounter } from '../left-out.js'
import { batchBytes, batchRows, brokenFile } from '../reader.js'
import { type GeopackageTable, quoted } from './geopackage-tables.js'
import { rowsOf } from './sqlite-rows.js'
import { cellReader, columnKind } from './sqlite-values.js'

/** Bytes of the envelope by its code, GeoPackage binary header (OGC 12-128r19, clause 2.1.3.1.1). */
const envelopeBytes: readonly number[] = [0, 32, 48, 48, 64]

/** Where the WKB starts in a GeoPackage geometry; -1 when `blob` is none. */
export function wkbStart(blob: Uint8Array): number {
  if (blob.length < 8 || blob[0] !== 0x47 || blob[1] !== 0x50) return -1
  const envelope = envelopeBytes[(blob[3] >> 1) & 7]
  return envelope === undefined || blob[3] & 0x20 ? -1 : 8 + envelope
}

export function openLayer(database: Database, table: GeopackageTable, label: string): FeatureLayer {
  const named = columnNames(
    table.columns.map(column => column.name),
    table.geometry ? [table.geometry.column] : [],
  )
  const notes = [...named.notes]
  const lastRowId = table.isView ? undefined : database.get(`SELECT max(rowid) AS n FROM ${quoted(table.table)}`)?.n
  const { geometry, count } = table.geometry
    ? describeGeometry(database, table, table.geometry, label, notes)
    : { geometry: undefined, count: countRows(database, table.table, label) }
  const columns = table.columns.map((column, i) => ({ name: named.names[i], kind: kindOf(column, table.key, lastRowId) }))
  const keyAt = table.columns.findIndex(column => column.name === table.key)
  return {
    name: table.table,
    columns,
    ...(geometry ? { geometry } : {}),
    ...(keyAt >= 0 ? { key: columns[keyAt].name } : {}),
    count,
    notes,
    read: signal => readRows(database, table, columns, geometry, { label, notes, rows: count, signal }),
  }
}

/** SQLite's INTEGER has 64 bits; keys that fit in 32 are an `integer`. */
function kindOf(column: { name: string; type: string }, key: string | undefined, lastRowId: unknown): ColumnKind {
  if (column.name !== key) return columnKind(column.type)
  return typeof lastRowId === 'number' && lastRowId < 2 ** 31 ? 'integer' : 'bigint'
}

/** Types and dimensions are taken from the rows, not from the declaration: files often say GEOMETRY, or POLYGON and hold MULTIPOLYGON. */
function describeGeometry(
  database: Database,
  table: GeopackageTable,
  declared: NonNullable<GeopackageTable['geometry']>,
  label: string,
  notes: string[],
): { geometry: LayerGeometry; count: number } {
  const profile = emptyProfile()
  const column = quoted(declared.column)
  // 77 bytes hold the longest header and the type behind it
  const query = `SELECT substr(${column}, 1, 77) AS head FROM ${quoted(table.table)}`
  let count = 0
  for (const { head } of rowsOf(database, query, label, () => `layer “${printable(table.table)}”, row ${count + 1}`)) {
    count++
    if (head instanceof Uint8Array) profileGeometry(profile, wkbFacts(head, Math.max(0, wkbStart(head))))
  }
  notes.push(...profileNotes(profile))
  if (!declared.crs) notes.push(`The coordinate reference system is not stated (srs “${printable(declared.srsName)}”).`)
  const geometry = {
    name: columnNames([declared.column]).names[0],
    type: profile.count > 0 ? declaredType(profile) : wkbTypeNames.includes(declared.type) ? declared.type : 'GEOMETRY',
    dimensions: declaredDimensions(profile),
    ...(declared.crs ? { crs: declared.crs } : {}),
  }
  return { geometry, count }
}

function countRows(database: Database, table: string, label: string): number {
  const [row] = rowsOf(database, `SELECT count(*) AS n FROM ${quoted(table)}`, label, () => `table “${printable(table)}”`)
  return Number(row?.n ?? 0)
}

interface Reading {
  readonly label: string
  readonly notes: string[]
  /** Rows expected, for the progress. */
  readonly rows: number
  readonly signal: AbortSignal | undefined
}

/** Hot: once per value of an imported file. */
async function* readRows(
  database: Database,
  table: GeopackageTable,
  columns: FeatureLayer['columns'],
  geometry: LayerGeometry | undefined,
  { label, notes, rows: expected, signal }: Reading,
): AsyncGenerator<LayerRows> {
  const place = () => `layer “${printable(table.table)}”, row ${done + rows.length + 1}`
  const leaveOut = leftOutCounter(notes)
  const cells = columns.map(column => cellReader(column.kind, column.name, place, leaveOut))
  const take = geometry && geometryIntake(label, geometry, leaveOut)
  // numbered names: the rows come as objects, in which equal or numeric names would collide
  const selected = [...table.columns.map(column => column.name), ...(table.geometry ? [table.geometry.column] : [])]
  const aliases = selected.map((_, i) => `c${i}`)
  const list = selected.map((name, i) => `${quoted(name)} AS ${aliases[i]}`).join(', ') || '1 AS c0'
  const query = `SELECT ${list} FROM ${quoted(table.table)}`
  let done = 0
  let bytes = 0
  let rows: LayerValue[][] = []
  const batch = (): LayerRows => {
    done += rows.length
    const full = { rows, ...(expected > 0 ? { progress: Math.min(1, done / expected) } : {}) }
    rows = []
    bytes = 0
    return full
  }
  for (const record of rowsOf(database, query, label, place)) {
    const row: LayerValue[] = []
    for (let i = 0; i < cells.length; i++) row.push(cells[i](record[aliases[i]]))
    if (take) {
      const blob = record[aliases[cells.length]]
      row.push(blob === null ? null : take(wkbOf(blob, label, place), place))
      if (blob instanceof Uint8Array) bytes += blob.length
    }
    rows.push(row)
    if (rows.length < batchRows && bytes < batchBytes) continue
    yield batch()
    await macrotask() // SQLite answers synchronously: let the server breathe
    signal?.throwIfAborted()
  }
  if (rows.length > 0) yield batch()
}

function wkbOf(blob: LayerValue, label: string, place: () => string): Uint8Array {
  const start = blob instanceof Uint8Array ? wkbStart(blob) : -1
  if (start < 0 || !(blob instanceof Uint8Array))
    throw brokenFile(label, `${place()}: the geometry is not in the GeoPackage's binary form.`)
  // a view made so costs a fraction of what subarray does
  return new Uint8Array(blob.buffer, blob.byteOffset + start, blob.length - start)
}
