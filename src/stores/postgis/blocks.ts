import type { FeatureQuery } from '#core/queries.js'
import type { Database } from './database.js'
import type { Segment } from './keyset-sql.js'
import { strangePlace } from './keyset-sql.js'
import { tableSql } from './sql.js'

/** Blocks of the first part where a filter may leave out most rows, and of the largest: 400 MB, which are put in order at once. */
const [fewBlocks, mostBlocks] = [64, 50_000]

/**
 * The rows behind `after` of a table without a key, as ranges of its blocks, each four times as long as the one before: a range is read and put in
 * order (a scan of a range promises none), so the first is about as long as the page.
 */
export async function blocksBehind({ session }: Database, query: FeatureQuery, signal?: AbortSignal): Promise<readonly Segment[]> {
  const { source, after, limit, filter } = query
  const last = placeOfId(after)
  const statement = {
    text: `SELECT pg_relation_size(c.oid) / current_setting('block_size')::int8 AS blocks, c.reltuples / greatest(c.relpages, 1) AS rows
      FROM pg_class c WHERE c.oid = $1::regclass`,
    values: [tableSql(source)],
  }
  const { rows } = await session(one => one.query(statement), { signal, isRepeatable: true })
  const blocks = Number(rows[0]?.blocks ?? 0)
  const rowsPerBlock = Math.max(Number(rows[0]?.rows ?? 0), 1)
  const wanted = Math.ceil(((limit ?? Number.POSITIVE_INFINITY) * 1.2) / rowsPerBlock) + 1
  let size = Math.min(mostBlocks, filter ? Math.max(fewBlocks, wanted) : wanted)
  const segments: Segment[] = []
  let from = last
  for (let end = last.block + size; end < blocks; end += size) {
    segments.push({ ...behind(from), before: `(${end},0)` })
    from = { block: end, row: 0 }
    size = Math.min(mostBlocks, size * 4)
  }
  return [...segments, behind(from)]
}

interface Address {
  readonly block: number
  readonly row: number
}

const behind = ({ block, row }: Address): Segment => ({
  equal: [],
  beyond: { places: [{ column: 'ctid', value: `(${block},${row})` }], descending: false },
})

function placeOfId(after: FeatureQuery['after']): Address {
  if (!after) return { block: 0, row: 0 }
  const match = after.length === 1 ? /^(\d{1,10})-(\d{1,5})$/.exec(after[0] ?? '') : null
  if (!match || Number(match[1]) > 0xffffffff || Number(match[2]) > 0xffff) throw strangePlace()
  return { block: Number(match[1]), row: Number(match[2]) }
}
