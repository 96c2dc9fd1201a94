import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { FeatureTable } from '#core/feature-table.js'
import type { CollectionFormat, WriteOptions } from '#formats/features/index.js'

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
