import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { serveFiles } from '../support/file-server.js'
import { type TiffSpec, writeTiff } from '../support/make-tiff.js'
import { runProgram } from '../support/run-program.js'
import { type RunningServer, runServer } from '../support/running-server.js'
import { noS3, startS3 } from '../support/s3-server.js'

const folder = t.testdir()
const data = join(folder, 'data')
const tile = (column: number, row: number): TiffSpec => ({
  width: 400,
  height: 400,
  tile: [64, 64],
  deflate: true,
  bands: [x => (x + column * 50) & 255, (_x, y) => (y + row * 50) & 255, (x, y) => (x * y) & 255],
  place: [700000 + column * 200, 6600000 - row * 200, 0.5, 0.5],
  epsg: 2154,
})
for (const [column, row] of [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
])
  writeTiff(join(data, `ortho/tile-${column}-${row}.tif`), [tile(column, row)])
const { place: _, ...dem } = tile(0, 0)
writeTiff(join(data, 'relief/dem.tif'), [{ ...dem, type: 'float32', bands: [(x, y) => Math.sin(x / 40) * 100 + y], nodata: '-9999' }])
writeFileSync(join(data, 'relief/dem.tfw'), '0.5\n0\n0\n-0.5\n700000.25\n6599999.75\n')
const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.tif'))

/** What every layer looks like at three scales, by name. */
async function mapsOf(server: RunningServer, prefix = ''): Promise<Record<string, string>> {
  const capabilities = await (await fetch(`${server.address}/wms?service=WMS&request=GetCapabilities&version=1.3.0`)).text()
  const layers = [...capabilities.matchAll(/<Layer queryable="1"[^>]*>\s*<Name>([^<]+)<\/Name>/g)].map(match => match[1])
  const maps: Record<string, string> = {}
  for (const layer of layers)
    for (const [crs, box] of [
      ['EPSG:2154', '700010,6599700,700310,6600000'],
      ['EPSG:2154', '700150,6599850,700250,6599950'],
      ['EPSG:3857', '335000,5891000,336000,5892000'],
    ]) {
      const query = new URLSearchParams({
        service: 'WMS',
        request: 'GetMap',
        version: '1.1.1',
        layers: layer,
        styles: '',
        srs: crs,
        bbox: box,
      })
      const answer = await fetch(`${server.address}/wms?${query}&width=256&height=256&format=image/png&transparent=true`)
      const bytes = Buffer.from(await answer.arrayBuffer())
      maps[`${layer.replace(prefix, '')} ${box}`] =
        `${answer.status} ${answer.headers.get('content-type')} ${createHash('sha256').update(bytes).digest('hex')}`
    }
  return maps
}

async function served(t: Tap, args: readonly string[], env: Record<string, string> = {}): Promise<RunningServer> {
  const server = await runServer(args, { env })
  t.teardown(() => server.stop())
  return server
}
type Tap = Pick<typeof t, 'teardown'>

