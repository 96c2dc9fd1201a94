// Seeded tables shaped like the real thing, in EPSG:2154: parcels that share their borders, with holes and multi-parts, in towns and fields;
// streets of a few vertices and rivers of thousands; points in clusters; French names with accents.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { hashed, seeded } from './seeded.mjs'

/** Lower left corner of the country, metres. */
export const origin = [700_000, 6_600_000]
/** Mean width of a parcel, metres. */
const cell = 40

/** Metres from side to side for so many parcels. */
export const sideOf = count => Math.ceil(Math.sqrt(count)) * cell

/** Fills `parcels`, `streets` and `places` with `count` rows each, indexed and analysed. */
export async function makeVectors(url, count) {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(`CREATE EXTENSION IF NOT EXISTS postgis;
      CREATE TABLE parcels (id integer PRIMARY KEY, commune text, section text, numero integer, contenance integer, nom text, geom geometry(Geometry, 2154));
      CREATE TABLE streets (id integer PRIMARY KEY, nom text, nature text, largeur double precision, geom geometry(LineString, 2154));
      CREATE TABLE places (id integer PRIMARY KEY, nom text, numero integer, code_insee text, cree date, geom geometry(Point, 2154))`)
    await copy(client, 'parcels', parcels(count))
    await copy(client, 'streets', streets(count))
    await copy(client, 'places', places(count))
    // Real cadastres come as one declared type: all are multi-polygons, some of several parts.
    await client.query(`ALTER TABLE parcels ALTER geom TYPE geometry(MultiPolygon, 2154) USING ST_Multi(geom);
      CREATE INDEX ON parcels USING gist (geom); CREATE INDEX ON streets USING gist (geom); CREATE INDEX ON places USING gist (geom)`)
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}

async function copy(client, table, rows) {
  const lines = async function* () {
    let text = ''
    for (const row of rows) {
      text += `${row.join('\t')}\n`
      if (text.length > 1 << 16) {
        yield text
        text = ''
        // a socket that takes all at once would never let a signal through
        await setImmediate()
      }
    }
    yield text
  }
  await pipeline(Readable.from(lines()), client.query(copyFrom(`COPY ${table} FROM STDIN`)))
}

const communes = [
  'Sainte-Orée',
  'Le Mêlé-sur-Sarthe',
  'Bœrsch',
  "L'Haÿ-les-Prés",
  'Château-Gaillard',
  'Ploërmel-d’Été',
  'Saint-Éloi',
  'Grand-Fayt',
]
const streetNames = [
  'rue de la République',
  'chemin des Écoliers',
  'allée du Général Leclerc',
  "impasse de l'Abbaye",
  'boulevard Maréchal Foch',
  'route forestière nº',
]

/** A smooth warp of the unit square that draws the grid together around some towns: small parcels there, large ones between. */
function warp(u, v) {
  const pull = 0.022
  return [
    u + pull * Math.sin(2 * Math.PI * 3 * u) * Math.cos(2 * Math.PI * 2 * v),
    v + pull * Math.sin(2 * Math.PI * 3 * v + 1) * Math.cos(2 * Math.PI * 2 * u + 2),
  ]
}

