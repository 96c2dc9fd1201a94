import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { writeTiff } from '../support/make-tiff.js'
import { type RunningServer, runServer } from '../support/running-server.js'
import { until } from '../support/until.js'

/** Takes from every thread of a server what only some machines have: the binding of libjpeg-turbo and our PNG encoder. */
const bare = `
const fs = require('node:fs')
const Module = require('node:module')
const resolve = Module._resolveFilename
Module._resolveFilename = function (name, ...rest) {
  if (name !== '@julusian/jpeg-turbo') return resolve.call(this, name, ...rest)
  console.error('missed jpeg-turbo')
  throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' })
}
const read = fs.readFileSync
fs.readFileSync = (path, ...rest) => {
  if (!String(path).endsWith('/png.wasm')) return read(path, ...rest)
  console.error('missed png.wasm')
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
}
Module.syncBuiltinESMExports()
`

t.test('a machine without libjpeg-turbo and our PNG encoder serves the same pictures', async t => {
  const folder = t.testdir()
  const [data, hook] = [join(folder, 'data'), join(folder, 'bare.cjs')]
  writeFileSync(hook, bare)
  writeTiff(join(data, 'ortho.tif'), [
    {
      width: 300,
      height: 200,
      tile: [64, 64],
      deflate: true,
      bands: [x => x & 255, (_x, y) => y, (x, y) => (128 + 90 * Math.sin((x + y) / 30)) | 0],
      place: [700_000, 6_600_000, 0.5, 0.5],
      epsg: 2154,
    },
  ])
  const config = join(folder, 'arpent.yaml')
  writeFileSync(config, `stores: { files: { kind: cog, root: "${data}" } }\ncollections: { ortho: { files: ortho.tif } }\n`)
  const wms = 'service=WMS&version=1.3.0&request=GetMap&layers=ortho&styles=&crs=EPSG:2154&width=280&height=180'
  const inside = `/wms?${wms}&bbox=700005,6599905,700145,6599995`
  const around = `/wms?${wms}&bbox=699970,6599880,700180,6600015&transparent=true`
  const tile = '/collections/ortho/map/tiles/native/0/0/0'
  const asks = ['png', 'jpeg', 'tiff', 'svg%2Bxml'].flatMap(format => [
    `${inside}&format=image/${format}`,
    `${around}&format=image/${format}`,
  ])
  asks.push(...['png', 'jpeg', 'webp', 'avif'].map(f => `${tile}?f=${f}`))

  const answersOf = async (server: RunningServer) =>
    Promise.all(
      asks.map(async ask => {
        const answer = await fetch(server.address + ask)
        t.equal(answer.status, 200, ask)
        return Buffer.from(await answer.arrayBuffer())
      }),
    )
  const usual = await runServer(['--config', config])
  t.teardown(() => usual.stop())
  const poor = await runServer(['--config', config], { env: { NODE_OPTIONS: `--require ${hook}` } })
  t.teardown(() => poor.stop())
  const [theirs, ours] = [await answersOf(usual), await answersOf(poor)]
  for (const missed of [/missed jpeg-turbo/, /missed png\.wasm/])
    t.ok(await until(() => missed.test(poor.output.stderr)), poor.output.stderr)
  for (const [i, ask] of asks.entries()) {
    const [a, b] = await Promise.all([theirs[i], ours[i]].map(bytes => sharp(bytes).ensureAlpha().raw().toBuffer()))
    t.equal(a.length, b.length)
    // colours of what nobody sees do not count
    const distances = a.map((value, k) => (a[k | 3] === 0 && b[k | 3] === 0 ? 0 : Math.abs(value - b[k])))
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
    const [isJpeg, isPng] = [/jpeg|svg/.test(ask), /png/.test(ask)]
    t.ok(isJpeg ? mean < 2 : mean === 0, `${ask}: ${mean.toFixed(2)} of 255 apart on average`)
    t.equal(theirs[i].equals(ours[i]), !isJpeg && !isPng, 'written by another encoder, where there is another')
  }
})
