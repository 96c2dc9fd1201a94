import { load } from '../load/generator.mjs'
import { costOf } from '../load/processes.mjs'
import { median } from '../support/measure.mjs'
import { mercatorBoxes } from '../world/requests.mjs'
import { fail, startAll } from './rounds.mjs'

const steps = 20
/** Share of the tiles after which memory must be level. */
const warmUp = 0.3

/** Memory of Arpent over distinct tiles of very many files: the course of it, and how far it moves after the warm-up. */
export async function memory(context, [{ name }]) {
  const { world, cleanup, result, say, present } = context
  const { mosaic, tiles } = world
  const layer = { name: 'mosaic', published: 'mosaic', type: 'raster', raster: mosaic, extent: mosaic.box }
  const perLevel = Math.ceil(tiles / 3)
  const requests = [0.5, 1, 2].flatMap((perPixel, level) => mercatorBoxes(mosaic, 20 + level, { count: perLevel, perPixel }))
  const arpent = present.filter(peer => peer.name === 'arpent')
  const ready = [{ layer, requests }]
  const [one] = await startAll({ ...context, present: arpent }, peer => peer.start(world, { cleanup, layers: [layer], ready }))
  if (!one) return
  const { server } = one
  const rest = costOf(server.pid).rss
  const paths = requests.map((_, k) => server.mapPath({ layer }, requests[(k * 7919) % requests.length]))
  const course = []
  let done = 0
  for (let step = 0; step < steps; step++) {
    const most = Math.ceil(paths.length / steps)
    const run = await load({ port: server.port, paths, mediaType: 'image/jpeg', concurrency: 4, seconds: 1800, most, first: done })
    done += most
    if (run.wrong > 0) fail(context, `${name}: ${run.wrong} wrong answers, the first ${run.firstWrong}`)
    course.push(Math.round(costOf(server.pid).rss))
    say(`${name}: ${done.toLocaleString('en')} tiles, ${course.at(-1)} MB, ${Math.round(run.perSecond)} a second`)
  }
  await server.stop()
  const level = course.slice(Math.floor(steps * warmUp))
  const [least, most, middle] = [Math.min(...level), Math.max(...level), median(level)]
  const spread = Math.max(most - middle, middle - least) / middle
  const text = `${done.toLocaleString('en')} distinct tiles of ${mosaic.paths.length.toLocaleString('en')} files: ${Math.round(rest)} MB at rest, then ${course.join(', ')} MB; after the first ${warmUp * 100} % ${least} to ${most} MB, ±${(spread * 100).toFixed(0)} %`
  result.facts.push({ workload: name, text })
  result.memory.arpent ??= { rest, peak: most, after: course.at(-1) }
}
