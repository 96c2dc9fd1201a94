import type { ColumnKind } from '#rows/batch.js'

const kinds: Readonly<Record<string, ColumnKind>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'bigint',
  float4: 'double',
  float8: 'double',
  numeric: 'numeric',
  bool: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  uuid: 'uuid',
  json: 'json',
  jsonb: 'json',
  bytea: 'bytes',
}

/** What a column of a PostgreSQL type (`pg_type.typname`, not a domain) holds; types nobody knows are `text`. */
export function kindOfType(base: string): ColumnKind {
  return kinds[base] ?? 'text'
}
