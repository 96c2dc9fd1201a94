// Real data, repeated side by side until there is as much as a department has: the land register of a commune, the streets of Liechtenstein, the addresses of
// Montpellier; and the communes of France as they are. All in EPSG:2154. Copies follow each other as communes do in the file of a department: what is near lies near in the table.
import pg from 'pg'
import { run } from './programs.mjs'

const sources = {
  real_parcels: { file: 'cadastre/cadastre-91216-parcelles.geojson.gz', type: 'MULTIPOLYGON', copies: 49 },
  real_streets: { file: 'osm/liechtenstein-2024-03-03.osm.pbf', type: 'MULTILINESTRING', copies: 16, options: ['-sql', 'SELECT name AS nom, highway FROM lines WHERE highway IS NOT NULL'] },
  real_addresses: { file: 'points/montpellier-adresses-2016.csv.gz', type: 'POINT', copies: 14, options: ['-oo', 'X_POSSIBLE_NAMES=X', '-oo', 'Y_POSSIBLE_NAMES=Y', '-a_srs', 'EPSG:2154'] },
  real_communes: { file: 'communes/communes-2018.geojsonl.gz', type: 'MULTIPOLYGON', copies: 1 },
} // biome-ignore format: a table

/** Loads and repeats them: by table, `{ count, type, extent, middles }`, where `middles` are 320 places where something is, in an order without pattern. */
export async function makeReal({ socket, port, user, database, url }, folder) {
  const client = new pg.Client(url)
  await client.connect()
  const tables = {}
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS postgis')
    for (const [table, { file, type, copies, options = [] }] of Object.entries(sources)) {
      const target = options.includes('-a_srs') ? [] : ['-t_srs', 'EPSG:2154']
      const path = `${file.endsWith('.gz') ? '/vsigzip/' : ''}${folder}/${file}`
      run('ogr2ogr', ['-f', 'PostgreSQL', `PG:host=${socket} port=${port} user=${user} dbname=${database}`, path, '-nln', `${table}_once`, '-nlt', type, ...target, ...options,
        '-lco', 'GEOMETRY_NAME=geom', '-lco', 'FID=fid', '-lco', 'SPATIAL_INDEX=NONE', '--config', 'PG_USE_COPY', 'YES']) // biome-ignore format: one command
      tables[table] = { type, ...(await repeat(client, table, copies)) }
    }
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
  return tables
}

async function repeat(client, table, copies) {
  const { rows } = await client.query(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${table}_once' AND column_name NOT IN ('fid', 'geom', 'id')`,
  )
  const columns = rows.map(({ name }) => `, once."${name}"`).join('')
  const across = Math.ceil(Math.sqrt(copies))
  // France without what lies overseas: it would make one box of the whole world.
  const where = table === 'real_communes' ? 'WHERE once.geom && ST_MakeEnvelope(0, 6000000, 1300000, 7200000, 2154)' : ''
  await client.query(`CREATE TABLE ${table} AS SELECT row_number() OVER (ORDER BY k, once.ctid)::integer AS id${columns}, ST_Translate(once.geom, (k % ${across}) * (box.x), (k / ${across}) * (box.y)) AS geom
      FROM generate_series(0, ${copies - 1}) AS k, ${table}_once AS once,
        (SELECT ST_XMax(e) - ST_XMin(e) AS x, ST_YMax(e) - ST_YMin(e) AS y FROM (SELECT ST_Extent(geom) AS e FROM ${table}_once) AS whole) AS box ${where} ORDER BY k, once.ctid;
    DROP TABLE ${table}_once;
    ALTER TABLE ${table} ADD PRIMARY KEY (id);
    ALTER TABLE ${table} ALTER geom TYPE geometry(${sources[table].type}, 2154) USING ST_SetSRID(geom, 2154);
    CREATE INDEX ON ${table} USING gist (geom)`)
  const { rows: [whole] } = await client.query(`SELECT count(*)::int AS count, ST_XMin(ST_Extent(geom)) AS a, ST_YMin(ST_Extent(geom)) AS b, ST_XMax(ST_Extent(geom)) AS c, ST_YMax(ST_Extent(geom)) AS d FROM ${table}`) // biome-ignore format: one row
  const middles = await client.query(
    `SELECT (ST_XMin(geom) + ST_XMax(geom)) / 2 AS x, (ST_YMin(geom) + ST_YMax(geom)) / 2 AS y FROM ${table} ORDER BY md5(id::text) LIMIT 320`,
  )
  return { count: whole.count, extent: [whole.a, whole.b, whole.c, whole.d], middles: middles.rows.map(({ x, y }) => [x, y]) }
}

/** How many rows the boxes of some requests touch, on average. */
export async function rowsPerBox({ url }, table, requests) {
  const client = new pg.Client(url)
  await client.connect()
  const boxes = requests.slice(0, 40).map(({ bbox }) => `(ST_MakeEnvelope(${bbox.join(',')}, 2154))`)
  const { rows } = await client.query(
    `SELECT count(*)::float / ${boxes.length} AS rows FROM (VALUES ${boxes.join(',')}) AS asked (box) JOIN ${table} ON geom && box`,
  )
  await client.end()
  return rows[0].rows
}
