import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import type { PixelWindow } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdal, gdalPython, gdalRead, withoutGdal } from '../../support/gdal.js'
import { writeTiff } from '../../support/make-tiff.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const shared = [process.env.ARPENT_SHARED, '../shared'].find(path => path && existsSync(join(path, 'data')))
const store = openCogStore({ id: 'rasters' })
t.teardown(() => store.close())

interface Differences {
  readonly greatest: number
  readonly mask: number
}

/** Compares a window as we and as GDAL read it. */
async function compare(path: string, level: number, window: PixelWindow): Promise<Differences> {
  const { file } = await store.describe(path)
  const ours = await store.read(file, level, window)
  const theirs = gdalRead(path, level, window)
  let greatest = 0
  for (let b = 0; b < ours.bands.length; b++)
    for (let i = 0; i < theirs[b].length; i++) {
      const [a, c] = [ours.bands[b][i], theirs[b][i]]
      if (!(Number.isNaN(a) && Number.isNaN(c))) greatest = Math.max(greatest, Math.abs(a - c))
    }
  return { greatest, mask: theirs[0].length }
}

t.test(
  'real files: place, levels and pixels as GDAL sees them',
  { skip: withoutGdal || (shared ? false : 'needs ../shared/data') },
  async t => {
    const files = execFileSync('find', ['-L', join(shared!, 'data'), '-name', '*.tif'])
      .toString()
      .trim()
      .split('\n')
      .sort()
    t.ok(files.length > 20)
    const script = `
from osgeo import osr
out = []
for path in sys.argv[1:]:
    d = gdal.Open(path)
    s = d.GetSpatialRef()
    b = d.GetRasterBand(1)
    out.append(dict(transform=d.GetGeoTransform(), levels=[[d.RasterXSize, d.RasterYSize]] + [[b.GetOverview(i).XSize, b.GetOverview(i).YSize] for i in range(b.GetOverviewCount())], crs=s.GetAuthorityCode(None) if s else None, bands=d.RasterCount))
print(json.dumps(out))`
    const known = gdalPython<{ transform: number[]; levels: number[][]; crs: string | null; bands: number }[]>(script, ...files)
    for (const [i, path] of files.entries()) {
      const { file, bands } = await store.describe(path)
      t.match(
        { transform: [...file.transform], levels: file.levels.map(({ width, height }) => [width, height]), bands: bands.length },
        { transform: known[i].transform, levels: known[i].levels, bands: known[i].bands },
        basename(path),
      )
      if (known[i].crs) t.equal(file.crs, `EPSG:${known[i].crs}`, `${basename(path)}: CRS`)
      const tolerance = /kampala_0m075_cog|noaa/.test(path) ? 2 : 0
      for (const [level, { width, height }] of file.levels.entries()) {
        const window = {
          left: Math.floor(width / 3),
          top: Math.floor(height / 3),
          width: Math.min(300, width - Math.floor(width / 3)),
          height: Math.min(300, height - Math.floor(height / 3)),
        }
        const { greatest } = await compare(path, level, window)
        t.ok(greatest <= tolerance, `${basename(path)} level ${level}: differs by ${greatest}`)
      }
    }
  },
)

t.test('masks as GDAL sees them', { skip: withoutGdal }, async t => {
  const folder = t.testdir()
  const source = writeTiff(join(folder, 'source.tif'), [
    {
      width: 90,
      height: 70,
      bands: [x => x, (_, y) => y, () => 9, (x, y) => ((x + y) % 5 ? 255 : 0)],
      extraSamples: [2],
      place: [0, 100, 1, 1],
      epsg: 2154,
    },
  ])
  for (const [name, ...args] of [
    ['internal', '--config', 'GDAL_TIFF_INTERNAL_MASK', 'YES', '-b', '1', '-b', '2', '-b', '3', '-mask', '4'],
    ['external', '--config', 'GDAL_TIFF_INTERNAL_MASK', 'NO', '-b', '1', '-b', '2', '-b', '3', '-mask', '4'],
    ['alpha'],
    ['nodata', '-b', '1', '-a_nodata', '7'],
  ]) {
    const path = join(folder, `${name}.tif`)
    gdal('gdal_translate', '-q', ...args, source, path)
    const window = { left: 5, top: 3, width: 60, height: 50 }
    const { file } = await store.describe(path)
    const { mask } = await store.read(file, 0, window)
    const theirs = name === 'alpha' ? gdalRead(path, 0, window)[3] : gdalRead(path, 0, window).at(-1)!
    t.same(Array.from(mask!), Array.from(theirs), name)
  }
})

