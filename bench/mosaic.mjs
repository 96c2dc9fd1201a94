// A mosaic of many small files: how fast their heads are read, how fast they are known again, and how many files a map opens.
//
//   npm run build && node bench/mosaic.mjs [files]
//
// Then how long `serve` takes until it answers when it knows them already, beside one that publishes nothing, in turns: with state in the embedded
// database, and in the one that ARPENT_TEST_DATABASE_URL names (PostGIS, its schema `arpent` is used).
//
// Processor time counts; wall clock says little where machines are shared. The folder is made once and kept in the system's temporary one.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRasterIndex } from '../dist/cli/publish/raster-index.js'
import { defaultLimits } from '../dist/core/atlas.js'
import { buildMosaic } from '../dist/core/mosaic.js'
import { selectFiles } from '../dist/core/select-files.js'
import { writeCog } from '../dist/formats/coverages/cog-writer.js'
import { transformBbox } from '../dist/geo/transform.js'
import { openCogStore } from '../dist/stores/cog/cog-store.js'
import { median } from './support/measure.mjs'
import { startArpent } from './support/server.mjs'

const files = Number(process.argv[2] ?? 20_000)
const across = Math.ceil(Math.sqrt(files))
const [side, pixel, x0, y0] = [2048, 0.2, 600_000, 6_900_000]
const folder = join(tmpdir(), `arpent-mosaic-${files}`)
const names = Array.from({ length: files }, (_, i) => `dalle-${String(i).padStart(7, '0')}.tif`)
if (!existsSync(join(folder, names.at(-1)))) await make()

const store = openCogStore({ id: 'mosaic', root: folder })
const kept = new Map()
const records = {
  list: async () => [...kept.values()],
  put: async all => {
    for (const record of all) kept.set(record.path, record)
  },
  forget: async () => {},
}
await timed(`${files} heads read`, () => createRasterIndex().describe(store, names, { records }))
const described = await timed('known again', () => createRasterIndex().describe(store, names, { records }))
const mosaic = await timed('index', () => buildMosaic([...described.values()].map(({ file }) => file)))
for (const size of [256, 1024]) {
  let [most, refused, maps] = [0, 0, 0]
  const started = process.cpuUsage()
  for (let zoom = 6; zoom <= 21; zoom++)
    for (let i = 0; i < 100; i++, maps++) {
      const span = (size * 156543.03392804097) / 2 ** zoom
      const [x, y] = [x0 + (((i * 37) % 100) / 100) * across * side * pixel, y0 - (((i * 61) % 100) / 100) * across * side * pixel]
      const [left, bottom] = transformBbox([x, y, x + 1, y + 1], 'EPSG:2154', 'EPSG:3857')
      const map = { crs: 'EPSG:3857', bbox: [left, bottom, left + span, bottom + span], width: size, height: size }
      const { length } = selectFiles(mosaic, map)
      if (length > defaultLimits.mapFiles) refused++
      else most = Math.max(most, length)
    }
  const { user, system } = process.cpuUsage(started)
  console.log(
    `${size} pixels: ${Math.round((user + system) / maps)} µs a selection; ${most} files at most, ${refused} of ${maps} need overviews`,
  )
}
await store.close()
await starts('embedded', '{ kind: embedded }')
if (process.env.ARPENT_TEST_DATABASE_URL) await starts('native', `{ kind: postgis, url: "${process.env.ARPENT_TEST_DATABASE_URL}" }`)

/** Starts in turns, over nothing and over files that are known; the very first one reads their heads, and does not count. */
async function starts(name, database) {
  const data = mkdtempSync(join(tmpdir(), 'arpent-bench-'))
  const configOf = (which, ortho) => {
    const path = join(data, `${which}.yaml`)
    const [stores, collections] = ortho ? [`, ortho: { kind: cog, root: ${folder} }`, 'ortho: { store: ortho, files: "*.tif" }'] : ['', '']
    writeFileSync(path, `stores: { state: ${database}${stores} }\nstate: { store: state }\ncollections: { ${collections} }\n`)
    return path
  }
  const configs = { nothing: configOf('nothing', false), [`${files} files`]: configOf('files', true) }
  const taken = Object.fromEntries(Object.keys(configs).map(which => [which, []]))
  for (let round = -1; round < 5; round++)
    for (const [which, config] of Object.entries(configs)) {
      const server = await startArpent(['--config', config], { data })
      if (round >= 0) taken[which].push(server.started)
      await server.stop()
    }
  for (const [which, all] of Object.entries(taken)) {
    const of = figure => median(all.map(start => start[figure])).toFixed(2)
    console.log(`${name}, serve over ${which}: ${of('wall')} s, ${of('processor')} s of processor time`)
  }
  rmSync(data, { recursive: true, force: true })
}

async function timed(name, work) {
  const [wall, started] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(started)
  console.log(`${name}: ${((performance.now() - wall) / 1000).toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of processor time`)
  return result
}

/** One sparse file with its pyramid, copied with its corner patched. */
async function make() {
  mkdirSync(folder, { recursive: true })
  const template = join(folder, 'template.tif')
  rmSync(template, { force: true })
  const bands = ['red', 'green', 'blue'].map(meaning => ({ name: meaning, sampleType: 'uint8', meaning, nodata: 0 }))
  const [markX, markY] = [123456.0625, 6543210.0625]
  const transform = [markX, pixel, 0, markY, 0, -pixel]
  const spec = { width: side, height: side, bands, crs: 'EPSG:2154', transform, overviews: 3, hasMask: false, profile: 'data' }
  await writeCog(template, spec, async () => undefined)
  const bytes = readFileSync(template)
  rmSync(template)
  const at = value => bytes.indexOf(Buffer.from(Float64Array.of(value).buffer))
  const [atX, atY] = [at(markX), at(markY)]
  for (const [i, name] of names.entries()) {
    bytes.writeDoubleLE(x0 + (i % across) * side * pixel, atX)
    bytes.writeDoubleLE(y0 - Math.floor(i / across) * side * pixel, atY)
    writeFileSync(join(folder, name), bytes)
  }
}
