import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync, crc32 as nodeCrc32 } from 'node:zlib'
import { geojson as flatgeobufGeojson } from 'flatgeobuf'
import sqlite from 'node-sqlite3-wasm'
import { seeded } from './seeded.js'

/** The features every well-made file of these tests holds: seeded, with accents, leading zeros, nulls and a big number. */
export interface MadeFeature {
  readonly id: number
  readonly code: string
  readonly name: string | null
  readonly height: number | null
  readonly big: number
  readonly x: number
  readonly y: number
}

export function madeFeatures(count: number, seed = 1): MadeFeature[] {
  const random = seeded(seed)
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    code: String(Math.floor(random() * 100_000)).padStart(5, '0'),
    name: i % 7 === 3 ? null : `Rue de l’Été n° ${i + 1}`,
    height: i % 5 === 4 ? null : Math.round(random() * 10_000) / 100,
    big: 9_000_000_000 + i,
    x: Math.round((600_000 + random() * 400_000) * 100) / 100,
    y: Math.round((6_200_000 + random() * 700_000) * 100) / 100,
  }))
}

/** Little-endian WKB of a point. */
export function pointWkb(x: number, y: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(21))
  view.setUint8(0, 1)
  view.setUint32(1, 1, true)
  view.setFloat64(5, x, true)
  view.setFloat64(13, y, true)
  return new Uint8Array(view.buffer)
}

/** A GeoPackage geometry around WKB, with the envelope of a point or without. */
export function geopackageBlob(wkb: Uint8Array, srid: number, envelope: readonly number[] = []): Uint8Array {
  const head = new DataView(new ArrayBuffer(8 + envelope.length * 8))
  head.setUint8(0, 0x47)
  head.setUint8(1, 0x50)
  head.setUint8(3, 1 | (envelope.length === 4 ? 2 : 0))
  head.setInt32(4, srid, true)
  for (const [i, value] of envelope.entries()) head.setFloat64(8 + i * 8, value, true)
  return Buffer.concat([new Uint8Array(head.buffer), wkb])
}

export interface MadeTable {
  readonly name: string
  /** Column definitions, as SQL has them. */
  readonly columns: readonly string[]
  /** Absent: a table of attributes. */
  readonly geometry?: { readonly column: string; readonly type: string; readonly srsId: number }
  readonly rows: readonly (readonly (string | number | bigint | Uint8Array | null)[])[]
}

/** Writes a GeoPackage with the tables of OGC 12-128r19 that readers need. */
export function writeGeopackage(path: string, tables: readonly MadeTable[], more: readonly string[] = []): string {
  const database = new sqlite.Database(path)
  database.exec(`
    PRAGMA application_id = 1196444487; PRAGMA user_version = 10300; BEGIN;
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);
    INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined', -1, 'NONE', -1, 'undefined', ''), ('Undefined', 0, 'NONE', 0, 'undefined', ''),
      ('WGS 84', 4326, 'EPSG', 4326, '', ''), ('Lambert-93', 2154, 'EPSG', 2154, '', ''), ('own number', 100000, 'epsg', 3948, '', '');
    CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT, last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z TINYINT, m TINYINT);`)
  for (const { name, columns, geometry, rows } of tables) {
    const table = `"${name.replaceAll('"', '""')}"`
    const definitions = [...columns, ...(geometry ? [`"${geometry.column}" ${geometry.type}`] : [])]
    database.exec(`CREATE TABLE ${table} (${definitions.join(', ')})`)
    database.run('INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES (?, ?, ?)', [
      name,
      geometry ? 'features' : 'attributes',
      geometry?.srsId ?? null,
    ])
    if (geometry)
      database.run('INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)', [name, geometry.column, geometry.type, geometry.srsId])
    const insert = database.prepare(`INSERT INTO ${table} VALUES (${definitions.map(() => '?').join(', ')})`)
    for (const row of rows) insert.run([...row])
    insert.finalize()
  }
  for (const statement of more) database.exec(statement)
  database.exec('COMMIT')
  database.close()
  return path
}

