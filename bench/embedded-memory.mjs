// Where the memory of the embedded database goes: resident megabytes of a process that opens it in several ways.
// node bench/embedded-memory.mjs
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { row } from './support/measure.mjs'

const prepared = fileURLToPath(new URL('../dist/stores/postgis/embedded/prepared/', import.meta.url))
const variants = {
  'nothing but Node': {},
  'PGlite alone, as it comes': { pglite: true },
  'with PostGIS, as it comes, extension created': { pglite: true, postgis: 'original', create: true },
  'same, reopened': { pglite: true, postgis: 'original', create: true, reopen: true },
  'prepared folder, PostGIS without raster, topology and scripts': { pglite: true, postgis: 'trimmed' },
  'same, with less shared memory and log (as Arpent opens it)': { pglite: true, postgis: 'trimmed', settings: true },
}

if (process.argv[2]) await open(JSON.parse(process.argv[2]))
else {
  console.log(row(['what', 'MB', 's', 's of processor']))
  console.log(row(['---', '---', '---', '---']))
  for (const [name, variant] of Object.entries(variants)) {
    const folder = mkdtempSync(join(tmpdir(), 'arpent-bench-'))
    if (variant.postgis === 'trimmed') cpSync(join(prepared, 'database'), folder, { recursive: true })
    const run = phase => {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [fileURLToPath(import.meta.url), JSON.stringify({ ...variant, ...phase, folder })],
        { encoding: 'utf8' },
      )
      if (status !== 0) throw new Error(stderr)
      return JSON.parse(stdout)
    }
    if (variant.reopen) run({})
    const { memory, seconds, processor } = run(variant.reopen ? { create: false } : {})
    console.log(row([name, memory.toFixed(0), seconds.toFixed(1), processor.toFixed(1)]))
    rmSync(folder, { recursive: true, force: true })
  }
}

async function open({ pglite, postgis, create, settings, folder }) {
  const began = performance.now()
  let database
  if (pglite) {
    const { PGlite } = await import('@electric-sql/pglite')
    const bundle = postgis === 'trimmed' ? new URL(`file://${prepared}postgis.tar.gz`) : undefined
    const original = postgis && (await import('@electric-sql/pglite-postgis')).postgis
    const trimmed = { name: 'postgis', setup: async (_database, emscriptenOpts) => ({ emscriptenOpts, bundlePath: bundle }) }
    const less = [
      'shared_buffers=32MB',
      'wal_buffers=256kB',
      'min_wal_size=8MB',
      'max_wal_size=64MB',
      'maintenance_work_mem=32MB',
      'work_mem=8MB',
    ]
    database = await PGlite.create({
      dataDir: folder,
      ...(postgis && { extensions: { postgis: bundle ? trimmed : original } }),
      ...(settings && { startParams: [...PGlite.defaultStartParams, ...less.flatMap(setting => ['-c', setting])] }),
    })
    if (create) await database.exec('CREATE EXTENSION IF NOT EXISTS postgis')
    if (postgis)
      await database.query(
        `SELECT ST_AsText(ST_Transform(ST_SetSRID(ST_MakePoint(3.87, 43.6), 4326), 2154)), ST_Area(ST_Buffer(ST_MakePoint(0, 0), 1))`,
      )
  }
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage()
  const memory = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]) / 256
  process.stdout.write(JSON.stringify({ memory, seconds, processor: (user + system) / 1e6 }), () => process.exit(0))
}
