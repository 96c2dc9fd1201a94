import { get as httpGet } from 'node:http'
import { load } from '../load/generator.mjs'
import { costOf, watchMemory } from '../load/processes.mjs'
import { arpent } from '../peers/arpent.mjs'
import { fail } from './rounds.mjs'

/** Files of all rows, where the format is there: streamed, and of any length. */
const formats = ['csv', 'fgb', 'parquet']

/** A long table: small pages by box, how fast; all rows as a file, and how much memory that takes above rest. Arpent alone. */
export async function exports(context, [workload]) {
  const { world, cleanup, result, say, plan } = context
  const { points } = world
  const layer = { name: 'points', published: 'points', table: 'many_points', type: 'POINT', extent: points.extent }
  const own = { ...workload, layer }
  const server = await arpent.start(world, { cleanup, layers: [layer], ready: [own] })
  const add = text => {
    result.facts.push({ workload: workload.name, text })
    say(`${workload.name}: ${text}`)
  }
  try {
    const paths = workload.requests.map(request => server.mapPath(own, request))
    await load({ port: server.port, paths, mediaType: 'json', concurrency: 1, seconds: 10, most: paths.length })
    const { p50, p99, perSecond, wrong, firstWrong } = await load({
      port: server.port,
      paths,
      mediaType: 'json',
      concurrency: 1,
      seconds: plan.seconds,
    })
    if (wrong > 0) fail(context, `${workload.name}: ${firstWrong}`)
    add(
      `ten of ${points.count.toLocaleString('en')} points by box: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${Math.round(perSecond)} a second for one client`,
    )
    for (const format of formats) {
      const rest = costOf(server.pid)
      const watch = watchMemory(server.pid)
      const answer = await download(server.port, `/collections/points/items?f=${format}&limit=-1`)
      const peak = watch.stop()
      const cost = costOf(server.pid)
      if (answer.status !== 200) add(`${format}: ${answer.status}`)
      else
        add(
          `${format}: ${answer.rows === undefined ? '' : `${answer.rows.toLocaleString('en')} lines, `}${Math.round(answer.bytes / 1e6).toLocaleString('en')} MB in ${answer.seconds.toFixed(1)} s, first byte after ${Math.round(answer.first)} ms, ${(cost.cpu - rest.cpu).toFixed(1)} s of processor; ${Math.round(rest.rss)} MB at rest, ${Math.round(peak)} MB at most (${Math.round(peak - rest.rss)} above)`,
        )
    }
  } finally {
    await server.stop()
  }
}

/** Reads and counts: `{ status, bytes, rows, seconds, first }`; `rows` are the ends of lines of a CSV. Rejects where the answer breaks off. */
function download(port, path) {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    httpGet({ host: '127.0.0.1', port, path, agent: false }, answer => {
      const first = performance.now() - began
      const isText = String(answer.headers['content-type']).includes('csv')
      let bytes = 0
      let rows = isText ? 0 : undefined
      answer.on('data', chunk => {
        bytes += chunk.length
        if (isText) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++
      })
      answer.on('end', () =>
        answer.complete
          ? resolve({ status: answer.statusCode, bytes, rows, seconds: (performance.now() - began) / 1000, first })
          : reject(new Error(`${path} broke off after ${bytes} bytes`)),
      )
      answer.on('error', reject)
    }).on('error', reject)
  })
}