export function pointsTable(features: readonly MadeFeature[], name = 'points'): MadeTable {
  return {
    name,
    columns: ['fid INTEGER PRIMARY KEY', 'code TEXT(5)', 'name TEXT', 'height DOUBLE', 'big INTEGER'],
    geometry: { column: 'geom', type: 'POINT', srsId: 2154 },
    rows: features.map(({ id, code, name, height, big, x, y }) => [
      id,
      code,
      name,
      height,
      big,
      geopackageBlob(pointWkb(x, y), 2154, id % 2 ? [x, x, y, y] : []),
    ]),
  }
}

export function geojsonText(features: readonly MadeFeature[]): string {
  return JSON.stringify({
    type: 'FeatureCollection',
    name: 'points',
    crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::2154' } },
    features: features.map(geojsonFeature),
  })
}

export function geojsonFeature({ id, code, name, height, big, x, y }: MadeFeature) {
  return {
    type: 'Feature' as const,
    id,
    properties: { code, name, height, big },
    geometry: { type: 'Point' as const, coordinates: [x, y] },
  }
}

export function csvText(features: readonly MadeFeature[], separator = ';', decimal = ','): string {
  const number = (value: number | null) => (value === null ? '' : String(value).replace('.', decimal))
  const lines = features.map(({ code, name, height, big, x, y }) =>
    [code, name ?? '', number(height), big, number(x), number(y)].join(separator),
  )
  return `${['code', 'name', 'height', 'big', 'x', 'y'].join(separator)}\r\n${lines.join('\r\n')}\r\n`
}

export function flatgeobufBytes(features: readonly MadeFeature[]): Uint8Array {
  return flatgeobufGeojson.serialize({ type: 'FeatureCollection', features: features.map(geojsonFeature) } as never, 2154)
}

const lambert93 =
  'PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",700000.0],PARAMETER["False_Northing",6600000.0],PARAMETER["Central_Meridian",3.0],PARAMETER["Standard_Parallel_1",44.0],PARAMETER["Standard_Parallel_2",49.0],PARAMETER["Latitude_Of_Origin",46.5],UNIT["Meter",1.0]]'

/** Contents of the records of a `.shp` (shape type first), and the shape type of the file. */
export function shpBytes(
  type: number,
  contents: readonly Buffer[],
  measures: readonly [number, number] = [0, 0],
): { shp: Buffer; shx: Buffer } {
  const records: Buffer[] = []
  const entries: Buffer[] = []
  let at = 100
  for (const [i, content] of contents.entries()) {
    const head = Buffer.alloc(8)
    head.writeInt32BE(i + 1, 0)
    head.writeInt32BE(content.length / 2, 4)
    records.push(head, content)
    const entry = Buffer.alloc(8)
    entry.writeInt32BE(at / 2, 0)
    entry.writeInt32BE(content.length / 2, 4)
    entries.push(entry)
    at += 8 + content.length
  }
  const head = (bytes: number) => {
    const buffer = Buffer.alloc(100)
    buffer.writeInt32BE(9994, 0)
    buffer.writeInt32BE(bytes / 2, 24)
    buffer.writeInt32LE(1000, 28)
    buffer.writeInt32LE(type, 32)
    buffer.writeDoubleLE(measures[0], 84)
    buffer.writeDoubleLE(measures[1], 92)
    return buffer
  }
  return { shp: Buffer.concat([head(at), ...records]), shx: Buffer.concat([head(100 + contents.length * 8), ...entries]) }
}

/** The content of a record: the shape type, then doubles and 32-bit integers (bigints) in order. */
export function shape(type: number, ...values: (number | bigint)[]): Buffer {
  const buffer = Buffer.alloc(4 + values.reduce<number>((bytes, value) => bytes + (typeof value === 'bigint' ? 4 : 8), 0))
  buffer.writeInt32LE(type, 0)
  let at = 4
  for (const value of values) at = typeof value === 'bigint' ? buffer.writeInt32LE(Number(value), at) : buffer.writeDoubleLE(value, at)
  return buffer
}

