import t from 'tap'
import type { RowBatch } from '#rows/batch.js'
import { oids } from '#rows/pg-types.js'
import { replaceFields } from '#rows/replace-fields.js'
import { rowView } from '#rows/row-view.js'

/** Rows as PostgreSQL sends them, `gap` bytes in front of each. */
function batchOf(rows: readonly (readonly [number | null, string | null])[], gap = 0): RowBatch {
  const field = (bytes: Buffer | null) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(bytes ? bytes.length : -1)
    return bytes ? Buffer.concat([length, bytes]) : length
  }
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }
  const parts = rows.map(([key, text]) =>
    Buffer.concat([Buffer.alloc(gap, 0xff), field(key === null ? null : number(key)), field(text === null ? null : Buffer.from(text))]),
  )
  let at = 0
  const starts = parts.map(part => {
    at += part.length
    return at - part.length + gap
  })
  return { schema: { columns }, count: rows.length, bytes: Buffer.concat(parts), offsets: Int32Array.from([...starts, at]) }
}

const columns = [
  { name: 'key', oid: oids.int4, kind: 'integer' },
  { name: 'text', oid: oids.text, kind: 'text' },
] as const
const schema = { columns: [{ name: 'key', oid: oids.text, kind: 'text' }, columns[1]] } as const

t.test('fields become other texts, the rest stays, batch by batch', async t => {
  const long = 'é'.repeat(20_000)
  const given = [batchOf([[1, 'a'], [null, ''], [-7, null]]), batchOf([]), batchOf([[2, long], [null, null]], 5)] // biome-ignore format: rows
  const asked: number[] = []
  async function* batches() {
    for (const [i, batch] of given.entries()) {
      asked.push(i)
      yield batch
    }
  }
  const found: unknown[] = []
  let before = 0
  for await (const batch of replaceFields(batches(), schema, new Map([[0, (row, column) => `«${row.text(column)}»`]]))) {
    t.equal(asked.length, ++before, 'nothing is read ahead')
    const view = rowView(batch)
    for (let row = 0; row < batch.count; row++) found.push(view.at(row).values())
  }
  t.same(found, [['«1»', 'a'], [null, ''], ['«-7»', null], ['«2»', long], [null, null]]) // biome-ignore format: rows
})

t.test('whoever stops frees the rows', async t => {
  let isFreed = false
  async function* batches() {
    try {
      for (;;) yield batchOf([[1, 'a']])
    } finally {
      isFreed = true
    }
  }
  for await (const _ of replaceFields(batches(), schema, new Map())) break
  t.ok(isFreed)
})
