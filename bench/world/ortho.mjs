// Orthophotos as COGs of JPEG blocks, written by GDAL: fields, roofs, roads and grain from a seed, or real pixels; in EPSG:2154, one file or cut into many,
// or in EPSG:3857 with blocks that are tiles of web mercator.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repeatFile } from './many-files.mjs'
import { run } from './programs.mjs'
import { hashed } from './seeded.mjs'
import { origin } from './vectors.mjs'

/** Metres of a pixel. */
export const pixel = 0.5
/** The picture is repeated beyond so many pixels: what is between is as good as any other. */
const motif = 3072
/** Pixels across each of many files. */
const part = 1024
const profile = ['-co', 'COMPRESS=JPEG', '-co', 'QUALITY=85', '-co', 'OVERVIEW_RESAMPLING=AVERAGE']

/**
 * One COG in EPSG:2154 of `side` pixels across and 512 px blocks, or `files` of 1024 px; pixels from a seed, or from the GeoTIFFs of a folder.
 * `{ paths, vrt, index, box, side, crs, folder }`, the box in the CRS.
 */
export function makeOrtho(folder, side, files, realPixels) {
  const raw = rawPicture(folder, files === 1 ? side : part, realPixels)
  const across = Math.ceil(Math.sqrt(files))
  const whole = files === 1 ? side : across * part
  const box = [origin[0], origin[1], origin[0] + whole * pixel, origin[1] + whole * pixel]
  const width = (files === 1 ? side : part) * pixel
  const first = join(folder, files === 1 ? 'ortho.tif' : 'ortho-0.tif')
  const place = ['-a_srs', 'EPSG:2154', '-a_ullr', box[0], box[3], box[0] + width, box[3] - width]
  run('gdal_translate', ['-q', '-of', 'COG', ...place, ...profile, '-co', 'BLOCKSIZE=512', raw, first])
  const paths = [first]
  for (let k = 1; k < files; k++) {
    const path = join(folder, `ortho-${k}.tif`)
    repeatFile(first, path, [box[0] + (k % across) * width, box[3] - Math.floor(k / across) * width])
    paths.push(path)
  }
  removeRaw(folder)
  const vrt = join(folder, 'ortho.vrt')
  const list = join(folder, 'files.txt')
  writeFileSync(list, paths.join('\n'))
  run('gdalbuildvrt', ['-q', '-input_file_list', list, vrt])
  const index = join(folder, 'index.gpkg')
  if (files > 1) run('gdaltindex', ['-f', 'GPKG', '-lyr_name', 'ortho', index, ...paths])
  return { paths, vrt, index, box, side: whole, crs: 'EPSG:2154', folder }
}

/** Level of web mercator that `makeTiled` stores, counted in tiles of 256 px; the corner of the file there, in such tiles: whole at every overview. */
const tiledLevel = 19
const tiledCorner = [265_216, 180_224]

/**
 * A COG in EPSG:3857 whose blocks are tiles of WebMercatorQuad. Beside what `makeOrtho` returns: `level` (`z` of its tiles), `corner` (column and row of its
 * first tile there), `across` (tiles across), `blockSize`.
 */
export function makeTiled(folder, side, blockSize) {
  const raw = rawPicture(folder, side)
  const half = 20037508.342789244
  const metres = (2 * half) / 2 ** tiledLevel
  const [west, north] = [tiledCorner[0] * metres - half, half - tiledCorner[1] * metres]
  const width = (side / 256) * metres
  const box = [west, north - width, west + width, north]
  const path = join(folder, 'tiled.tif')
  run('gdal_translate', [
    '-q',
    '-of',
    'COG',
    '-a_srs',
    'EPSG:3857',
    '-a_ullr',
    west,
    north,
    box[2],
    box[1],
    ...profile,
    '-co',
    `BLOCKSIZE=${blockSize}`,
    raw,
    path,
  ])
  removeRaw(folder)
  const times = blockSize / 256
  const tiles = {
    level: tiledLevel - Math.log2(times),
    corner: tiledCorner.map(n => n / times),
    across: Math.floor(side / blockSize),
    blockSize,
  }
  return { paths: [path], vrt: path, box, side, crs: 'EPSG:3857', folder, ...tiles }
}

/** The picture as raw pixels with an ENVI header, `side` across. */
function rawPicture(folder, side, realPixels) {
  const raw = join(folder, 'raw.bin')
  const square = Math.min(side, motif)
  const bytes = realPixels ? realSquare(folder, realPixels, square) : photograph(square)
  const line = square * 3
  const rows = Buffer.alloc(side * side * 3)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x += square)
      bytes.copy(rows, (y * side + x) * 3, (y % square) * line, (y % square) * line + Math.min(square, side - x) * 3)
  writeFileSync(raw, rows)
  writeFileSync(
    join(folder, 'raw.hdr'),
    `ENVI\nsamples = ${side}\nlines = ${side}\nbands = 3\ndata type = 1\ninterleave = bip\nbyte order = 0\n`,
  )
  return raw
}

function removeRaw(folder) {
  for (const name of readdirSync(folder)) if (/^raw\.|^real\./.test(name)) rmSync(join(folder, name))
}

/** Real pixels, stretched to a square where they are wider than high. */
function realSquare(folder, source, square) {
  const tiles = readdirSync(source)
    .filter(name => name.endsWith('.tif'))
    .map(name => join(source, name))
  run('gdalbuildvrt', ['-q', join(folder, 'real.vrt'), ...tiles])
  return run(
    'gdal_translate',
    [
      '-q',
      '-of',
      'ENVI',
      '-co',
      'INTERLEAVE=BIP',
      '-outsize',
      square,
      square,
      '-r',
      'bilinear',
      join(folder, 'real.vrt'),
      join(folder, 'real.bin'),
    ],
    join(folder, 'real.bin'),
  )
}

function photograph(side) {
  const bytes = Buffer.alloc(side * side * 3)
  const smooth = (x, y, size, salt) => {
    const [i, j] = [Math.floor(x / size), Math.floor(y / size)]
    const [u, v] = [x / size - i, y / size - j]
    const [a, b] = [hashed(i, j, salt), hashed(i + 1, j, salt)]
    const [c, d] = [hashed(i, j + 1, salt), hashed(i + 1, j + 1, salt)]
    return (a + u * (b - a)) * (1 - v) + (c + u * (d - c)) * v
  }
  for (let y = 0, at = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const field = hashed(Math.floor((x + y * 0.2) / 170), Math.floor((y - x * 0.2) / 130), 11)
      const grain = (hashed(x, y, 12) - 0.5) * 14 + (smooth(x, y, 9, 13) - 0.5) * 36
      const wide = (smooth(x, y, 300, 14) - 0.5) * 50
      const isRoad = Math.abs(((x + y * 0.2) % 170) - 85) < 5
      const isRoof = !isRoad && field > 0.6 && hashed(x >> 5, y >> 5, 15) > 0.55 && (x & 31) > 6 && (y & 31) > 8
      const [r, g, b] = isRoad ? [150, 148, 145] : isRoof ? [176, 96, 74] : [96 + field * 70, 118 + field * 30, 70 + field * 25]
      const light = grain + wide
      bytes[at++] = Math.max(0, Math.min(255, r + light))
      bytes[at++] = Math.max(0, Math.min(255, g + light))
      bytes[at++] = Math.max(0, Math.min(255, b + light * 0.9))
    }
  return bytes
}
