// Thousands of GeoTIFFs in seconds: one is written by GDAL, the others are copies whose corner is written anew.
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './programs.mjs'

const modelTiepoint = 33922
const corners = new Map()

/** Copies a north-up GeoTIFF with its upper left corner elsewhere. */
export function repeatFile(source, path, [x, y]) {
  copyFileSync(source, path)
  if (!corners.has(source)) corners.set(source, cornerOffset(readFileSync(source)))
  const bytes = Buffer.alloc(16)
  bytes.writeDoubleLE(x, 0)
  bytes.writeDoubleLE(y, 8)
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, 16, corners.get(source))
  closeSync(file)
}

/** Where x of the tie point is written, in a little-endian classic TIFF: (i, j, k, x, y, z) as doubles (GeoTIFF 1.1, 7.1.2). */
function cornerOffset(bytes) {
  const directory = bytes.readUInt32LE(4)
  for (let k = 0; k < bytes.readUInt16LE(directory); k++) {
    const entry = directory + 2 + k * 12
    if (bytes.readUInt16LE(entry) === modelTiepoint) return bytes.readUInt32LE(entry + 8) + 24
  }
  throw new Error('the GeoTIFF has no tie point')
}

/** `count` sparse COGs of 4,000 px (20 cm, EPSG:2154) side by side, in folders of a thousand: headers like the real ones', next to no pixels. `{ folder, box, across, metres, count }`. */
export function makeFiles(folder, count) {
  const metres = 800
  const across = Math.ceil(Math.sqrt(count))
  const corner = k => [600_000 + (k % across) * metres, 6_800_000 - Math.floor(k / across) * metres]
  const nameOf = k => join(folder, `${Math.floor(k / 1000)}`, `dalle-${k}.tif`)
  for (let k = 0; k < count; k += 1000) mkdirSync(join(folder, String(k / 1000)), { recursive: true })
  const [x, y] = corner(0)
  run('gdal_create', ['-q', '-of', 'GTiff', '-co', 'SPARSE_OK=YES', '-co', 'TILED=YES', '-outsize', 4000, 4000, '-bands', 3, '-a_srs', 'EPSG:2154', '-a_ullr', x, y, x + metres, y - metres, join(folder, 'seed.tiff')]) // biome-ignore format: one command
  run('gdal_translate', ['-q', '-of', 'COG', '-co', 'COMPRESS=JPEG', '-co', 'SPARSE_OK=YES', join(folder, 'seed.tiff'), nameOf(0)])
  rmSync(join(folder, 'seed.tiff'))
  for (let k = 1; k < count; k++) repeatFile(nameOf(0), nameOf(k), corner(k))
  return { folder, count, across, metres, box: [600_000, 6_800_000 - across * metres, 600_000 + across * metres, 6_800_000] }
}
