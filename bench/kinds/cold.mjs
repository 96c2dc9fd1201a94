import { alternated, checked, measured, startAll, summary } from './rounds.mjs'

/** Restarted before each round; every request needs what nobody has decoded. */
export async function cold(context, wanted) {
  const { world, plan, cleanup, result, say } = context
  for (const workload of wanted) {
    for (let round = 0; round < plan.rounds; round++)
      for (const peer of alternated(context.present, round)) {
        const start = () => peer.start(world, { cleanup, layers: [workload.layer], ready: [{ ...workload, requests: [coarse(workload)] }] })
        const [one] = await startAll({ ...context, present: [peer] }, start)
        if (!one) continue
        const cell = await measured(context, one, workload, { concurrency: 1, round, most: workload.requests.length, seconds: 60 })
        if (round === 0 && (await checked(context, workload, [one])).length === 0) cell.perSecond = 0
        result.cells.push({ workload: workload.name, server: peer.name, concurrency: 1, round, ...cell })
        await one.server.stop()
      }
    say(summary(result, workload.name))
  }
}

/** A map of everything: an answer to wait for that decodes nothing of the level that is measured. */
function coarse({ requests }) {
  const all = requests.map(({ bbox }) => bbox)
  const bbox = [Math.min, Math.min, Math.max, Math.max].map((most, k) => most(...all.map(box => box[k])))
  return { ...requests[0], bbox }
}
