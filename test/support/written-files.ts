import { writeFile } from 'node:fs/promises'
import type { FeatureTable } from '#core/feature-table.js'
import type { CollectionFormat, WriteOptions } from '#formats/features/index.js'

/** What a test says to a format: nothing but where temporary files go, and parameters. */
export function writeOptions(
  temporaryFolder: string,
  parameters: Readonly<Record<string, string>> = {},
  more: Partial<WriteOptions> = {},
): WriteOptions {
  return {
    languages: ['fr', 'en'],
    parameters: new Map(Object.entries(parameters)),
    temporaryFolder,
    namespaces: new Map(),
    namespace: 'arpent',
    ...more,
  }
}

/** The whole of what a format writes. */
export async function written(format: CollectionFormat, table: FeatureTable, options: WriteOptions): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of format.write(table, options)) pieces.push(Uint8Array.from(piece))
  return Buffer.concat(pieces)
}

/** The same to a file; returns its path. */
export async function writtenFile(path: string, format: CollectionFormat, table: FeatureTable, options: WriteOptions): Promise<string> {
  await writeFile(path, await written(format, table, options))
  return path
}
