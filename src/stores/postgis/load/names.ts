import type { FeatureLayer } from '#core/ports.js'

/** Names of a table to be made: as the file says, made fit for PostgreSQL where they are not. */
export interface TableNames {
  /** One per column of the layer, in order. */
  readonly columns: readonly string[]
  readonly geometry: string | undefined
  /** Column that is generated as the key, where the layer has none. */
  readonly generatedKey: string | undefined
  readonly notes: readonly string[]
}

/** PostgreSQL cuts longer names off (NAMEDATALEN - 1, in bytes). */
const maxNameBytes = 63
const systemColumns = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'oid'])

/** Fits the names of `layer` to PostgreSQL: cut to 63 bytes, no system columns, nothing empty, none twice. Every change is noted. */
export function tableNames(layer: FeatureLayer): TableNames {
  const taken = new Set<string>()
  const notes: string[] = []
  const take = (wanted: string) => {
    let name = cut(wanted.replaceAll('\0', '') || 'column', maxNameBytes)
    for (let n = 2; taken.has(name) || systemColumns.has(name); n++) name = `${cut(wanted || 'column', maxNameBytes - 4)}_${n}`
    taken.add(name)
    return name
  }
  const noted = (wanted: string) => {
    const name = take(wanted)
    if (name !== wanted) notes.push(`Column “${cut(wanted, maxNameBytes)}” is named “${name}” in the database.`)
    return name
  }
  const columns = layer.columns.map(column => noted(column.name))
  const geometry = layer.geometry ? noted(layer.geometry.name || 'geom') : undefined
  return { columns, geometry, generatedKey: layer.key === undefined ? take('fid') : undefined, notes }
}

/** `text` cut to whole characters of at most `bytes` bytes. */
export function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes))
  return text.slice(0, read)
}
