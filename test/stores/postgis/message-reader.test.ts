import t from 'tap'
import type { RowBatch } from '#rows/batch.js'
import { rowView } from '#rows/row-view.js'
import { Answer } from '#stores/postgis/wire/answer.js'
import { MessageReader } from '#stores/postgis/wire/message-reader.js'
import { MessageWriter, parameterText } from '#stores/postgis/wire/message-writer.js'
import { seeded, seededInteger } from '../../support/seeded.js'

const message = (type: string, payload: Uint8Array) => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(payload.length + 4, 1)
  return Buffer.concat([head, payload])
}
const dataRow = (...texts: (string | null)[]) => {
  const parts = texts.flatMap(text => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(text === null ? -1 : Buffer.byteLength(text))
    return text === null ? [length] : [length, Buffer.from(text)]
  })
  const count = Buffer.alloc(2)
  count.writeInt16BE(texts.length)
  return message('D', Buffer.concat([count, ...parts]))
}
const done = message('Z', Buffer.from('I'))
const schema = {
  columns: [
    { name: 'a', oid: 25, kind: 'text' as const },
    { name: 'b', oid: 25, kind: 'text' as const },
  ],
}

t.test('rows come out whole however the answer is cut', async t => {
  const random = seeded(7)
  for (let round = 0; round < 30; round++) {
    const rows = Array.from({ length: seededInteger(random, 0, 400) }, (_, i): [string, string | null] => [
      `ligne ${i} é`,
      random() < 0.2 ? null : 'x'.repeat(seededInteger(random, 0, random() < 0.02 ? 700_000 : 900)),
    ])
    const answer = Buffer.concat([...rows.map(row => dataRow(...row)), message('C', Buffer.from(`SELECT ${rows.length}\0`)), done])
    const reader = new MessageReader()
    const state = new Answer()
    const isFleeting = round % 2 === 1
    const read: unknown[] = []
    const batches: RowBatch[] = []
    const valuesOf = (batch: RowBatch) => Array.from({ length: batch.count }, (_, i) => rowView(batch).at(i).values())
    const take = () => {
      const batch = reader.takeRows(schema)
      if (!isFleeting) return batches.push(batch)
      // looked at now, and its room given back
      read.push(...valuesOf(batch))
      return reader.reclaim()
    }
    let isDone = false
    for (let at = 0; at < answer.length; ) {
      const size = seededInteger(random, 1, random() < 0.5 ? 50 : 70_000)
      reader.push(answer.subarray(at, at + size))
      at += size
      isDone = state.consume(reader)
      if (reader.rowBytes > seededInteger(random, 1, 200_000)) take()
    }
    take()
    read.push(...batches.flatMap(valuesOf))
    t.same(read, rows)
    t.ok(isDone && reader.isEmpty && state.tag === `SELECT ${rows.length}`)
  }
})

t.test('what is not the protocol is refused before it is believed', async t => {
  for (const length of [0, 3, -1, 2 ** 30 + 1]) {
    const reader = new MessageReader()
    const head = Buffer.from('D\0\0\0\0')
    head.writeInt32BE(length, 1)
    reader.push(head)
    t.throws(() => reader.next(), RangeError)
  }
})

t.test('parameters are texts that PostgreSQL reads back', async t => {
  t.equal(parameterText(null), null)
  t.equal(parameterText(12n ** 20n), String(12n ** 20n))
  t.equal(parameterText(new Uint8Array([0, 255])), '\\x00ff')
  t.equal(parameterText(['a"b', '\\', null, '']), '{"a\\"b","\\\\",NULL,""}')
  t.throws(() => new MessageWriter().query('SELECT 1\0; DROP'), RangeError)
})