export interface DbfColumn {
  readonly name: string
  readonly type: string
  readonly bytes: number
  readonly decimals?: number
}

/** A dBase table; values are texts already as wide as they are to be, padded with spaces, or bytes. `deleted` rows are marked so. */
export function dbfBytes(
  columns: readonly DbfColumn[],
  rows: readonly (readonly (string | Buffer)[])[],
  { languageDriver = 0, deleted = [] as readonly number[], encoding = 'utf8' as BufferEncoding } = {},
): Buffer {
  const rowBytes = 1 + columns.reduce((sum, column) => sum + column.bytes, 0)
  const head = Buffer.alloc(32 + columns.length * 32 + 1)
  head[0] = 3
  head.writeUInt32LE(rows.length, 4)
  head.writeUInt16LE(head.length, 8)
  head.writeUInt16LE(rowBytes, 10)
  head[29] = languageDriver
  for (const [i, { name, type, bytes, decimals = 0 }] of columns.entries()) {
    const at = 32 + i * 32
    head.write(name, at, 11, encoding)
    head.write(type, at + 11, 'latin1')
    head[at + 16] = bytes
    head[at + 17] = decimals
  }
  head[head.length - 1] = 0x0d
  const body = rows.map((row, r) => {
    const buffer = Buffer.alloc(rowBytes, 0x20)
    if (deleted.includes(r)) buffer[0] = 0x2a
    let at = 1
    for (const [i, value] of row.entries()) {
      const bytes = typeof value === 'string' ? Buffer.from(value, encoding) : value
      bytes.copy(buffer, at, 0, columns[i].bytes)
      at += columns[i].bytes
    }
    return buffer
  })
  return Buffer.concat([head, ...body, Buffer.from([0x1a])])
}

/** Writes a Shapefile of points with its companions; returns the path of the `.shp`. */
export function writeShapefile(folder: string, stem: string, features: readonly MadeFeature[]): string {
  const { shp, shx } = shpBytes(
    1,
    features.map(({ x, y }) => shape(1, x, y)),
  )
  const rows = features.map(({ code, name, height, big }) => [
    code,
    name ?? '',
    height === null ? '' : String(height).padStart(12),
    String(big).padStart(12),
  ])
  const columns = [
    { name: 'code', type: 'C', bytes: 5 },
    { name: 'name', type: 'C', bytes: 40 },
    { name: 'height', type: 'N', bytes: 12, decimals: 2 },
    { name: 'big', type: 'N', bytes: 12 },
  ]
  writeFileSync(join(folder, `${stem}.shp`), shp)
  writeFileSync(join(folder, `${stem}.shx`), shx)
  writeFileSync(join(folder, `${stem}.dbf`), dbfBytes(columns, rows))
  writeFileSync(join(folder, `${stem}.cpg`), 'UTF-8')
  writeFileSync(join(folder, `${stem}.prj`), lambert93)
  return join(folder, `${stem}.shp`)
}

export interface ZipEntry {
  readonly name: string
  readonly bytes: Uint8Array
  /** What the head claims instead of the truth. */
  readonly claimedSize?: number
  readonly isEncrypted?: boolean
}

/** A zip archive, honest or lying. */
export function zipBytes(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let at = 0
  for (const { name, bytes, claimedSize = bytes.length, isEncrypted = false } of entries) {
    const packed = deflateRawSync(bytes)
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800 | (isEncrypted ? 1 : 0), 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claimedSize, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, packed)
    const central = Buffer.alloc(14)
    central.writeUInt32LE(at, 10)
    centrals.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, central, nameBytes)
    at += 30 + nameBytes.length + packed.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, directory, end])
}

/** Node has one of its own only from 20.15 on. */
function crc32(bytes: Uint8Array): number {
  if (typeof nodeCrc32 === 'function') return nodeCrc32(bytes)
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