t.test('damaged blocks of every codec: a Problem or pixels, never a crash or a hang', { skip: withoutGdal }, async t => {
  const folder = t.testdir()
  const wave = (x: number, y: number) => Math.round(100 + 60 * Math.sin(x / 9) + 40 * Math.cos(y / 7))
  const place = [700000, 6600000, 0.5, 0.5] as const
  const image = { width: 96, height: 96, place, epsg: 2154 }
  const four = writeTiff(join(folder, 'four.tif'), [{ ...image, bands: [wave, wave, wave, wave], extraSamples: [0] }])
  const float = writeTiff(join(folder, 'float.tif'), [{ ...image, type: 'float32', bands: [(x, y) => wave(x, y) / 7] }])
  const random = seeded(99)
  const codecs: readonly (readonly [string, string, string, string])[] = [
    ['jpeg-four', four, 'JPEG', '4'],
    ['jpeg', four, 'JPEG', '3'],
    ['webp', four, 'WEBP', '3'],
    ['lzw', four, 'LZW', '3'],
    ['packbits', four, 'PACKBITS', '3'],
    ['zstd', float, 'ZSTD', '1'],
    ['lerc', float, 'LERC', '1'],
    ['lerc-deflate', float, 'LERC_DEFLATE', '1'],
    ['deflate', float, 'DEFLATE', '1'],
  ]
  for (const [name, source, codec, bands] of codecs) {
    const path = join(folder, `${name}.tif`)
    const chosen = Array.from({ length: Number(bands) }, (_, i) => ['-b', String(i + 1)]).flat()
    gdal(
      'gdal_translate',
      '-q',
      ...chosen,
      '-co',
      `COMPRESS=${codec}`,
      '-co',
      'TILED=YES',
      '-co',
      'BLOCKXSIZE=48',
      '-co',
      'BLOCKYSIZE=48',
      source,
      path,
    )
    const original = readFileSync(path)
    let [pixels, problems] = [0, 0]
    for (let i = 0; i < 40; i++) {
      const bytes = Buffer.from(original)
      // The blocks come after the header, which other tests damage.
      for (let changes = seededInteger(random, 1, 6); changes > 0; changes--)
        bytes[seededInteger(random, 700, bytes.length - 1)] = pick(random, [0, 0xff, 0x7f, seededInteger(random, 0, 255)])
      writeFileSync(join(folder, `${name}-${i}.tif`), bytes)
      try {
        const { file } = await store.describe(join(folder, `${name}-${i}.tif`))
        await store.read(file, 0, { left: 0, top: 0, width: 96, height: 96 })
        pixels++
      } catch (error) {
        if (!(error instanceof Problem) || error.kind === 'internal') throw error
        problems++
      }
    }
    t.equal(pixels + problems, 40, `${name}: ${pixels} gave pixels, ${problems} were refused`)
  }
})

t.test('nodata as other programs spell it', { skip: withoutGdal }, async t => {
  const folder = t.testdir()
  for (const [i, nodata] of ['7', ' -9999 ', '-99,5', '1.5e3', 'nan', '-nan', 'inf', '-3.40282346638529e+38'].entries()) {
    const path = writeTiff(join(folder, `${i}.tif`), [
      { width: 10, height: 8, bands: [() => 1], type: 'float32', place: [700000, 6600000, 2, 2], epsg: 2154, nodata },
    ])
    const [known] = gdalPython<string[]>('d = gdal.Open(sys.argv[1])\nprint(json.dumps([repr(d.GetRasterBand(1).GetNoDataValue())]))', path)
    const expected = Number(known.replace('nan', 'NaN').replace('inf', 'Infinity'))
    t.same(Math.fround((await store.describe(path)).bands[0].nodata ?? 0), Math.fround(expected), nodata)
  }
})
