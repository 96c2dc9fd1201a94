import { limitsOf } from '../limits.mjs'
import { load } from '../load/generator.mjs'
import { costOf } from '../load/processes.mjs'
import { alternated, checked, measured, pathsOf, startAll, summary } from './rounds.mjs'

/** Of the same load before it is timed. */
const warmSeconds = 2

/** Pictures of running servers: all start once, every answer is in everybody's reach before the rounds. */
export async function maps(context, wanted) {
  const { world, plan, cleanup, say, result } = context
  const layers = [...new Map(wanted.map(({ layer }) => [layer.name, layer])).values()]
  const servers = await startAll(context, peer => peer.start(world, { cleanup, layers, ready: wanted }))
  for (const { peer, server } of servers) result.memory[peer.name] = { rest: costOf(server.pid).rss, peak: 0 }
  for (const workload of wanted) {
    const right = await checked(context, workload, servers)
    const warm = ({ server }, concurrency, more) => {
      const paths = pathsOf(server, workload)
      return load({ port: server.port, paths, mediaType: workload.requests[0].mediaType, concurrency, ...more(paths) })
    }
    // Everything has been asked for by every process: pages and blocks are in memory.
    for (const one of right) await warm(one, 4, paths => ({ seconds: Math.max(6, plan.seconds), most: paths.length * 4 }))
    for (const concurrency of plan.concurrency) {
      // Code is compiled, too: who is asked by one may take another way than who is asked by several.
      for (const one of right) await warm(one, concurrency, () => ({ seconds: warmSeconds }))
      for (let round = 0; round < plan.rounds; round++)
        for (const one of alternated(right, round)) {
          const cell = await measured(context, one, workload, { concurrency, round })
          result.cells.push({ workload: workload.name, server: one.peer.name, concurrency, round, ...cell })
        }
    }
    if (right[0] && plan.limits) await limitsOf(context, workload, right[0].server)
    say(summary(result, workload.name))
  }
  await new Promise(resolve => setTimeout(resolve, 2000))
  for (const { peer, server } of servers) {
    result.memory[peer.name].after = costOf(server.pid).rss
    await server.stop()
  }
}
