// A table that is long and nothing else: points anywhere in the country, made by the database.
import pg from 'pg'
import { origin } from './vectors.mjs'

/** Metres from side to side. */
const side = 500_000

/** Fills `many_points` with `count` rows, indexed and analysed. */
export async function makePoints(url, count) {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(`CREATE EXTENSION IF NOT EXISTS postgis; SELECT setseed(0.5);
      CREATE TABLE many_points AS SELECT n AS id, 'Lieu-dit n° ' || n AS nom, (n % 36000)::integer AS commune, round((random() * 1000)::numeric, 2) AS mesure,
        date '2010-01-01' + (n % 5000)::integer AS releve,
        ST_SetSRID(ST_MakePoint(${origin[0] - side / 2} + random() * ${side}, ${origin[1] - side / 2} + random() * ${side}), 2154)::geometry(Point, 2154) AS geom
        FROM generate_series(1, ${count}) AS n`)
    await client.query('ALTER TABLE many_points ADD PRIMARY KEY (id)')
    await client.query('CREATE INDEX ON many_points USING gist (geom)')
    await client.query('VACUUM ANALYZE many_points')
  } finally {
    await client.end()
  }
  const [x, y] = origin
  return { count, extent: [x - side / 2, y - side / 2, x + side / 2, y + side / 2] }
}
