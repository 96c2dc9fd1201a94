import type { FeatureSource } from '#core/atlas.js'
import { type JsonValue, jsonText, mergePatch } from '#core/given-feature.js'
import type { FeatureChange, FeatureValues } from '#core/ports.js'
import { parseJson } from '#formats/features/bodies/parse-json.js'
import { quoted } from '../identifiers.js'
import { idsSql } from '../ids-sql.js'
import type { Session } from '../session.js'
import { tableSql, Values } from '../sql.js'

/** The values of an update, with those of JSON columns that its patches make of what is there. The row is locked. */
export async function merged(
  session: Session,
  source: FeatureSource,
  { id, values, patches = new Map() }: Extract<FeatureChange, { readonly kind: 'update' }>,
): Promise<FeatureValues> {
  const names = [...patches.keys()]
  const bound = new Values()
  const columns = names.map(name => `${quoted(name)}::text AS ${quoted(name)}`).join(', ')
  const text = `SELECT ${columns} FROM ${tableSql(source)} WHERE ${idsSql(source, [id], bound)}`
  const { rows } = await session.query({ text, values: bound.list })
  const whole = new Map(values)
  for (const [name, patch] of patches) whole.set(name, jsonText(mergePatch(jsonOf(rows[0]?.[name]), jsonOf(patch))))
  return whole
}

const jsonOf = (text: unknown): JsonValue => (typeof text === 'string' ? parseJson(Buffer.from(text), { keepsDigits: true }) : null)
