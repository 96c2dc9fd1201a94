import t from 'tap'
import { runWorld } from '../clients/support/run-world.js'
import { ask, faultsOf, settled } from './support/judge.js'
import { readReplays } from './support/replay.js'

t.test('requests as clients send them', async t => {
  const server = await runWorld()
  t.teardown(() => server.stop())

  for (const { client, replays } of readReplays())
    await t.test(client, async t => {
      for (const replay of replays) {
        const { row, traps, what, answer, later } = replay
        const name = `${[row, ...traps].join(', ')}: ${what}${later ? ` (later, issue ${later.issue}: ${later.then})` : ''}`
        try {
          const found = await ask(server.address, await settled(server.address, replay))
          const faults = await faultsOf(server.address, answer, found)
          if (answer.json !== undefined && !faults.length) t.match(JSON.parse(found.bytes.toString()), withPatterns(answer.json), name)
          else t.same(faults, [], name)
        } catch (error) {
          t.fail(name, { error: String(error) })
        }
      }
    })

  const complaints = server.output.stderr.split('\n').filter(line => /"level":"(error|fatal)"/.test(line))
  t.same(complaints, [], 'nothing is logged as an error: the faults were the clients’')
})

/** Texts such as `/x/` become patterns, for tap's `match`. */
function withPatterns(value: unknown): unknown {
  if (typeof value === 'string') {
    const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(value) ?? []
    return source === undefined ? value : new RegExp(source, flags)
  }
  if (Array.isArray(value)) return value.map(withPatterns)
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPatterns(inner)]))
  return value
}
