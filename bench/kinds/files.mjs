import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { costOf } from '../load/processes.mjs'
import { startArpent } from '../peers/arpent.mjs'
import { untilReady } from '../peers/ready.mjs'
import { get } from '../support/measure.mjs'
import { getMap } from '../world/workloads.mjs'
import { fail } from './rounds.mjs'

/** Thousands of files: seconds until the first map, when nothing is known of them and when all is; what maps at any zoom read. Arpent alone, one round. */
export async function files({ world, cleanup, result, say }, [{ name }]) {
  const { folder, count, box, metres } = world.files
  const home = cleanup.folder('arpent')
  const config = join(home, 'arpent.json')
  writeFileSync(
    config,
    JSON.stringify({ stores: { main: { kind: 'cog', root: folder } }, collections: { dalles: { store: 'main', files: '**/*.tif' } } }),
  )
  const map = width => {
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
    const bbox = [x - width / 2, y - width / 2, x + width / 2, y + width / 2]
    return getMap('/wms?', 'dalles', { crs: 'EPSG:2154', bbox, width: 256, height: 256, mediaType: 'image/jpeg' })
  }
  const add = text => {
    result.facts.push({ workload: name, text })
    say(`${name}: ${text}`)
  }
  let nothing
  try {
    for (const which of ['first', 'next']) {
      nothing ??= await emptyStart(cleanup)
      const began = performance.now()
      const server = await startArpent(cleanup, ['--config', config], home)
      await untilReady(server, server.port, map(metres / 4), 'image/', 600)
      const seconds = (performance.now() - began) / 1000
      const { cpu, rss } = costOf(server.pid)
      const rate =
        which === 'first'
          ? `, ${Math.round(count / Math.max(0.01, seconds - nothing)).toLocaleString('en')} files/s beyond a start with none`
          : ''
      add(
        `${which} start until a map of one file: ${seconds.toFixed(2)} s, ${cpu.toFixed(1)} s of processor, ${Math.round(rss)} MB (a start with no files: ${nothing.toFixed(2)} s)${rate}`,
      )
      if (which === 'next')
        for (const width of [metres / 4, metres * 4, metres * 20, box[2] - box[0]]) {
          const before = readsOf(server.pid)
          const { status, ms, body } = await get(`http://127.0.0.1:${server.port}${map(width)}`)
          const after = readsOf(server.pid)
          const what =
            status === 200 && body[0] === 0xff
              ? 'a map'
              : `${status}: ${body
                  .toString('utf8', 0, 400)
                  .replace(/<[^>]*>|\s+/g, ' ')
                  .trim()
                  .slice(0, 160)}`
          add(
            `${Math.round(width).toLocaleString('en')} m across: ${what} in ${Math.round(ms)} ms, ${after.calls - before.calls} reads of ${Math.round((after.bytes - before.bytes) / 1024).toLocaleString('en')} KB`,
          )
        }
      await server.stop()
    }
  } catch (error) {
    fail({ result, say }, `${name}: ${error.message.slice(0, 500)}`)
  }
}

async function emptyStart(cleanup) {
  const home = cleanup.folder('arpent')
  const config = join(home, 'arpent.json')
  writeFileSync(config, JSON.stringify({ stores: { main: { kind: 'cog', root: home } }, collections: {}, service: { title: 'Nothing' } }))
  const began = performance.now()
  const server = await startArpent(cleanup, ['--config', config], home)
  await untilReady(server, server.port, '/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities', 'xml')
  const seconds = (performance.now() - began) / 1000
  await server.stop()
  return seconds
}

/** Calls of read and their bytes since the start of a process (proc(5), io). */
function readsOf(pid) {
  const text = readFileSync(`/proc/${pid}/io`, 'utf8')
  return { calls: Number(text.match(/syscr: (\d+)/)[1]), bytes: Number(text.match(/rchar: (\d+)/)[1]) }
}
