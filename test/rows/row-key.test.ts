import t from 'tap'
import { oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'

t.test('the key of a field is another where the value is, and where it is longer', async t => {
  const values = ['', '\u0001', 'a', 'b', 'ab', 'ba', 'abcdef', 'abcdeg', 'abcdefg', 'abcdefh', 'é', '中文字', 'x'.repeat(300), null]
  const builder = new RowBuilder({ columns: [{ name: 't', kind: 'text', oid: oids.text }] })
  for (const value of [...values, ...values]) builder.row([value])
  const batch = builder.take()
  const view = rowView(batch)
  const keys = Array.from({ length: batch.count }, (_, row) => view.at(row).key(0))
  t.equal(new Set(keys).size, values.length)
  t.same(keys.slice(values.length), keys.slice(0, values.length), 'the same for the same')
  t.equal(keys.at(-1), null)
})
