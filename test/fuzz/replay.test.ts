import { existsSync, readdirSync } from 'node:fs'
import t from 'tap'
import { readRegressions } from './regressions.js'
import { replay } from './replay.js'
import { targets } from './targets.js'

t.test('what failed once never fails again', async t => {
  for (const target of targets)
    for (const { file, fault } of await replay(target)) t.equal(fault && `${fault.invariant}: ${fault.message}`, undefined, file)
})

t.test('every file kept belongs to a target', async t => {
  const folders = existsSync('fixtures/fuzz') ? readdirSync('fixtures/fuzz') : []
  t.same(
    folders.filter(name => !targets.some(target => target.name === name)),
    [],
  )
  for (const name of folders)
    for (const { file, found } of readRegressions(name)) t.match(found, /^(answers|time|memory|log|well-formed|same): /, file)
})
