import type { FeatureTable } from '#core/feature-table.js'
import type { CollectionFormat, WriteOptions } from '#formats/features/index.js'

export const plainOptions: WriteOptions = {
  languages: ['fr'],
  parameters: new Map(),
  temporaryFolder: '/nowhere',
  namespaces: new Map(),
  namespace: 'http://localhost/ns',
}

/** All that a format writes of a table. */
export async function written(format: CollectionFormat, table: FeatureTable, options: Partial<WriteOptions> = {}): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of format.write(table, { ...plainOptions, ...options })) pieces.push(piece)
  return Buffer.concat(pieces)
}
