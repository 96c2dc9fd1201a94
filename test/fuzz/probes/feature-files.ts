import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Problem } from '#core/problem.js'
import { openFeatureFile } from '#formats/features/readers/index.js'
import {
  csvText,
  flatgeobufBytes,
  geojsonText,
  madeFeatures,
  pointsTable,
  writeGeopackage,
  writeShapefile,
  zipBytes,
} from '../../support/make-files.js'
import { type Files, oneFile, type Probe, refused, type Verdict, written } from '../probe.js'

const features = madeFeatures(30)
/** More rows than a damaged copy of a small file can hold. */
const mostRows = 100_000

/** Reads every row of every layer. Only a `Problem` may be thrown, and it must not tell where the file lies. */
async function run(input: Files, folder: string): Promise<Verdict> {
  const digest = createHash('sha256')
  try {
    const options = { scratch: join(folder, 'scratch'), maxUnpackedBytes: 32e6 }
    const opened = await openFeatureFile(written(input, folder), options)
    try {
      let rows = 0
      for (const layer of opened.layers) {
        digest.update(JSON.stringify([layer.columns, layer.geometry ?? null]))
        for await (const batch of layer.read()) {
          rows += batch.rows.length
          if (rows > mostRows) throw new Error(`${rows} rows from a small file`)
          for (const row of batch.rows) {
            if (row.length !== layer.columns.length + (layer.geometry ? 1 : 0))
              throw new Error('a row has more or fewer values than columns')
            digest.update(
              row.map(value => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value))).join('\0'),
            )
          }
        }
      }
    } finally {
      await opened.close()
    }
    return { verdict: 'read', answer: digest.digest('hex') }
  } catch (error) {
    if (!(error instanceof Problem) || error.kind === 'internal') throw error
    return refused(error.message)
  }
}

/** Files that a writer leaves in a folder. */
function filesMade(main: string, write: (folder: string) => void): Files {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-fuzz-sample-'))
  try {
    write(folder)
    const entries = readdirSync(folder)
      .sort()
      .map(name => [name, readFileSync(join(folder, name))] as const)
    return { main, files: Object.fromEntries(entries) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const geometries = [
  { type: 'Point', coordinates: [1, 2, 3] },
  { type: 'MultiPolygon', coordinates: [[[[0, 0], [1, 0], [1, 1], [0, 0]]]] },
  { type: 'GeometryCollection', geometries: [{ type: 'LineString', coordinates: [[0, 0], [1, 1]] }] },
  null,
] // biome-ignore format: coordinates

const mixed = JSON.stringify({
  type: 'FeatureCollection',
  crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::2154' } },
  features: geometries.map((geometry, id) => ({
    type: 'Feature',
    id,
    geometry,
    properties: { a: id, b: { c: [id] }, d: 'é\u0301', e: 1e21 },
  })),
})

const jsonWords = ['{', '}', '[', ']', ',', '"', '\\u0000', '\\ud800', 'null', '1e999', '-', '{"type":"Feature","geometry":null}', '"geometry":',
  '"coordinates":[[[[', '"features":[', '"__proto__":{', '{"a":', '\ufeff', '"crs":{"type":"name","properties":{"name":"EPSG:0"}},'] // biome-ignore format: across

export const geojson: Probe = {
  name: 'geojson',
  title: 'GeoJSON files',
  cases: 400,
  words: jsonWords,
  samples: async () => ({ points: oneFile('a.geojson', geojsonText(features)), mixed: oneFile('b.geojson', mixed) }),
  run,
}

const polygons = features.map(({ id, x, y }) => `${id};"POLYGON((${x} ${y},${x + 1} ${y},${x} ${y + 1},${x} ${y}))"`)

export const csv: Probe = {
  name: 'csv',
  title: 'tables of text, with coordinates or well-known text',
  cases: 400,
  words: [
    '"',
    '""',
    ';',
    ',',
    '\t',
    '\n',
    '\r\n',
    '\0',
    '\ufeff',
    'POLYGON((',
    '))',
    'EMPTY',
    'SRID=2154;',
    'GEOMETRYCOLLECTION(',
    '1e400',
    'é',
    '((((',
  ],
  samples: async () => ({
    points: oneFile('a.csv', csvText(features)),
    shapes: oneFile('b.csv', `id;wkt\n${polygons.join('\n')}`),
    latin: oneFile('c.csv', Buffer.from(csvText(features), 'latin1')),
  }),
  run,
}

export const flatgeobuf: Probe = {
  name: 'flatgeobuf',
  title: 'FlatGeobuf files',
  cases: 400,
  samples: async () => ({ points: oneFile('a.fgb', flatgeobufBytes(features)) }),
  run,
}

export const geopackage: Probe = {
  name: 'geopackage',
  title: 'GeoPackage files',
  cases: 250,
  words: ['CREATE TABLE ', 'CREATE VIEW ', 'gpkg_contents', 'features', 'GP\0\x01', 'x'.repeat(60)],
  samples: async () => ({
    points: filesMade('a.gpkg', folder => writeGeopackage(join(folder, 'a.gpkg'), [pointsTable(features)])),
    two: filesMade('b.gpkg', folder => writeGeopackage(join(folder, 'b.gpkg'), [pointsTable(features, 'été'), pointsTable(features, 'b')])),
  }),
  run,
}

export const shapefile: Probe = {
  name: 'shapefile',
  title: 'Shapefiles: shp, shx, dbf, prj and cpg',
  cases: 400,
  words: ['PROJCS["', 'GEOGCS["', 'PARAMETER["', '[[[[[[', ']]', 'UTF-8', 'ISO 8859-1', '65001'],
  samples: async () => ({ points: filesMade('a.shp', folder => void writeShapefile(folder, 'a', features)) }),
  run,
}

const json = Buffer.from(geojsonText(features))
const bomb = Buffer.concat([json.subarray(0, -1), Buffer.alloc(48e6, 0x20), json.subarray(-1)])

export const archive: Probe = {
  name: 'archive',
  title: 'zip and gzip around files of features',
  cases: 300,
  words: ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', '../', '/etc/passwd', 'a.geojson', '\x1f\x8b\x08'],
  samples: async () => ({
    zip: oneFile(
      'a.zip',
      zipBytes([
        { name: 'a.geojson', bytes: json },
        { name: 'été/b.csv', bytes: Buffer.from(csvText(features)) },
      ]),
    ),
    shapes: zippedShapefile(),
    gzip: oneFile('a.geojson.gz', gzipSync(json)),
    bomb: oneFile('b.geojson.gz', gzipSync(bomb)),
    'bomb in a zip': oneFile('b.zip', zipBytes([{ name: 'b.geojson', bytes: bomb }])),
    many: oneFile('m.zip', zipBytes(Array.from({ length: 300 }, (_, n) => ({ name: `${n}.geojson`, bytes: Buffer.from('{}') })))),
  }),
  run,
}

function zippedShapefile(): Files {
  const { files } = filesMade('a.shp', folder => {
    mkdirSync(folder, { recursive: true })
    writeShapefile(folder, 'a', features)
  })
  return oneFile('s.zip', zipBytes(Object.entries(files).map(([name, bytes]) => ({ name, bytes }))))
}
