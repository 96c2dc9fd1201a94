// Maps over HTTP, nothing cached but what each row says: vector tiles from native PostGIS, an orthophoto in another reference system.
// npm run build && node bench/draw-http.mjs postgres://… [--seconds 5] [--rounds 3] [--keep]
// Needs wrk (load from another process) and gdal_translate (makes the orthophoto). Ratios are to a calibration loop of the same minute.
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import pg from 'pg'
import sharp from 'sharp'
import { calibration, get, load, median, row } from './support/measure.mjs'
import { startArpent } from './support/server.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '5' }, rounds: { type: 'string', default: '3' }, keep: { type: 'boolean' } },
})
const [url] = positionals
if (!url) throw new Error('usage: node bench/draw-http.mjs postgres://…')
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]
const schema = 'bench_draw'
/** 447 x 447 parcels of 30 m, 20 vertices each, with shared borders. */
const [side, cell, west, south] = [447, 30, 700_000, 6_600_000]
const folder = mkdtempSync(join(tmpdir(), 'arpent-bench-'))

const database = new pg.Client(url)
await database.connect()
try {
  await makeParcels()
  const ortho = makeOrtho()
  const figures = new Map()
  /** Runs a load and notes what it did, and what processor time the server took for it. */
  const note = async (name, server, work) => {
    const scale = calibration()
    const before = server.processor()
    const { perSecond, count } = await work()
    const cost = (1000 * (server.processor() - before)) / count
    figures.set(name, [...(figures.get(name) ?? []), { perSecond, cost, ratio: cost / scale }])
  }
  for (let round = 0; round < rounds; round++) {
    // alternated, so that what disturbs the machine disturbs all alike
    for (const workers of round % 2 ? [2, 1] : [1, 2]) {
      const server = await startArpent([`${url}?schema=${schema}`, ortho], { env: { ARPENT_WORKERS: String(workers) } })
      try {
        const area = [west, south, west + side * cell, south + side * cell]
        await load(tiles(server, 'parcels', 400, 'EPSG:2154', area), { concurrency: 4, requests: 300 }) // for the compilers of the JavaScript engine
        for (const [name, polygons] of [
          ['60 polygons', 60],
          ['600 polygons', 600],
          ['4,700 polygons', 4_700],
        ]) {
          const urls = tiles(server, 'parcels', Math.sqrt(polygons) * cell, 'EPSG:2154', [
            west,
            south,
            west + side * cell,
            south + side * cell,
          ])
          if (round === 0 && workers === 1) await isDrawn(urls[0])
          for (const concurrency of [1, 4])
            await note(`PNG 256, ${name}, ${threads(workers)}, c=${concurrency}`, server, () => wrk(urls, concurrency))
        }
        // 4096 px of 20 cm in 2154, asked for in 3857 at about its own resolution
        const places = tiles(server, 'ortho', 75, 'EPSG:3857', [334_050, 5_860_930, 335_060, 5_861_950], 'image/jpeg')
        if (round === 0 && workers === 1) await isDrawn(places[0])
        const photo = `JPEG 256, orthophoto 2154 → 3857, ${threads(workers)}`
        await note(`${photo}, first 60, c=1`, server, () =>
          load(places.slice(0, 60), { concurrency: 1, requests: 60, mediaType: 'image/jpeg' }),
        )
        await load(places, { concurrency: 4, requests: 600 })
        for (const concurrency of [1, 4]) await note(`${photo}, blocks in memory, c=${concurrency}`, server, () => wrk(places, concurrency))
      } finally {
        await server.stop()
      }
    }
  }
  console.log(row(['workload', 'requests/s', 'range', 'ms of processor per map', 'as a ratio to the calibration loop']))
  console.log(row(['---', '---', '---', '---', '---']))
  for (const [name, all] of figures) {
    const of = key => all.map(figure => figure[key])
    const rates = of('perSecond')
    const range = `${Math.min(...rates).toFixed(0)} – ${Math.max(...rates).toFixed(0)}`
    console.log(row([name, median(rates).toFixed(0), range, median(of('cost')).toFixed(1), median(of('ratio')).toFixed(2)]))
  }
} finally {
  if (!values.keep) await database.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  await database.end()
  rmSync(folder, { recursive: true, force: true })
}

