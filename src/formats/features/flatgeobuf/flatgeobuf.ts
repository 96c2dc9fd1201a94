import type { FeatureTable } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import { rowView } from '#rows/row-view.js'
import type { CollectionFormat, WriteOptions } from '../collection-format.js'
import { LittleSink } from '../little-sink.js'
import { featureWriter } from './feature-bytes.js'
import { headerBytes } from './header-bytes.js'
import { writeIndexed } from './write-indexed.js'

/**
 * FlatGeobuf 3 (flatgeobuf.org): streamed in the order of the rows, without an index; with `index=true`, and always in files to keep, sorted along a
 * Hilbert curve behind a packed R-tree, which is made in temporary files first. Every kind of geometry and column has its like.
 */
export const flatgeobuf: CollectionFormat = {
  names: ['flatgeobuf', 'fgb'],
  title: 'FlatGeobuf',
  mediaTypes: ['application/flatgeobuf', 'application/vnd.flatgeobuf'],
  extension: 'fgb',
  parameters: ['index'],
  isKept: true,
  isText: false,
  isStreamed: true,
  write: (table, options) => (isIndexed(options) ? writeIndexed(table, options.temporaryFolder) : writeStreamed(table)),
}

function isIndexed({ parameters, isStored = false }: WriteOptions): boolean {
  const asked = parameters.get('index')
  if (asked === undefined) return isStored
  if (asked === 'true' || asked === 'false') return asked === 'true'
  throw new Problem('invalid-parameter', `index is “${asked}”; true or false would work.`, { locator: 'index' })
}

const pieceBytes = 128 * 1024

async function* writeStreamed(table: FeatureTable): AsyncGenerator<Uint8Array, void> {
  const put = featureWriter(table)
  const sink = new LittleSink(2 * pieceBytes)
  let count = 0
  yield headerBytes(table, { count: table.count ?? 0 })
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      put(sink, row.at(i))
      count++
      if (sink.at > pieceBytes) yield sink.take()
    }
  }
  // readers stop at the count of the head, or miss what it promises
  if (table.count !== undefined && table.count !== count)
    throw new Problem(
      'conflict',
      `The collection changed while it was written: ${count} features came and ${table.count} were counted. Try again.`,
    )
  if (sink.at) yield sink.take()
}
