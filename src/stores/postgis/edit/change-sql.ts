import type { FeatureSource } from '#core/atlas.js'
import type { FeatureChange, LayerValue } from '#core/ports.js'
import { idSql } from '../find-sql.js'
import { quoted } from '../identifiers.js'
import { idsSql } from '../ids-sql.js'
import type { Statement } from '../session.js'
import { attributeOf, geometryOf, tableSql, Values } from '../sql.js'
import type { Creation } from './in-batches.js'

/** Rows with the same columns each; answers their ids, in order, as `id`. */
export function insertSql(source: FeatureSource, creations: readonly Creation[]): Statement {
  const values = new Values()
  const columns = [...creations[0].change.values.keys()]
  const rows = creations.map(
    ({ change }) => `(${columns.map(name => valueSql(source, name, change.values.get(name) ?? null, values)).join(', ')})`,
  )
  const what = columns.length === 0 ? 'DEFAULT VALUES' : `(${columns.map(quoted).join(', ')}) VALUES ${rows.join(', ')}`
  return { text: `INSERT INTO ${tableSql(source)} ${what} RETURNING ${idSql(source)} AS id`, values: values.list }
}

/** Undefined where nothing is to be set. */
export function updateSql(
  source: FeatureSource,
  { kind, id, values: given }: Extract<FeatureChange, { readonly kind: 'replace' | 'update' }>,
): Statement | undefined {
  const values = new Values()
  const names = kind === 'replace' ? replaceable(source) : [...given.keys()]
  const sets = names.map(name => {
    const value = given.get(name)
    return `${quoted(name)} = ${value === undefined ? 'DEFAULT' : valueSql(source, name, value, values)}`
  })
  if (sets.length === 0) return undefined
  return { text: `UPDATE ${tableSql(source)} SET ${sets.join(', ')} WHERE ${idsSql(source, [id], values)}`, values: values.list }
}

/** The statement that removes one feature. */
export function deleteSql(source: FeatureSource, id: string): Statement {
  const values = new Values()
  return { text: `DELETE FROM ${tableSql(source)} WHERE ${idsSql(source, [id], values)}`, values: values.list }
}

/** What a replacement sets: all that is seen, can be written and does not say which feature it is. */
function replaceable({ columns, geometries, key }: FeatureSource): readonly string[] {
  const keys = 'columns' in key ? key.columns : []
  return [...columns, ...geometries].flatMap(({ name, filling }) => (filling === 'always' || keys.includes(name) ? [] : [name]))
}

/** The column decides the type of what is bound: a cast would cut texts that are too long. */
function valueSql(source: FeatureSource, name: string, value: LayerValue, values: Values): string {
  const geometry = source.geometries.find(column => column.name === name) && geometryOf(source, name)
  if (!geometry) {
    attributeOf(source, name)
    return values.bind(value)
  }
  const bound = values.bind(
    value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex') : value,
  )
  return geometry.isGeography ? `${bound}::geometry::geography` : `${bound}::geometry`
}