/** 300 distinct maps of `metres` within `bbox`, at seeded places. */
function tiles({ address }, layer, metres, crs, [minx, miny, maxx, maxy], format = 'image/png') {
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: 300 }, () => {
    const [x, y] = [minx + random() * (maxx - minx - metres), miny + random() * (maxy - miny - metres)]
    return `${address}/wms?service=WMS&version=1.3.0&request=GetMap&layers=${layer}&styles=&crs=${crs}&bbox=${x},${y},${x + metres},${y + metres}&width=256&height=256&format=${format}`
  })
}

/** An answer is looked at before it is timed. */
async function isDrawn(address) {
  const { status, body } = await get(address)
  if (status !== 200) throw new Error(`${status}: ${body}`)
  const { channels, entropy } = await sharp(body).stats()
  if (entropy < 0.5 || channels.every(({ stdev }) => stdev < 1)) throw new Error(`nothing is drawn by ${address}`)
}

function threads(workers) {
  return workers === 1 ? '1 worker' : `${workers} workers`
}

async function wrk(urls, concurrency) {
  const script = join(folder, 'urls.lua')
  const paths = urls.map(address => JSON.stringify(new URL(address).pathname + new URL(address).search))
  writeFileSync(
    script,
    `local paths = { ${paths.join(',\n')} }
local i = 0
request = function() i = i % #paths + 1; return wrk.format('GET', paths[i]) end
done = function(summary) if summary.errors.status + summary.errors.timeout + summary.errors.read > 0 then print('ERRORS ' .. summary.errors.status) end end`,
  )
  const { stdout } = await promisify(execFile)('wrk', [
    '-t1',
    `-c${concurrency}`,
    `-d${seconds}s`,
    '--timeout',
    '20s',
    '-s',
    script,
    new URL(urls[0]).origin,
  ])
  if (/ERRORS/.test(stdout)) throw new Error(stdout)
  return { perSecond: Number(stdout.match(/Requests\/sec:\s+([\d.]+)/)?.[1]), count: Number(stdout.match(/(\d+) requests in/)?.[1]) }
}

async function makeParcels() {
  const { rows } = await database.query('SELECT to_regclass($1) IS NOT NULL AS is_there', [`${schema}.parcels`])
  if (rows[0].is_there) return
  // each border point is moved by a hash of its place, alike for both neighbours
  await database.query(`CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE ${schema}.parcels AS
    SELECT row_number() OVER ()::integer AS id, 'parcelle ' || x || '/' || y AS nom,
      ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY(
        SELECT ST_MakePoint(${west} + 6.0 * px + (hashint8(px * 100003::bigint + py) & 1023) / 400.0, ${south} + 6.0 * py + (hashint8(py * 100019::bigint + px) & 1023) / 400.0)
        FROM (SELECT n, CASE n / 5 % 4 WHEN 0 THEN 5 * x + n % 5 WHEN 1 THEN 5 * x + 5 WHEN 2 THEN 5 * x + 5 - n % 5 ELSE 5 * x END AS px,
            CASE n / 5 % 4 WHEN 0 THEN 5 * y WHEN 1 THEN 5 * y + n % 5 WHEN 2 THEN 5 * y + 5 ELSE 5 * y + 5 - n % 5 END AS py
          FROM generate_series(0, 20) n) p ORDER BY n))), 2154)::geometry(Polygon, 2154) AS geom
    FROM generate_series(0, ${side - 1}) y, generate_series(0, ${side - 1}) x;
    ALTER TABLE ${schema}.parcels ADD PRIMARY KEY (id);
    CREATE INDEX ON ${schema}.parcels USING gist (geom);`)
  await database.query(`VACUUM ANALYZE ${schema}.parcels`)
}

function makeOrtho() {
  const [from, to] = [new URL('../fixtures/demo/orthophoto.tif', import.meta.url).pathname, join(folder, 'ortho.tif')]
  const place = ['-a_srs', 'EPSG:2154', '-a_ullr', '700000', '6600819.2', '700819.2', '6600000']
  const cog = ['-of', 'COG', '-co', 'COMPRESS=JPEG', '-co', 'BLOCKSIZE=512', '-co', 'QUALITY=85']
  execFileSync('gdal_translate', [
    '-q',
    '-b',
    '1',
    '-b',
    '2',
    '-b',
    '3',
    '-outsize',
    '4096',
    '4096',
    '-r',
    'cubic',
    ...place,
    ...cog,
    from,
    to,
  ])
  return to
}
