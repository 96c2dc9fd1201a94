// A mosaic of many small files: how fast their heads are read, how fast they are known again, and how many files a map opens.
//
//   npm run build && node bench/mosaic.mjs [files]
//
// Processor time counts; wall clock says little where machines are shared. The folder is made once and kept in the system's temporary one.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRasterIndex } from '../dist/cli/publish/raster-index.js'
import { defaultLimits } from '../dist/core/atlas.js'
import { buildMosaic } from '../dist/core/mosaic.js'
import { selectFiles } from '../dist/core/select-files.js'
import { writeCog } from '../dist/formats/coverages/cog-writer.js'
import { transformBbox } from '../dist/geo/transform.js'
import { openCogStore } from '../dist/stores/cog/cog-store.js'

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
