import { costOf } from '../load/processes.mjs'
import { alternated, startAll, summary } from './rounds.mjs'

/** From the command until the first map. */
export async function starts(context, wanted) {
  const { world, plan, cleanup, result, say, present } = context
  for (const workload of wanted) {
    const layers = workload.layers ?? [workload.layer]
    for (let round = 0; round < plan.rounds; round++)
      for (const peer of alternated(present, round)) {
        const began = performance.now()
        const [one] = await startAll({ ...context, present: [peer] }, () => peer.start(world, { cleanup, layers, ready: [workload] }))
        if (!one) continue
        // What prepares a peer's files is no part of its start.
        const seconds = one.server.startedIn ?? (performance.now() - began) / 1000
        const { cpu } = costOf(one.server.pid)
        const times = { perSecond: 1 / seconds, p50: seconds * 1000, p99: seconds * 1000 }
        result.cells.push({
          workload: workload.name,
          server: peer.name,
          concurrency: 1,
          round,
          ...times,
          cpu,
          databaseCpu: 0,
          requests: 1,
          wrong: 0,
        })
        await one.server.stop()
      }
    say(summary(result, workload.name))
  }
}
