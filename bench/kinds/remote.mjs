import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../cleanup.mjs'
import { freePort } from '../load/ports.mjs'
import { startArpent, tilePath } from '../peers/arpent.mjs'
import { missing, nginxConf } from '../peers/fastcgi.mjs'
import { untilReady } from '../peers/ready.mjs'
import { get } from '../support/measure.mjs'
import { aligned, mercatorBoxes } from '../world/requests.mjs'
import { getMap } from '../world/workloads.mjs'
import { fail } from './rounds.mjs'

/** Requests and bytes that nginx sees when Arpent answers from a COG behind it: counted, not timed. */
export async function remote({ world, cleanup, result, say }, [{ name }]) {
  if (missing({ nginx: 'nginx-light' })) return fail({ result, say }, `${name}: nginx is not installed: apt-get install nginx-light`)
  const add = text => {
    result.facts.push({ workload: name, text })
    say(`${name}: ${text}`)
  }
  for (const [what, raster, request] of [
    ['an aligned tile', world.tiled512, aligned(world.tiled512)[5]],
    ['a map across blocks, reprojected', world.ortho, mercatorBoxes(world.ortho, 9)[0]],
  ]) {
    const files = await serveFiles(cleanup, raster.folder)
    const home = cleanup.folder('arpent')
    const config = join(home, 'arpent.json')
    const file = raster.paths[0].split('/').at(-1)
    writeFileSync(
      config,
      JSON.stringify({
        stores: { far: { kind: 'cog', root: `http://127.0.0.1:${files.port}/` } },
        collections: { far: { store: 'far', files: file } },
      }),
    )
    const server = await startArpent(cleanup, ['--config', config], home)
    try {
      await untilReady(server, server.port, '/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities', 'xml')
      const start = files.seen()
      const { status, body, ms } = await get(
        `http://127.0.0.1:${server.port}${request.tile ? tilePath('far', request) : getMap('/wms?', 'far', request)}`,
      )
      const both = files.seen()
      const answer = status === 200 && body[0] === 0xff ? 'right type' : `${status}: ${body.toString('utf8', 0, 150).replace(/\s+/g, ' ')}`
      const count = ({ requests, bytes }) => `${requests} requests, ${(bytes / 1e6).toFixed(2)} MB`
      const tile = { requests: both.requests - start.requests, bytes: both.bytes - start.bytes }
      add(`${what} (${answer}, ${Math.round(ms)} ms): ${count(start)} until the server was ready, ${count(tile)} for the answer`)
    } catch (error) {
      add(`${what}: not there (${error.message.split('\n').slice(0, 3).join(' ').slice(0, 300)})`)
    }
    await server.stop()
    await files.stop()
  }
}

/** nginx over a folder, with ranges and a log of what it sent; `seen()` is `{ requests, bytes }` so far. */
async function serveFiles(cleanup, root) {
  const folder = cleanup.folder('nginx')
  mkdirSync(join(folder, 'temporary'))
  const log = join(folder, 'access.log')
  const port = await freePort()
  const conf = nginxConf(folder, port, `location / { root ${root}; }`).replace(
    'access_log off;',
    `log_format seen '$status $body_bytes_sent $http_range'; access_log ${log} seen;`,
  )
  writeFileSync(join(folder, 'nginx.conf'), conf)
  const program = startProgram(cleanup, 'nginx', ['-c', join(folder, 'nginx.conf'), '-e', 'stderr'])
  const seen = () => {
    const lines = readFileSync(log, 'utf8')
      .split('\n')
      .filter(line => !/^404 /.test(line) && line)
    return { requests: lines.length, bytes: lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0) }
  }
  await new Promise(resolve => setTimeout(resolve, 500))
  return { port, seen, stop: program.stop }
}
