import { load } from '../load/generator.mjs'
import { get } from '../support/measure.mjs'
import { alternated, fail, measured, startAll, summary } from './rounds.mjs'

/** Milliseconds from which one answer is enough. */
const tooSlow = 5000

/** The capabilities document of so many layers, which must all be in it. */
export async function capabilities(context, wanted) {
  const { world, plan, cleanup, result, say } = context
  for (const workload of wanted) {
    const { name, count } = workload
    const servers = await startAll(context, peer => peer.start(world, { cleanup, count }))
    const right = []
    for (const one of servers) {
      const { body, ms } = await get(`http://127.0.0.1:${one.server.port}${one.server.capabilitiesPath}`)
      const found = body.toString().match(/<Name>layer_\d+<\/Name>/g)?.length ?? 0
      if (found === count && ms > tooSlow) once(context, workload, one.peer, ms)
      else if (found === count) right.push({ ...one, server: { ...one.server, mapPath: () => one.server.capabilitiesPath } })
      else fail(context, `${one.peer.title} lists ${found} of ${count} layers: ${body.toString('utf8', 0, 200)}`)
    }
    for (const { server } of right)
      await load({ port: server.port, paths: [server.capabilitiesPath], mediaType: 'xml', concurrency: 1, seconds: 30, most: 20 })
    const asked = { ...workload, requests: [{ mediaType: 'xml' }] }
    for (const concurrency of plan.concurrency)
      for (let round = 0; round < plan.rounds; round++)
        for (const one of alternated(right, round)) {
          const cell = await measured(context, one, asked, { concurrency, round })
          result.cells.push({ workload: name, server: one.peer.name, concurrency, round, ...cell })
        }
    for (const { server } of servers) await server.stop()
    say(summary(result, name))
  }
}

/** A cell of one answer. */
function once({ result }, { name }, peer, ms) {
  result.facts.push({ workload: name, text: `${peer.title} took ${Math.round(ms / 1000)} s and was asked once` })
  result.cells.push({
    workload: name,
    server: peer.name,
    concurrency: 1,
    round: 0,
    perSecond: 1000 / ms,
    p50: ms,
    p99: ms,
    requests: 1,
    wrong: 0,
  })
}
