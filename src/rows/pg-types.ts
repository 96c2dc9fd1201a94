import type { ColumnKind } from './batch.js'

/** OIDs of PostgreSQL's built-in types whose binary form is read and written here (src/include/catalog/pg_type.dat). */
export const oids = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  timetz: 1266,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
} as const

/** The type a column of each kind gets when Arpent makes the table. Geometry has no fixed OID: 0 stands for it. */
export const oidOfKind = {
  text: oids.text,
  integer: oids.int4,
  bigint: oids.int8,
  double: oids.float8,
  numeric: oids.numeric,
  boolean: oids.bool,
  date: oids.date,
  time: oids.time,
  timestamp: oids.timestamp,
  timestamptz: oids.timestamptz,
  uuid: oids.uuid,
  json: oids.jsonb,
  bytes: oids.bytea,
  geometry: 0,
} as const satisfies Record<ColumnKind, number>
