import t from 'tap'
import { judgeResults } from './ratchet.js'
import type { Result } from './run-suite.js'

const result = (name: string, outcome: Result['outcome']): Result => ({ name, outcome, asked: 1 })
const expected = { passed: ['a', 'b', 'c', 'gone'], red: { d: 'not built' }, void: { e: 'nothing there' } }

t.test('a name that passed and does not any more is lost, whether it fails, is void or did not run', async t => {
  const results = [result('a', 'passed'), result('b', 'failed'), result('c', 'void')]
  const standings = judgeResults(results, expected).map(({ name, standing }) => `${name} ${standing}`)
  t.same(standings, ['a passed', 'b lost', 'c lost', 'gone lost'])
})

t.test('what fails is red where a reason is known, else unlisted; what passes for the first time is gained', async t => {
  const results = [result('d', 'failed'), result('e', 'void'), result('new', 'failed'), result('better', 'passed')]
  const standings = judgeResults(results, { ...expected, passed: [] }).map(({ standing }) => standing)
  t.same(standings, ['red', 'void', 'unlisted', 'gained'])
  t.same(
    judgeResults([result('x', 'failed')]).map(({ standing }) => standing),
    ['unlisted'],
    'a suite nobody has expected anything of',
  )
})
