import type { Kysely } from 'kysely'
import type { FeatureLayer, LoadTarget } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { discover } from '../discovery/discover.js'
import { quoted } from '../identifiers.js'
import { tableSql } from '../sql.js'
import { type TableNames, tableNames } from './names.js'
import { targetSrid } from './target-srid.js'

/** How a layer fits into a table that exists. */
export interface AppendPlan {
  readonly srid: number
  readonly geometryType: string | undefined
  readonly geometry: string | undefined
  /** Type of each column of the layer, as the table has it. */
  readonly types: readonly string[]
}

/** Undefined when the table does not exist. Appending where columns or CRS do not fit throws `invalid-data`, `conflict` or `not-found`. */
export async function planAppend(db: Kysely<unknown>, target: LoadTarget, layer: FeatureLayer): Promise<AppendPlan | undefined> {
  const [table] = await discover(db, { schemas: [target.schema], table: target.table, withoutGeometry: true })
  if (target.mode !== 'append') return table && { srid: 0, geometryType: undefined, geometry: undefined, types: [] }
  if (!table)
    throw new Problem('not-found', `There is no table “${target.table}” to append to; leave append away to make it.`, {
      locator: target.table,
    })
  const names = tableNames(layer)
  const types = names.columns.map(name => {
    const column = table.columns.find(column => column.name === name)
    if (column) return column.nativeType
    const known = table.columns.map(column => column.name).join(', ')
    throw new Problem('invalid-data', `The table “${target.table}” has no column “${name}”; it has ${known || 'none'}.`, { locator: name })
  })
  if (!layer.geometry) return { srid: 0, geometryType: undefined, geometry: undefined, types }
  const geometry = table.geometries.find(column => column.name === names.geometry) ?? table.geometries[0]
  if (!geometry) throw new Problem('invalid-data', `The table “${target.table}” has no geometry, the layer “${layer.name}” has one.`)
  const code = target.crs ?? layer.geometry.crs
  const srid = code ? await targetSrid(db, code) : geometry.srid
  if (srid !== geometry.srid)
    throw new Problem(
      'conflict',
      `The table “${target.table}” is in ${geometry.crs ?? 'an unknown CRS'}, the layer “${layer.name}” in ${code}; reproject it first.`,
    )
  return { srid, geometryType: geometry.type, geometry: geometry.name, types }
}

/** Moves the rows from the staging table into the target and drops it: to be run as one transaction. */
export function appendScript(staging: { schema: string; table: string }, target: LoadTarget, names: TableNames, plan: AppendPlan): string {
  const into = names.columns.map(quoted)
  const from = names.columns.map((name, at) => `${quoted(name)}::${plan.types[at]}`)
  if (plan.geometry && names.geometry) {
    into.push(quoted(plan.geometry))
    from.push(quoted(names.geometry))
  }
  return `INSERT INTO ${tableSql(target)} (${into.join(', ')}) SELECT ${from.join(', ')} FROM ${tableSql(staging)}; DROP TABLE ${tableSql(staging)}; ANALYZE ${tableSql(target)}`
}