function* parcels(count) {
  const columns = Math.ceil(Math.sqrt(count))
  const side = columns * cell
  const place = (i, j) => {
    const [u, v] = warp(i / columns, j / columns)
    return [origin[0] + u * side, origin[1] + v * side]
  }
  const corner = (i, j) => place(i + (hashed(i, j, 1) - 0.5) * 0.5, j + (hashed(i, j, 2) - 0.5) * 0.5)
  // The vertices of a border between two corners belong to the border, so that both neighbours have the same ones.
  const border = (i, j, isUpright) => {
    const [a, b] = [corner(i, j), isUpright ? corner(i, j + 1) : corner(i + 1, j)]
    const steps = 1 + Math.floor(hashed(i, j, isUpright ? 3 : 4) * 7)
    const points = [a]
    for (let k = 1; k < steps; k++) {
      const t = k / steps
      const bend = (hashed(i * 8 + k, j, isUpright ? 5 : 6) - 0.5) * 0.08
      points.push([a[0] + t * (b[0] - a[0]) - bend * (b[1] - a[1]), a[1] + t * (b[1] - a[1]) + bend * (b[0] - a[0])])
    }
    points.push(b)
    return points
  }
  const ringOf = (i, j) => {
    const ring = [
      ...border(i, j, false).slice(0, -1),
      ...border(i + 1, j, true).slice(0, -1),
      ...border(i, j + 1, false)
        .slice(1)
        .reverse(),
      ...border(i, j, true).slice(1).reverse(),
    ]
    return [...ring, ring[0]]
  }
  const hole = (ring, i, j, size) => {
    const [x, y] = ring.slice(1).reduce(([sx, sy], [px, py]) => [sx + px / (ring.length - 1), sy + py / (ring.length - 1)], [0, 0])
    const width = Math.abs(ring[0][0] - x) * size
    return Array.from({ length: 9 }, (_, k) => {
      const angle = (-2 * Math.PI * (k % 8)) / 8 + hashed(i, j, 7)
      return [x + width * Math.cos(angle), y + width * Math.sin(angle) * 0.8]
    })
  }
  for (let n = 0; n < count; n++) {
    const [i, j] = [n % columns, Math.floor(n / columns)]
    const ring = ringOf(i, j)
    const chance = hashed(i, j, 8)
    const rings = chance < 0.05 ? [ring, hole(ring, i, j, 0.3)] : [ring]
    // Two parts: a parcel cut by a road, its second part a small one within the hole of the first.
    const polygons = chance < 0.02 ? [rings, [hole(ring, i, j, 0.15).reverse()]] : [rings]
    const text = polygons.map(parts => `(${parts.map(part => `(${part.map(xy).join(',')})`).join(',')})`).join(',')
    const name = `${communes[Math.floor(hashed(i >> 4, j >> 4, 9) * communes.length)]}`
    yield [n + 1, name, `${String.fromCharCode(65 + (i % 26))}${String.fromCharCode(65 + (j % 26))}`, n % 1000, 100 + (n % 5000), `Parcelle n° ${n + 1} — ${name}`,
      `SRID=2154;${polygons.length > 1 ? `MULTIPOLYGON(${text})` : `POLYGON${text}`}`] // biome-ignore format: one row
  }
}

function* streets(count) {
  const random = seeded(2)
  const side = sideOf(count)
  for (let n = 0; n < count; n++) {
    const isLong = n % 500 === 0
    const vertices = isLong ? 1500 : 2 + Math.floor(random() ** 3 * 60)
    const step = isLong ? side / 700 : 4 + random() * 14
    let [x, y] = [origin[0] + random() * side, origin[1] + random() * side]
    let heading = random() < 0.6 ? Math.round(random() * 4) * (Math.PI / 2) + 0.3 : random() * 2 * Math.PI
    const points = []
    for (let k = 0; k < vertices; k++) {
      points.push(xy([x, y]))
      x += step * Math.cos(heading)
      y += step * Math.sin(heading)
      heading += (random() - 0.5) * (isLong ? 0.5 : 0.25)
    }
    const name = `${streetNames[Math.floor(random() * streetNames.length)]} ${n}`
    yield [n + 1, name, isLong ? 'rivière' : 'chaussée', (3 + random() * 9).toFixed(1), `SRID=2154;LINESTRING(${points.join(',')})`]
  }
}

function* places(count) {
  const random = seeded(3)
  const side = sideOf(count)
  const towns = Array.from({ length: 60 }, () => [random() * side, random() * side, (0.01 + random() ** 2 * 0.06) * side])
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  for (let n = 0; n < count; n++) {
    const [tx, ty, spread] = towns[Math.floor(random() * towns.length)]
    const [x, y] = random() < 0.7 ? [tx + normal() * spread, ty + normal() * spread] : [random() * side, random() * side]
    const day = `20${String(10 + (n % 15))}-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`
    yield [
      n + 1,
      `${1 + (n % 200)} ${streetNames[n % streetNames.length]}`,
      n % 200,
      String(14000 + (n % 700)),
      day,
      `SRID=2154;POINT(${xy([origin[0] + x, origin[1] + y])})`,
    ]
  }
}

const xy = ([x, y]) => `${x.toFixed(3)} ${y.toFixed(3)}`