t.test('the same files on disk, on a web server and on S3 give the same bytes', { skip: noS3() }, async t => {
  const [web, s3, local] = await Promise.all([serveFiles(data), startS3(), served(t, [data])])
  t.teardown(() => Promise.all([web.close(), s3.stop()]))
  await s3.bucket('maps')
  await s3.putFolder('maps', 'all/', data)
  const env = {
    AWS_ACCESS_KEY_ID: s3.keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.keys.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.address,
    AWS_REGION: 'eu-west-3',
  }
  const wanted = await mapsOf(local)
  t.equal(Object.keys(wanted).length, 6, 'two layers at three scales')
  t.ok(Object.values(wanted).every(map => map.startsWith('200 image/png')))
  t.ok(new Set(Object.values(wanted)).size >= 5, 'they are not all empty')
  const onS3 = await served(t, ['s3://maps/all'], env)
  t.same(await mapsOf(onS3), wanted, 'S3')
  const onWeb = await served(
    t,
    files.map(name => `${web.address}/${name}`),
  )
  t.same(await mapsOf(onWeb), wanted, 'a web server')

  const config = join(folder, 'arpent.yaml')
  writeFileSync(
    config,
    `stores:
  disk: { kind: cog, root: ${data} }
  bucket: { kind: cog, root: "s3://maps/all" }
  web: { kind: cog, root: "${web.address}", remote: { connections: 4 } }
collections:
  disk.ortho: { store: disk, files: "ortho/*.tif" }
  bucket.ortho: { store: bucket, files: "ortho/*.tif" }
  web.ortho: { store: web, files: [${files.filter(name => name.startsWith('ortho')).join(', ')}] }
`,
  )
  const declared = await mapsOf(await served(t, ['--config', config], env))
  t.equal(Object.keys(declared).length, 9)
  for (const [name, map] of Object.entries(declared)) t.equal(map, declared[name.replace(/^\w+/, 'disk')], name)

  for (const args of [
    ['check', 's3://maps/all'],
    ['check', '--config', config],
    ['config', 'show', '--config', config],
    ['check', 's3://maps/all', '--json'],
  ]) {
    const { stdout, stderr, code } = await runProgram([...args, ...(args[0] === 'check' ? ['--data', join(folder, 'check')] : [])], { env })
    t.equal(code, 0, args.join(' '))
    t.notMatch(stdout + stderr, s3.keys.secretAccessKey, 'no secret is shown')
  }
  for (const server of [onS3, onWeb]) t.notMatch(server.output.stderr, /"level":(40|50)/, 'nothing is logged')
})

t.test('a source that is away at the start is left out, and tried again', async t => {
  const web = await serveFiles(data)
  t.teardown(() => web.close())
  web.misbehave = (_, response) => !!response.writeHead(503).end()
  const host = new URL(web.address).host
  const server = await served(t, [`http://me:hush@${host}/ortho/tile-0-0.tif?sig=hush`, join(data, 'relief')])
  t.match(await mapsOf(server), { 'dem 700010,6599700,700310,6600000': /^200/ }, 'the others are served')
  t.match(server.output.stdout, /tile-0-0.tif\?\*\*\*/)
  web.reset()
  let maps = await mapsOf(server)
  for (const until = Date.now() + 60_000; Object.keys(maps).length < 6 && Date.now() < until; maps = await mapsOf(server))
    await new Promise(resolve => setTimeout(resolve, 300))
  t.match(maps, { 'tile-0-0 700010,6599700,700310,6600000': /^200/ })
  t.notMatch(server.output.stdout + server.output.stderr, /hush/, 'no secret is shown')
})

t.test('addresses that are none, and folders of web servers, are refused with what would work', async t => {
  const web = await serveFiles(data)
  t.teardown(() => web.close())
  const check = async (source: string) => {
    const { stdout, code } = await runProgram(['check', source, '--data', join(folder, 'refused')])
    t.equal(code, 1, source)
    return stdout
  }
  t.match(await check(`${web.address}/ortho/`), /web servers have no listing. Naming each .tif would work/)
  t.match(await check('s3:///x'), /such as s3:\/\/bucket\/folder/)
  t.match(await check('ftp://example.org/x.tif'), /s3:\/\/ and http\(s\):\/\/ addresses/)
  t.equal(web.asked.length, 0)
})

t.test('no request makes the server fetch what the client names', async t => {
  const web = await serveFiles(data)
  t.teardown(() => web.close())
  const server = await served(t, [join(data, 'relief')])
  const evil = encodeURIComponent(`${web.address}/ortho/tile-0-0.tif`)
  for (const path of [
    `/wms?service=WMS&request=GetMap&version=1.1.1&layers=${evil}&styles=&srs=EPSG:2154&bbox=700010,6599700,700310,6600000&width=9&height=9&format=image/png`,
    `/wms?service=WMS&request=GetMap&version=1.1.1&layers=dem&styles=&srs=EPSG:2154&bbox=700010,6599700,700310,6600000&width=9&height=9&format=image/png&SLD=${evil}&map=${evil}&file=${evil}`,
    `/collections/${evil}/map/tiles/WebMercatorQuad/0/0/0`,
    `/datasets/${evil}/wms?request=GetCapabilities`,
  ])
    await (await fetch(server.address + path)).arrayBuffer()
  t.equal(web.asked.length, 0)
})
