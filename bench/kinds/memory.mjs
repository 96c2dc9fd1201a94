import { load } from '../load/generator.mjs'
import { costOf } from '../load/processes.mjs'
import { median } from '../support/measure.mjs'
import { fail, startAll } from './rounds.mjs'

const steps = 20
/** Share of the tiles after which memory must be level. */
const warmUp = 0.3

/** Memory of Arpent over very many distinct maps, workload by workload: the course of it, and how far it moves after the warm-up. */
export async function memory(context, workloads) {
  for (const workload of workloads) await courseOf(context, workload)
}

/** `parts` are `{ layer, requests }`, which are asked for in an order without pattern. */
async function courseOf(context, { name, title, parts }) {
  const { world, cleanup, result, say, present } = context
  const arpent = present.filter(peer => peer.name === 'arpent')
  const layers = parts.map(({ layer }) => layer)
  const [one] = await startAll({ ...context, present: arpent }, peer => peer.start(world, { cleanup, layers, ready: parts }))
  if (!one) return
  const { server } = one
  const rest = costOf(server.pid).rss
  const inOrder = parts.flatMap(({ layer, requests }) => requests.map(request => server.mapPath({ layer }, request)))
  const paths = inOrder.map((_, k) => inOrder[(k * 7919) % inOrder.length])
  const [{ mediaType }] = parts[0].requests
  const course = []
  let done = 0
  for (let step = 0; step < steps; step++) {
    const most = Math.ceil(paths.length / steps)
    const run = await load({ port: server.port, paths, mediaType, concurrency: 4, seconds: 1800, most, first: done })
    done += most
    if (run.wrong > 0) fail(context, `${name}: ${run.wrong} wrong answers, the first ${run.firstWrong}`)
    course.push(Math.round(costOf(server.pid).rss))
    say(`${name}: ${done.toLocaleString('en')} maps, ${course.at(-1)} MB, ${Math.round(run.perSecond)} a second`)
  }
  await server.stop()
  const level = course.slice(Math.floor(steps * warmUp))
  const [least, most, middle] = [Math.min(...level), Math.max(...level), median(level)]
  const spread = Math.max(most - middle, middle - least) / middle
  const text = `${title}: ${Math.round(rest)} MB at rest, then ${course.join(', ')} MB; after the first ${warmUp * 100} % ${least} to ${most} MB, ±${(spread * 100).toFixed(0)} %`
  result.facts.push({ workload: name, text })
  result.memory.arpent ??= { rest, peak: most, after: course.at(-1) }
}
