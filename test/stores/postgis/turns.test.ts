import t from 'tap'
import { Turns } from '#stores/postgis/embedded/turns.js'

t.test('clients alternate, each in its own order', async t => {
  const turns = new Turns<string, number>()
  for (const job of [1, 2, 3]) turns.add('greedy', job)
  turns.add('modest', 10)
  t.same(
    [turns.next(), turns.next(), turns.next(), turns.next(), turns.next()].map(turn => turn?.job),
    [1, 10, 2, 3, undefined],
  )
})

t.test('a lock leaves the others waiting; leaving and forgetting take back', async t => {
  const turns = new Turns<string, number>()
  turns.add('a', 1)
  turns.add('b', 2)
  turns.lock('b')
  t.same(turns.next(), { client: 'b', job: 2 })
  t.equal(turns.next(), undefined)
  turns.unlock('a')
  t.equal(turns.holder, 'b', 'only the holder unlocks')
  turns.leave('b')
  t.same(turns.next(), { client: 'a', job: 1 })
  turns.add('a', 3)
  turns.add('a', 4)
  turns.forget('a', job => job === 3)
  t.equal(turns.next()?.job, 4)
  turns.forget('nobody', () => true)
  t.equal(turns.next(), undefined)
})
