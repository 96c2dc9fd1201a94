// Thousands of published tables on native PostGIS: seconds until ready, memory, and the capabilities of all of them.
// node bench/many-tables.mjs postgres://…  [--tables 2000] [--rounds 5] [--keep]
import { parseArgs } from 'node:util'
import pg from 'pg'
import { get, median, percentile, row } from './support/measure.mjs'
import { startArpent } from './support/server.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tables: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '5' }, keep: { type: 'boolean' } },
})
const [url] = positionals
if (!url) throw new Error('usage: node bench/many-tables.mjs postgres://…')
const [tables, rounds] = [Number(values.tables), Number(values.rounds)]
const schema = `many_${tables}`

const database = new pg.Client(url)
await database.connect()
await makeTables()
try {
  const starts = []
  let figures
  for (let round = 0; round < rounds; round++) {
    const server = await startArpent([`${url}?schema=${schema}`])
    const ready = server.memory()
    if (round === 0) figures = await capabilities(server)
    starts.push({ ...server.started, ready: ready.now, peak: server.memory().peak, after: server.memory().now })
    await server.stop()
  }
  const of = name => starts.map(start => start[name])
  console.log(row([`${tables} tables`, 'median', 'range']))
  console.log(row(['---', '---', '---']))
  for (const [name, digits, unit] of [
    ['wall', 2, 's until ready'],
    ['processor', 2, 's of processor until ready'],
    ['ready', 0, 'MB when ready'],
    ['peak', 0, 'MB at most'],
  ]) {
    const all = of(name)
    console.log(row([unit, median(all).toFixed(digits), `${Math.min(...all).toFixed(digits)} – ${Math.max(...all).toFixed(digits)}`]))
  }
  console.log(row(['MB after the capabilities in every form', starts[0].after.toFixed(0), `at most ${starts[0].peak.toFixed(0)}`]))
  for (const [name, { cold, warm, bytes }] of Object.entries(figures)) {
    console.log(
      row([`capabilities ${name}, ms warm`, median(warm).toFixed(1), `p95 ${percentile(warm, 95).toFixed(1)}, first ${cold.toFixed(0)}`]),
      `${(bytes / 1e6).toFixed(2)} MB`,
    )
  }
} finally {
  if (!values.keep) await dropTables()
  await database.end()
}

async function capabilities(server) {
  const figures = {}
  for (const form of ['1.3.0', '1.1.1', 'json']) {
    const asked = form === 'json' ? 'version=1.3.0&format=application/json' : `version=${form}`
    for (const coding of ['identity', 'br', 'gzip']) {
      const ask = () =>
        get(`${server.address}/wms?service=WMS&${asked}&request=GetCapabilities`, { headers: { 'accept-encoding': coding } })
      const first = await ask()
      if (first.status !== 200) throw new Error(first.body.toString().slice(0, 500))
      const found = coding === 'identity' ? first.body.toString().match(/<Name>many_|"name":"many_/g)?.length : tables
      if (found !== tables) throw new Error(`${found} layers in the capabilities`)
      const warm = []
      for (let i = 0; i < 40; i++) warm.push((await ask()).ms)
      figures[`${form} ${coding}`] = { cold: first.ms, warm, bytes: first.body.length }
    }
  }
  return figures
}

async function makeTables() {
  const { rows } = await database.query('SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = $2', [
    schema,
    'r',
  ])
  if (Number(rows[0].count) === tables) return
  await dropTables()
  await database.query(`CREATE SCHEMA ${schema}`)
  const kinds = ['Point', 'LineString', 'MultiPolygon']
  const point = 'ST_SetSRID(ST_MakePoint(770000 + 97 * i, 6279000 + 89 * i), 2154)'
  const shapes = [point, `ST_MakeLine(${point}, ST_Translate(${point}, 50, 20))`, `ST_Multi(ST_Buffer(${point}, 30))`]
  for (let start = 0; start < tables; start += 100) {
    const statements = Array.from({ length: Math.min(100, tables - start) }, (_, k) => {
      const n = start + k
      return `CREATE TABLE ${schema}.many_${n} (id integer PRIMARY KEY, nom text NOT NULL, valeur double precision, modifie timestamptz,
          geom geometry(${kinds[n % 3]}, 2154));
        INSERT INTO ${schema}.many_${n} SELECT i, 'objet ' || i, i / 3.0, now(), ${shapes[n % 3]} FROM generate_series(1, 5) i;
        CREATE INDEX ON ${schema}.many_${n} USING gist (geom);
        COMMENT ON TABLE ${schema}.many_${n} IS 'Jeu de données n° ${n}';`
    })
    await database.query(statements.join('\n'))
  }
  await database.query('ANALYZE')
}

async function dropTables() {
  const { rows } = await database.query('SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = $2', [
    schema,
    'r',
  ])
  for (let start = 0; start < rows.length; start += 200)
    await database.query(
      `DROP TABLE ${rows
        .slice(start, start + 200)
        .map(({ relname }) => `${schema}.${relname}`)
        .join(', ')}`,
    )
  await database.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
}
