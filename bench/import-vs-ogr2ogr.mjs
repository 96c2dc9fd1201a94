// Import of 1,000,000 seeded points from a GeoPackage into native PostGIS, against ogr2ogr with COPY on the same file and database.
//
//   npm run build && ARPENT_TEST_DATABASE_URL=postgres://… node bench/import-vs-ogr2ogr.mjs [points=1000000] [rounds=3]
//
// Each round runs both, in turns; the ratio is taken per round (ours / ogr2ogr, smaller is better), then its median and range. Both are held to
// the same rows and a spatial index before a time counts (ogr2ogr cuts doubles to 15 digits: nine decimals are compared). To compare two versions of Arpent compare their ratios, not their seconds.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sqlite from 'node-sqlite3-wasm'
import pg from 'pg'
import { runImport } from '../dist/cli/import.js'
import { openFeatureStore } from '../dist/stores/index.js'

const points = Number(process.argv[2] ?? 1_000_000)
const rounds = Number(process.argv[3] ?? 3)
const url = process.env.ARPENT_TEST_DATABASE_URL
if (!url) {
  console.error('ARPENT_TEST_DATABASE_URL is not set: the address of a PostgreSQL with PostGIS.')
  process.exit(2)
}
const schema = 'bench_import'

/** mulberry32: the same points in every run. */
function seeded(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function writePoints(path) {
  const database = new sqlite.Database(path)
  database.exec(`PRAGMA journal_mode=off; PRAGMA synchronous=off; PRAGMA application_id=1196444487; PRAGMA user_version=10300; BEGIN;
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
    INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined cartesian', -1, 'NONE', -1, 'undefined', NULL), ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL), ('RGF93 v1 / Lambert-93', 2154, 'EPSG', 2154, 'undefined', NULL);
    CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT, last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT PRIMARY KEY, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL);
    INSERT INTO gpkg_contents VALUES ('points', 'features', 'points', '', '2024-01-01T00:00:00Z', 600000, 6200000, 1000000, 6900000, 2154);
    INSERT INTO gpkg_geometry_columns VALUES ('points', 'geom', 'POINT', 2154, 0, 0);
    CREATE TABLE points (fid INTEGER PRIMARY KEY, geom POINT, code TEXT, name TEXT, height REAL, year MEDIUMINT, big INTEGER, day DATE)`)
  const insert = database.prepare('INSERT INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const random = seeded(1)
  const geometry = new Uint8Array(29)
  const view = new DataView(geometry.buffer)
  geometry.set([0x47, 0x50, 0, 1])
  view.setInt32(4, 2154, true)
  geometry.set([1, 1, 0, 0, 0], 8)
  for (let i = 1; i <= points; i++) {
    view.setFloat64(13, 600_000 + random() * 400_000, true)
    view.setFloat64(21, 6_200_000 + random() * 700_000, true)
    const day = `2020-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`
    insert.run([
      i,
      geometry,
      String(i % 96_000).padStart(5, '0'),
      `Rue de la République ${i}`,
      random() * 100,
      1900 + (i % 120),
      i * 100_000,
      day,
    ])
  }
  insert.finalize()
  database.exec('COMMIT')
  database.close()
}

async function ours(path) {
  const store = openFeatureStore({ kind: 'postgis', id: 'bench', url })
  const start = performance.now()
  const code = await runImport(
    { files: [path], as: 'ours', replace: true },
    { store, schema, stdout: { write: () => {} }, stderr: process.stderr },
  )
  const seconds = (performance.now() - start) / 1000
  await store.close()
  if (code !== 0) process.exit(1)
  return seconds
}

function ogr2ogr(path) {
  const { username, password, hostname, port, pathname } = new URL(url)
  const address = [
    `host=${hostname}`,
    `port=${port || 5432}`,
    `user=${username}`,
    `dbname=${pathname.slice(1)}`,
    ...(password ? [`password=${password}`] : []),
  ]
  const start = performance.now()
  const run = spawnSync(
    'ogr2ogr',
    ['-f', 'PostgreSQL', `PG:${address.join(' ')}`, path, '-nln', `${schema}.theirs`, '-overwrite', '--config', 'PG_USE_COPY', 'YES'],
    { encoding: 'utf8' },
  )
  if (run.status !== 0) {
    console.error(run.error?.message ?? run.stderr)
    process.exit(1)
  }
  return (performance.now() - start) / 1000
}

const folder = mkdtempSync(join(tmpdir(), 'arpent-bench-'))
const client = new pg.Client(url)
await client.connect()
try {
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`)
  const path = join(folder, 'points.gpkg')
  writePoints(path)
  console.log(
    `${points.toLocaleString('en')} points, ${(statSync(path).size / 1e6).toFixed(0)} MB; ${spawnSync('ogr2ogr', ['--version'], { encoding: 'utf8' }).stdout.trim()}, node ${process.version}`,
  )
  const ratios = []
  for (let round = 1; round <= rounds; round++) {
    const times = {}
    for (const name of round % 2 ? ['ours', 'theirs'] : ['theirs', 'ours']) times[name] = await (name === 'ours' ? ours : ogr2ogr)(path)
    const facts = async (table, geometry) =>
      (
        await client.query(
          `SELECT count(*)::int AS rows, md5(string_agg(code || name || round(height::numeric, 9) || year || big || day || encode(ST_AsBinary(${geometry}), 'hex'), '' ORDER BY big)) AS content,
            ST_SRID(max(${geometry}::text)::geometry) AS srid, (SELECT count(*) FROM pg_indexes WHERE schemaname = '${schema}' AND tablename = '${table}' AND indexdef LIKE '%gist%') AS indexes
            FROM ${schema}.${table}`,
        )
      ).rows[0]
    const [a, b] = [await facts('ours', 'geom'), await facts('theirs', 'geom')]
    if (JSON.stringify(a) !== JSON.stringify(b)) {
      console.error('The two tables differ:', a, b)
      process.exit(1)
    }
    ratios.push(times.ours / times.theirs)
    console.log(
      `round ${round}: Arpent ${times.ours.toFixed(1)} s, ogr2ogr ${times.theirs.toFixed(1)} s, ratio ${ratios.at(-1).toFixed(2)}`,
    )
  }
  ratios.sort((x, y) => x - y)
  console.log(`ratio: median ${ratios[Math.floor(ratios.length / 2)].toFixed(2)}, ${ratios[0].toFixed(2)} to ${ratios.at(-1).toFixed(2)}`)
} finally {
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  await client.end()
  rmSync(folder, { recursive: true, force: true })
}
