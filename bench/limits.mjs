// What nobody can beat, measured in the same run: the same bytes by nginx and by a bare Fastify route, the same rows by COPY BINARY, the same picture by the bare kernels.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { startJpeg } from '../dist/formats/images/jpeg.js'
import { startPngEncoder } from '../dist/formats/images/png.js'
import { transformBetween } from '../dist/geo/transform.js'
import { openCanvas } from '../dist/render/canvas.js'
import { paintLayer } from '../dist/render/draw-features.js'
import { startDrawKernel } from '../dist/render/kernels/draw-kernel.js'
import { placeInMapCrs } from '../dist/render/place-source.js'
import { planWarp } from '../dist/render/warp.js'
import { startWarpKernel } from '../dist/render/warp-kernel.js'
import { oidOfKind } from '../dist/rows/pg-types.js'
import { RowBuilder } from '../dist/rows/row-builder.js'
import { startProgram } from './cleanup.mjs'
import { scratchOf } from './kinds/rounds.mjs'
import { load } from './load/generator.mjs'
import { freePort } from './load/ports.mjs'
import { costOf } from './load/processes.mjs'
import { hasWrk, loadByWrk } from './load/wrk.mjs'
import { missing, nginxConf } from './peers/fastcgi.mjs'
import { untilReady } from './peers/ready.mjs'
import { get } from './support/measure.mjs'

/** Measures the limits of a workload, with the answer that a server gives to its first request. */
export async function limitsOf(context, workload, server) {
  const { world, plan, cleanup, result } = context
  const [{ mediaType }] = workload.requests
  const add = (title, perSecond, more) => result.limits.push({ workload: workload.name, title, concurrency: 1, perSecond, ...more })
  const { body } = await get(`http://127.0.0.1:${server.port}${server.mapPath(workload, workload.requests[0])}`)
  for (const start of [startNginxLimit, startFastifyLimit]) {
    const limit = await start(cleanup, body, mediaType)
    if (!limit) continue
    const client = hasWrk() ? loadByWrk : load
    for (const concurrency of workload.isTiny ? plan.concurrency : [1]) {
      const before = costOf(limit.pid).cpu
      const { perSecond, requests } = await client({
        port: limit.port,
        paths: [limit.path],
        mediaType,
        concurrency,
        seconds: plan.seconds,
        folder: scratchOf(context),
      })
      add(limit.title, perSecond, { concurrency, cpu: (costOf(limit.pid).cpu - before) / Math.max(1, requests) })
    }
    await limit.stop()
  }
  const { seconds } = plan
  if (workload.layer.type !== 'raster') {
    add('COPY BINARY of the same rows', await copyBinary(world, workload, { concurrency: 1, seconds }))
    // labels are placed by more than a kernel
    if (!workload.layer.rule.label) add('bare kernels: draw and PNG, rows in memory', await bareKernels(world, workload, { seconds }))
  } else if (!workload.isTiny && workload.layer.raster.paths.length === 1) {
    add('bare kernels: warp and JPEG, pixels in memory', await bareWarp(workload.layer.raster, workload, { seconds }))
  }
}

/** nginx sending a file, where it is installed; `{ title, port, path, stop }`. */
async function startNginxLimit(cleanup, bytes, mediaType) {
  if (missing({ nginx: 'nginx-light' })) return undefined
  const folder = cleanup.folder('nginx')
  mkdirSync(join(folder, 'temporary'))
  const path = mediaType === 'image/png' ? '/answer.png' : '/answer.jpg'
  writeFileSync(join(folder, path), bytes)
  const port = await freePort()
  writeFileSync(join(folder, 'nginx.conf'), nginxConf(folder, port, `location / { root ${folder}; }`))
  const program = startProgram(cleanup, 'nginx', ['-c', join(folder, 'nginx.conf'), '-e', 'stderr'])
  await untilReady(program, port, path, mediaType)
  return { title: 'nginx, the same bytes by sendfile', pid: program.pid, port, path, stop: program.stop }
}

/** A Fastify route that answers the same bytes. */
async function startFastifyLimit(cleanup, bytes, mediaType) {
  const folder = cleanup.folder('fastify')
  writeFileSync(join(folder, 'answer'), bytes)
  const port = await freePort()
  const program = startProgram(cleanup, process.execPath, [
    fileURLToPath(new URL('./limits-fastify.mjs', import.meta.url)),
    join(folder, 'answer'),
    mediaType,
    String(port),
  ])
  await untilReady(program, port, '/', mediaType)
  return { title: 'a bare Fastify route, the same bytes', pid: program.pid, port, path: '/', stop: program.stop }
}

