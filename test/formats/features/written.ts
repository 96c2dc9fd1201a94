import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { FeatureGeometry, FeatureTable } from '#core/feature-table.js'
import type { CollectionFormat, WriteOptions } from '#formats/features/index.js'
import type { ColumnKind, RowBatch } from '#rows/batch.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { oidOfKind } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'

/** Options of a request that says no more than `parameters`. */
export function writeOptions(parameters: Readonly<Record<string, string>> = {}, others: Partial<WriteOptions> = {}): WriteOptions {
  return {
    languages: ['en'],
    parameters: new Map(Object.entries(parameters)),
    temporaryFolder: tmpdir(),
    namespaces: new Map(),
    namespace: 'http://example.org/app',
    ...others,
  }
}

/** All that a format writes. */
export async function written(
  format: CollectionFormat,
  table: FeatureTable,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of format.write(table, writeOptions(parameters))) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** The bytes as a file of that name, in a folder of its own that the test removes. */
export function asFile(t: Test, name: string, bytes: Uint8Array): string {
  const path = join(t.testdir({}), name)
  writeFileSync(path, bytes)
  return path
}

/** A table of such columns; rows hold their values, then the geometry (EWKB) where there is one. `times`: how often the rows come. */
export function tableOf(
  kinds: Readonly<Record<string, ColumnKind>>,
  rows: readonly (readonly FieldInput[])[],
  { geometry, times = 1 }: { readonly geometry?: FeatureGeometry; readonly times?: number } = {},
): FeatureTable {
  const columns = Object.entries(kinds).map(([name, kind]) => ({ name, kind, nativeType: kind, isNullable: true }))
  const attributes = columns.map(({ name, kind }) => ({ name, kind, oid: oidOfKind[kind] }))
  const shape = geometry ? [{ name: geometry.name, kind: 'geometry' as const, oid: 0 }] : []
  const schema = { columns: [{ name: '@id', kind: 'text' as const, oid: oidOfKind.text }, ...attributes, ...shape] }
  async function* batches(): AsyncGenerator<RowBatch, void> {
    const builder = new RowBuilder(schema)
    for (const [i, row] of rows.entries()) builder.row([String(i + 1), ...row])
    const batch = builder.take()
    for (let i = 0; i < times; i++) yield batch
  }
  return { id: 'made', title: 'Made', columns, ...(geometry && { geometry }), hasNumericIds: true, schema, batches: batches() }
}
