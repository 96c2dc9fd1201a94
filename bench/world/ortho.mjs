// A seeded orthophoto in EPSG:2154: fields, roofs, roads and grain, written as COGs of 512 px YCbCr JPEG blocks by GDAL; one file, or cut into many.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashed } from './seeded.mjs'
import { origin } from './vectors.mjs'

/** Metres of a pixel. */
export const pixel = 0.5

/** Makes `files` COGs (their whole is `side` pixels wide) in a folder. Returns their paths, a VRT over them, and the box in EPSG:2154. */
export function makeOrtho(folder, side, files) {
  mkdirSync(folder, { recursive: true })
  const box = [origin[0], origin[1], origin[0] + side * pixel, origin[1] + side * pixel]
  const raw = join(folder, 'ortho.bin')
  writeFileSync(raw, photograph(side))
  writeFileSync(
    join(folder, 'ortho.hdr'),
    `ENVI\nsamples = ${side}\nlines = ${side}\nbands = 3\ndata type = 1\ninterleave = bip\nbyte order = 0\n`,
  )
  const across = Math.ceil(Math.sqrt(files))
  const part = Math.ceil(side / across / 512) * 512
  const paths = []
  for (let k = 0; k < files; k++) {
    const [x, y] = [(k % across) * part, Math.floor(k / across) * part]
    const [width, height] = [Math.min(part, side - x), Math.min(part, side - y)]
    if (width <= 0 || height <= 0) continue
    const path = join(folder, files === 1 ? 'ortho.tif' : `ortho-${k}.tif`)
    const west = box[0] + x * pixel
    const north = box[3] - y * pixel
    run('gdal_translate', ['-q', '-of', 'COG', '-a_srs', 'EPSG:2154', '-srcwin', x, y, width, height, '-a_ullr', west, north, west + width * pixel, north - height * pixel,
      '-co', 'COMPRESS=JPEG', '-co', 'QUALITY=85', '-co', 'BLOCKSIZE=512', '-co', 'OVERVIEW_RESAMPLING=AVERAGE', raw, path]) // biome-ignore format: one command
    paths.push(path)
  }
  rmSync(raw)
  rmSync(join(folder, 'ortho.hdr'))
  const vrt = join(folder, 'ortho.vrt')
  run('gdalbuildvrt', ['-q', vrt, ...paths])
  const index = join(folder, 'index.gpkg')
  if (paths.length > 1) run('gdaltindex', ['-f', 'GPKG', '-lyr_name', 'ortho', index, ...paths])
  return { paths, vrt, index, box, side }
}

function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args.map(String), { encoding: 'utf8' })
  if (error) throw new Error(`${command} is not installed: apt-get install gdal-bin`)
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`)
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
