import { type Kysely, sql } from 'kysely'
import type { GeometryColumn, RowKey } from '#core/atlas.js'
import type { DiscoverOptions, TableDescription } from '#core/ports.js'
import type { Bbox } from '#geo/bbox.js'
import { type ColumnRow, columns, type KeyRow, keys, type RelationRow, relations, spatialIndexes } from './catalogue.js'
import { kindOfType } from './column-kind.js'
import { averageWidths, estimatedExtents, type GeometryName } from './extents.js'
import { commonType, type GeometrySample, sampleGeometries } from './samples.js'

const kinds: Readonly<Record<string, TableDescription['kind']>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
}

interface Knowledge {
  readonly extents: ReadonlyMap<string, Bbox>
  readonly widths: ReadonlyMap<string, number>
  readonly samples: ReadonlyMap<string, GeometrySample>
  readonly indexes: ReadonlySet<string>
  readonly crs: ReadonlyMap<number, string>
}

/** Describes every relation that `options` name, one statement per aspect and not per table, so that thousands take less than a second. */
export async function discover(db: Kysely<unknown>, options: DiscoverOptions): Promise<readonly TableDescription[]> {
  const found = await relations(db, options)
  const readable = found.filter(relation => relation.is_readable).map(relation => relation.oid)
  const columnsOf = byOid(await columns(db, readable))
  const kept = found.filter(({ oid, is_readable }) => options.withoutGeometry || !is_readable || columnsOf.get(oid)?.some(isSpatial))
  const oids = kept.map(relation => relation.oid)
  const keysOf = byOid(await keys(db, oids))
  const spatial = kept.flatMap(relation =>
    (columnsOf.get(relation.oid) ?? []).filter(isSpatial).map(column => ({ relation, column, name: nameOf(relation, column) })),
  )
  const stored = spatial.filter(({ relation, column }) => 'rmp'.includes(relation.kind) && column.base === 'geometry')
  const vague = spatial.filter(({ column }) => isVague(column))
  const samples = await sampleGeometries(
    db,
    vague.map(({ name }) => name),
  )
  const knowledge: Knowledge = {
    samples,
    widths: await averageWidths(
      db,
      stored.map(({ name }) => name),
    ),
    extents: await estimatedExtents(
      db,
      stored.map(({ name }) => name),
    ),
    indexes: await spatialIndexes(db, oids),
    crs: await crsOfSrids(db, [...spatial.map(({ column }) => column.srid ?? 0), ...[...samples.values()].flatMap(sample => sample.srids)]),
  }
  return kept.map(relation => describe(relation, columnsOf.get(relation.oid) ?? [], keysOf.get(relation.oid) ?? [], knowledge))
}

function describe(relation: RelationRow, all: readonly ColumnRow[], keys: readonly KeyRow[], knowledge: Knowledge): TableDescription {
  const { schema, name, comment, count, is_readable, is_writable } = relation
  return {
    schema,
    table: name,
    kind: kinds[relation.kind]!,
    ...(comment ? { comment } : {}),
    columns: all
      .filter(column => !isSpatial(column))
      .map(column => ({
        name: column.name,
        kind: kindOfType(column.base),
        nativeType: column.native,
        isNullable: column.is_nullable,
        ...(column.comment ? { comment: column.comment } : {}),
        ...(column.filling ? { filling: column.filling } : {}),
        ...(column.refers ? { refersTo: column.refers } : {}),
        ...(column.labels ? { labels: column.labels } : {}),
      })),
    geometries: all.filter(isSpatial).map(column => geometryColumn(column, knowledge)),
    key: keyOf(relation, all, keys),
    estimatedCount: Math.round(count),
    isReadable: is_readable,
    isWritable: is_writable,
  }
}

/** The first key whose columns may all be read and are no geometries; else the physical address, where rows have one. */
function keyOf({ kind }: RelationRow, all: readonly ColumnRow[], keys: readonly KeyRow[]): RowKey {
  const names = new Set(all.filter(column => !isSpatial(column)).map(column => column.name))
  const key = keys.find(({ columns }) => columns.every(column => names.has(column)))
  if (key) return { kind: key.is_primary ? 'primary' : 'unique', columns: key.columns }
  return { kind: kind === 'r' || kind === 'm' ? 'ctid' : 'none' }
}

function geometryColumn(column: ColumnRow, { extents, widths, samples, indexes, crs }: Knowledge): GeometryColumn {
  const key = `${column.oid}.${column.name}`
  const sample = samples.get(key)
  const declared = (column.geometry_type ?? 'Geometry').toUpperCase()
  const type = declared.replace(/Z?M?$/, '')
  const sampledSrid = sample?.srids.length === 1 ? sample.srids[0]! : 0
  const srid = column.srid || sampledSrid || (column.base === 'geography' ? 4326 : 0)
  const code = crs.get(srid)
  const extent = extents.get(key)
  const averageBytes = widths.get(key)
  return {
    name: column.name,
    type: type === 'GEOMETRY' && sample ? commonType(sample) : type,
    dimensions:
      type === 'GEOMETRY' && sample ? sampledDimensions(sample.flags) : dimensionsOf(column.dimensions ?? 2, declared.endsWith('M')),
    ...(code ? { crs: code } : {}),
    srid,
    isIndexed: indexes.has(key),
    isNullable: column.is_nullable,
    ...(column.base === 'geography' ? { isGeography: true } : {}),
    ...(column.filling ? { filling: column.filling } : {}),
    ...(extent ? { extent } : {}),
    ...(averageBytes === undefined ? {} : { averageBytes }),
  }
}

/** CRS codes as `spatial_ref_sys` names them: an SRID is not always an EPSG code. */
async function crsOfSrids(db: Kysely<unknown>, srids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const distinct = [...new Set(srids), 4326]
  const { rows } = await sql<{ srid: number; code: string }>`
    SELECT srid, upper(auth_name) || ':' || auth_srid AS code FROM spatial_ref_sys
    WHERE srid = ANY (${distinct}::int4[]) AND auth_name IS NOT NULL AND auth_srid IS NOT NULL`.execute(db)
  return new Map(rows.map(({ srid, code }) => [srid, code]))
}

function byOid<Row extends { readonly oid: number }>(rows: readonly Row[]): ReadonlyMap<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.oid)
    if (group) group.push(row)
    else groups.set(row.oid, [row])
  }
  return groups
}

const isSpatial = (column: ColumnRow) => column.base === 'geometry' || column.base === 'geography'

const isVague = (column: ColumnRow) =>
  column.geometry_type?.toUpperCase().startsWith('GEOMETRY') !== false || !(column.srid || column.base === 'geography')

const nameOf = ({ oid, schema, name }: RelationRow, column: ColumnRow): GeometryName => ({ oid, schema, table: name, column: column.name })

const dimensionsOf = (count: number, hasM: boolean) => (count === 4 ? 'xyzm' : count === 3 ? (hasM ? 'xym' : 'xyz') : 'xy')

/** The dimensions that some row has. */
function sampledDimensions(flags: readonly number[]): GeometryColumn['dimensions'] {
  const all = flags.reduce((sum, flag) => sum | flag, 0)
  return (['xy', 'xym', 'xyz', 'xyzm'] as const)[all & 3]!
}
