// What INSPIRE asks of a view service, and four times as strict: 20 requests a second of 800 x 600 pixels for a minute, PostgreSQL on the same machine,
// every map another one. They come at their time whether the ones before are answered or not. INSPIRE: 90 % within 5 s (Regulation 976/2009, annex I); ours: within 1 s.
// npm run build && node bench/steady-load.mjs [--seconds 60] [--rate 20]
import { setTimeout as later } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Agent, request } from 'undici'
import { startCleanup } from './cleanup.mjs'
import { costOf } from './load/processes.mjs'
import { arpent } from './peers/arpent.mjs'
import { makeWorld } from './world/index.mjs'
import { chosenWorkloads, workloadsFor } from './world/workloads.mjs'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, rate: { type: 'string', default: '20' } } })
const [seconds, rate] = [Number(values.seconds), Number(values.rate)]
const sizes = { features: 100_000, cogs: 1, orthoSide: 12_288, layerCounts: [], importRows: 0, files: 0, tiles: 0 }
const [width, height] = [800, 600]

/** The same place and scale on a map of 800 x 600. */
function widened(request) {
  const [minX, minY, maxX, maxY] = request.bbox
  const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2]
  const perPixel = (maxX - minX) / request.width
  const [halfX, halfY] = [(perPixel * width) / 2, (perPixel * height) / 2]
  return { ...request, bbox: [x - halfX, y - halfY, x + halfX, y + halfY], width, height }
}

const cleanup = startCleanup()
try {
  const all = workloadsFor(sizes)
  const wanted = [
    'png-light',
    'png-lines',
    'png-points',
    'real-light',
    'real-dense',
    'real-lines',
    'real-points',
    'real-communes',
    'ortho-warm',
  ]
  const world = await makeWorld(
    cleanup,
    sizes,
    chosenWorkloads(
      all,
      wanted.filter(name => all.some(one => one.name === name)),
    ),
    console.log,
  )
  const { workloads } = world
  const server = await arpent.start(world, { cleanup, layers: workloads.map(({ layer }) => layer), ready: workloads })
  const agent = new Agent({ connections: 64 })
  const times = []
  const failures = []
  const ask = async k => {
    const workload = workloads[k % workloads.length]
    const map = widened(workload.requests[Math.floor(k / workloads.length) % workload.requests.length])
    const began = performance.now()
    const { statusCode, headers, body } = await request(`http://127.0.0.1:${server.port}${server.mapPath(workload, map)}`, {
      dispatcher: agent,
    })
    await body.arrayBuffer()
    times.push(performance.now() - began)
    if (statusCode !== 200 || headers['content-type'] !== map.mediaType)
      failures.push(`${workload.name}: ${statusCode} ${headers['content-type']}`)
  }
  for (let k = 0; k < 40; k++) await ask(k)
  times.length = 0
  const before = costOf(server.pid).cpu
  const began = performance.now()
  const running = []
  for (let k = 0; k < rate * seconds; k++) {
    await later(Math.max(0, (k * 1000) / rate - (performance.now() - began)))
    running.push(ask(40 + k))
  }
  await Promise.all(running)
  times.sort((a, b) => a - b)
  const at = share => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))])
  const cost = ((costOf(server.pid).cpu - before) * 1000) / times.length
  console.log(
    `${workloads.length} layers (${workloads.map(({ name }) => name).join(', ')}), ${times.length} maps of ${width} x ${height}, ${rate} a second: ${failures.length} failed`,
  )
  console.log(
    `answered within ${at(0.5)} ms (half), ${at(0.9)} ms (90 %), ${at(0.99)} ms (99 %), ${at(1)} ms (all); within a second ${((100 * times.filter(t => t < 1000).length) / times.length).toFixed(1)} %`,
  )
  console.log(`${cost.toFixed(1)} ms of the server's processor a map`)
  if (failures.length > 0) console.log(failures.slice(0, 5).join('\n'))
  process.exitCode = failures.length === 0 && at(0.9) < 1000 ? 0 : 1
} finally {
  await cleanup.all()
}