/** Requests per second when the same rows leave PostgreSQL by COPY BINARY and nothing is done with them, over `concurrency` connections. */
async function copyBinary({ postgres }, { layer, requests }, { concurrency, seconds }) {
  let done = 0
  const began = performance.now()
  const one = async first => {
    const client = new pg.Client({ host: postgres.socket, port: postgres.port, user: postgres.user, database: postgres.database })
    await client.connect()
    for (let k = first; performance.now() - began < seconds * 1000; k += concurrency) {
      const box = requests[k % requests.length].bbox
      const stream = client.query(
        copyTo(`COPY (SELECT geom FROM ${layer.table} WHERE geom && ST_MakeEnvelope(${box.join(',')}, 2154)) TO STDOUT (FORMAT binary)`),
      )
      await finished(stream.resume())
      done++
    }
    await client.end()
  }
  await Promise.all(Array.from({ length: concurrency }, (_, k) => one(k)))
  return done / ((performance.now() - began) / 1000)
}

/** Pictures per second on one thread when the rows are in memory already, snapped to a quarter of a pixel: drawing, and PNG. */
async function bareKernels({ postgres }, { layer, requests }, { seconds }) {
  const client = new pg.Client(postgres.url)
  await client.connect()
  const jobs = []
  for (const request of requests.slice(0, 12)) {
    const { bbox, width } = request
    const { rows } = await client.query(
      `SELECT ST_AsEWKB(coalesce(ST_SnapToGrid(geom, $1), geom)) AS geom FROM ${layer.table} WHERE geom && ST_MakeEnvelope($2, $3, $4, $5, 2154)`,
      [(bbox[2] - bbox[0]) / width / 4, ...bbox],
    )
    const builder = new RowBuilder({ columns: [{ name: 'geom', kind: 'geometry', oid: oidOfKind.geometry }] })
    for (const { geom } of rows) builder.row([new Uint8Array(geom)])
    jobs.push({ request, batch: builder.take() })
  }
  await client.end()
  const kernel = startDrawKernel()
  const encode = startPngEncoder()
  const { passes } = layer.style
  const more = { scale: { scaleDenominator: 1, pixelRatio: 1 }, geometry: 'geom', compilerFor: () => ({}), icons: {} }
  const draw = ({ request, batch }) => {
    const canvas = openCanvas(request.width, request.height, 0xffffff, kernel)
    const painter = paintLayer(canvas, { ...more, passes, tolerance: (request.bbox[2] - request.bbox[0]) / request.width / 8 })
    painter.place(placeInMapCrs(request))
    painter.draw(batch)
    painter.finish()
    encode(canvas.finish(), request.width, request.height)
  }
  // The first time through, code is compiled.
  for (const job of jobs) draw(job)
  const began = performance.now()
  let done = 0
  while (performance.now() - began < seconds * 1000) draw(jobs[done++ % jobs.length])
  return done / ((performance.now() - began) / 1000)
}

/** Pictures per second on one thread when the source pixels are in the kernel's memory already, RGBA: planning, warping, JPEG. */
async function bareWarp(ortho, { requests }, { seconds }) {
  const kernel = startWarpKernel()
  const { encode } = startJpeg()
  const levels = [1, 2, 4, 8].map(factor => ({ width: ortho.side / factor, height: ortho.side / factor }))
  const shape = { width: ortho.side, height: ortho.side, levels }
  const scale = ortho.side / (ortho.box[2] - ortho.box[0])
  const { point } = transformBetween('EPSG:3857', 'EPSG:2154')
  const draw = async ({ bbox, width, height }) => {
    const per = (bbox[2] - bbox[0]) / width
    const locate = (x, y) => {
      const [east, north] = point(bbox[0] + x * per, bbox[3] - y * per)
      return [(east - ortho.box[0]) * scale, (ortho.box[3] - north) * scale]
    }
    for (const { box, window, cells, extent } of planWarp(shape, { width, height }, locate, false)) {
      kernel.layOut(window, box)
      for (const cell of cells) kernel.warp(cell, extent, 'bilinear')
      const { buffer, byteOffset, byteLength } = kernel.output()
      await encode({ ...box, rgba: new Uint8Array(buffer, byteOffset, byteLength) })
    }
  }
  // The first time through, code is compiled.
  for (const request of requests) await draw(request)
  const began = performance.now()
  let done = 0
  while (performance.now() - began < seconds * 1000) await draw(requests[done++ % requests.length])
  return done / ((performance.now() - began) / 1000)
}
