import type { Geometry } from 'geojson'
import type { FeatureTable } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import type { RowColumn } from '#rows/batch.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { geometryObject } from './geometry-object.js'

/** A feature for formats that must see all of them before they can write the first. */
export interface HeldFeature {
  readonly id: string | null
  readonly geometry: Geometry | null
  readonly properties: Readonly<Record<string, HeldValue>>
}

/** `json` columns are a text, too. */
export type HeldValue = string | number | bigint | boolean | null

/** What may be held at once. Objects take some twenty times the memory of rows, and the whole is made in one go. */
export const mostHeldFeatures = 50_000
const mostHeldBytes = 16e6

/** Why so many features cannot be held: the end of a sentence. */
export function holdingObstacle(count: number | undefined): string | undefined {
  return count !== undefined && count > mostHeldFeatures
    ? `it is made as a whole, of ${mostHeldFeatures} features at most, and there are more; FlatGeobuf (f=fgb) would work`
    : undefined
}

/** All features of a table whose coordinates are degrees, as objects. Throws `too-large`. */
export async function holdFeatures({ columns, schema, geometry, batches }: FeatureTable, title: string): Promise<HeldFeature[]> {
  const shape = geometry ? schema.columns.length - 1 : -1
  const held: HeldFeature[] = []
  let bytes = 0
  for await (const batch of batches) {
    const row = rowView(batch)
    bytes += batch.bytes.length
    if (held.length + batch.count > mostHeldFeatures || bytes > mostHeldBytes)
      throw new Problem(
        'too-large',
        `${title} is made as a whole: ${mostHeldFeatures} features and ${mostHeldBytes / 1e6} MB at most. Fewer features would work, or FlatGeobuf (f=fgb).`,
      )
    for (let i = 0; i < batch.count; i++) {
      const ewkb = shape < 0 ? undefined : row.at(i).bytes(shape)
      const values = columns.map(({ name }, at) => [name, heldValue(schema.columns[at + 1], row.at(i), at + 1)] as const)
      held.push({ id: row.text(0), geometry: ewkb ? geometryObject(ewkb) : null, properties: Object.fromEntries(values) })
    }
  }
  return held
}

/** Numbers stay numbers while no digit before the point is lost; dates, bytes and further geometries are texts. */
function heldValue(column: RowColumn, row: RowView, index: number): HeldValue {
  const value = row.value(index)
  if (value === null || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value
  if (column.kind === 'numeric') return Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
  return row.text(index)
}
