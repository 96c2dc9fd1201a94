/** Raw names of a table; the schema is absent when the text has none. */
export interface TableName {
  readonly schema?: string
  readonly table: string
}

/** Reads `table`, `schema.table` and `"sche.ma"."ta""ble"`; undefined when it is none of them. Case is kept. */
export function parseTableName(text: string): TableName | undefined {
  const part = '("(?:[^"]|"")+"|[^".]+)'
  const match = new RegExp(`^${part}(?:\\.${part})?$`).exec(text.trim())
  if (!match) return undefined
  const [first, second] = [match[1], match[2]].map(name => (name?.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name))
  return second === undefined ? { table: first } : { schema: first, table: second }
}
