import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import type { Atlas } from '#core/atlas.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdal, gdalPython, gdalRead, withoutGdal } from '../support/gdal.js'
import { writeTiff } from '../support/make-tiff.js'
import { unlessAll } from '../support/programs.js'
import { runProgram } from '../support/run-program.js'
import { runServer } from '../support/running-server.js'
import { smallDisk, withoutMounts } from '../support/small-disk.js'
import { until } from '../support/until.js'

const folder = mkdtempSync(join(tmpdir(), 'arpent-cogify-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const path = (...names: string[]) => join(folder, ...names)
const skip = unlessAll(withoutGdal)
const store = openCogStore({ id: 'made' })
t.teardown(() => store.close())
const writers = ['gdal', 'own'] as const

/** Runs cogify and gives back what it printed; fails the test where it does not end well. */
async function cogify(test: Test, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(['cogify', ...args], { cwd: folder })
  test.equal(code, 0, stderr)
  return stdout
}

/** The same of several of the pictures at once, into a folder; the line about each, by name. */
async function cogifyAll(test: Test, names: readonly string[], into: string, ...args: string[]): Promise<ReadonlyMap<string, string>> {
  const said = await cogify(test, ...names.map(name => `${name}.tif`), '--output', `${into}/`, ...args)
  return new Map(said.split('\n').map(line => [/([^/]*)\.tif: /.exec(line)?.[1] ?? '', line]))
}

/** Pictures of 2,000 pixels of 20 cm in Lambert-93, each of its own kind. */
function makePictures(): void {
  gdalPython(
    `
import numpy as np
from osgeo import osr
rng = np.random.default_rng(2154)
n = 2000
def smooth(step):
    a = rng.random((n // step + 3, n // step + 3)); at = np.arange(n) / step; i = at.astype(int); f = at - i
    b = a[i] * (1 - f)[:, None] + a[i + 1] * f[:, None]
    return b[:, i] * (1 - f)[None] + b[:, i + 1] * f[None]
def write(name, bands, kind=gdal.GDT_Byte, options=(), nodata=None, place=(650000.1, 0.2, 0, 6862000.1, 0, -0.2), table=None, epsg=2154):
    ds = gdal.GetDriverByName('GTiff').Create(sys.argv[1] + '/' + name + '.tif', n, n, len(bands), kind, list(options))
    ds.SetGeoTransform(place)
    if epsg:
        srs = osr.SpatialReference(); srs.ImportFromEPSG(epsg); ds.SetProjection(srs.ExportToWkt())
    for i, band in enumerate(bands):
        ds.GetRasterBand(i + 1).WriteArray(band)
        if nodata is not None: ds.GetRasterBand(i + 1).SetNoDataValue(nodata)
        if table: ds.GetRasterBand(i + 1).SetColorTable(table)
    return ds
rgb = [(30 + 180 * (0.6 * smooth(140) + 0.3 * smooth(31) + 0.1 * smooth(9))).astype('uint8') for _ in range(3)]
write('photo', rgb, options=['PHOTOMETRIC=RGB'])
write('nowhere', rgb, options=['PHOTOMETRIC=RGB'], epsg=0)
write('ongrid', rgb, options=['PHOTOMETRIC=RGB', 'COMPRESS=DEFLATE', 'TILED=YES'], place=(650000, 0.2, 0, 6862000, 0, -0.2))
write('gray', rgb[:1])
alpha = np.full((n, n), 255, 'uint8'); alpha[:300, :700] = 0
write('alpha', rgb + [alpha], options=['PHOTOMETRIC=RGB', 'ALPHA=YES'])
holes = [b.copy() for b in rgb]
for b in holes: b[900:1300, 500:900] = 0
write('holes', holes, options=['PHOTOMETRIC=RGB'], nodata=0)
write('infrared', rgb + [255 - rgb[0]], options=['PHOTOMETRIC=RGB'])
heights = (smooth(100) * 300 + smooth(7)).astype('float32'); heights[:200, :300] = -9999
ds = write('heights', [heights], gdal.GDT_Float32, nodata=-9999)
ds.GetRasterBand(1).SetUnitType('m'); ds.GetRasterBand(1).SetDescription('above & below')
ds.SetMetadataItem('TIFFTAG_DATETIME', '2023:06:21 10:20:30')
whole = write('whole', [(smooth(60) * 3000 - 500).astype('int16')], gdal.GDT_Int16)
whole.GetRasterBand(1).SetScale(0.1); whole.GetRasterBand(1).SetOffset(-20)
table = gdal.ColorTable()
for i in range(12): table.SetColorEntry(i, (i * 20, 255 - i * 20, 99, 255))
codes = (smooth(50) * 11).astype('uint8')
write('classes', [codes], table=table)
write('codes', [codes * 20])
write('bits', [(smooth(80) > 0.5).astype('uint8')], options=['NBITS=1'])
turned = (650000, 0.16, 0.12, 6862000, 0.12, -0.16)
write('turned', rgb, options=['PHOTOMETRIC=RGB'], place=turned)
print('1')`,
    folder,
  )
}

interface Compared {
  /** Errors and warnings of GDAL's own validation. */
  readonly faults: readonly string[]
  readonly psnr: number
  readonly most: number
  /** Pixels that one shows and the other does not. */
  readonly masks: number
  readonly block: readonly number[]
  readonly bands: number
  readonly overviews: number
  readonly nodata: number | null
  readonly compression: string
  /** Of the smallest overview: mean of what is there, and its share. */
  readonly smallest: readonly [number, number]
}

type Comparison = readonly [made: string, source: string, method: string]

/** Files beside what gdalwarp makes of their sources in the same pixels; `same`: beside the source itself. */
const compareAll = (files: readonly Comparison[]) =>
  gdalPython<Compared[]>(
    `
import numpy as np
from osgeo_utils.samples.validate_cloud_optimized_geotiff import validate
def look(made, source, method):
    warnings, errors, _ = validate(made, full_check=True)
    d = gdal.Open(made); s = gdal.Open(source); g = d.GetGeoTransform(); w, h = d.RasterXSize, d.RasterYSize
    one = d.GetRasterBand(1); nodata = one.GetNoDataValue()
    bounds = [g[0], g[3] + h * g[5], g[0] + w * g[1], g[3]]
    r = s if method == 'same' else gdal.Warp('', s, format='MEM', dstSRS=d.GetSpatialRef(), outputBounds=bounds, width=w, height=h, resampleAlg=method,
        errorThreshold=0.01, dstAlpha=nodata is None, warpOptions=['UNIFIED_SRC_NODATA=YES'])
    a = d.ReadAsArray().astype(float).reshape(-1, h, w); b = r.ReadAsArray().astype(float).reshape(-1, h, w)
    m = one.GetMaskBand().ReadAsArray() > 0
    n = b[-1] > 0 if method != 'same' and nodata is None else r.GetRasterBand(1).GetMaskBand().ReadAsArray() > 0
    diff = (a - b[:a.shape[0]])[:, m & n]
    o = one.GetOverview(one.GetOverviewCount() - 1); om = o.GetMaskBand().ReadAsArray() > 0
    return dict(faults=[str(e) for e in errors + warnings], psnr=10 * np.log10(255 ** 2 / max((diff ** 2).mean(), 1e-9)), most=np.abs(diff).max(),
        masks=int((m != n).sum()), block=one.GetBlockSize(), bands=d.RasterCount, overviews=one.GetOverviewCount(), nodata=nodata,
        compression=d.GetMetadataItem('COMPRESSION', 'IMAGE_STRUCTURE'), smallest=[float(o.ReadAsArray()[om].mean()), float(om.mean())])
print(json.dumps([look(*f) for f in json.loads(sys.argv[1])]))`,
    JSON.stringify(files),
  )

const compare = (...file: Comparison) => compareAll([file])[0]

/** Share of two numbers that agree within so much. */
const near = (a: number, b: number, share: number) => Math.abs(a - b) <= share * Math.abs(b)

t.test('against GDAL', { skip }, async t => {
  makePictures()

  await t.test('photographs on a grid: blocks are its tiles, pixels those of gdalwarp within what JPEG loses', async t => {
    const names = ['photo', 'gray', 'alpha', 'holes', 'turned']
    for (const writer of writers) {
      const said = await cogifyAll(t, names, path('web', writer), '--grid', 'WebMercatorQuad', '--writer', writer)
      const all = compareAll(names.map(name => [path('web', writer, `${name}.tif`), path(`${name}.tif`), 'cubic']))
      for (const [i, name] of names.entries()) {
        const found = all[i]
        t.match(
          said.get(name),
          new RegExp(
            `WebMercatorQuad matrix 19 \\(pixels of 0\\.2986, those of the file are 0\\.30\\d+\\).*photo \\(JPEG 85\\); by ${writer === 'own' ? 'our own' : 'GDAL'}`,
          ),
        )
        t.match(
          found,
          { faults: [], block: [256, 256], bands: name === 'gray' ? 1 : 3, overviews: 3, nodata: null, compression: /JPEG/ },
          `${writer}, ${name}`,
        )
        t.ok(
          found.psnr > 38 && found.masks < 25,
          `${writer}, ${name}: PSNR ${found.psnr.toFixed(1)} dB, ${found.masks} pixels masked otherwise`,
        )
      }
      t.same(
        readdirSync(path('web', writer)).filter(file => !file.endsWith('.tif')),
        [],
        'nothing else is left',
      )
    }
    const [a, b] = writers.map(writer => compare(path('web', writer, 'alpha.tif'), path('alpha.tif'), 'cubic').smallest)
    t.ok(near(a[0], b[0], 0.01) && near(a[1], b[1], 0.01), `overviews agree: ${a} and ${b}`)
  })

  await t.test('the tiles of the server are these blocks, at every matrix that was named', async t => {
    const webp = path('web', 'own', 'webp.tif')
    t.match(await cogify(t, 'photo.tif', '--grid', 'PM', '--writer', 'own', '--compression', 'webp', '--output', webp), /photo \(WebP 85\)/)
    const lambert = path('web', 'own', 'lambert.tif')
    t.match(await cogify(t, 'ongrid.tif', '--grid', 'LAMB93_5cm', '--writer', 'own', '--output', lambert), /matrix 20 .* matrices 20, 19;/)
    t.match(compare(lambert, path('ongrid.tif'), 'near'), { faults: [], block: [256, 256] })
    const served = { gdal: path('web', 'gdal', 'photo.tif'), own: path('web', 'own', 'photo.tif'), webp, lambert }
    mkdirSync(path('served'))
    for (const [name, file] of Object.entries(served)) copyFileSync(file, path('served', `${name}.tif`))
    const server = await runServer([path('served')])
    try {
      for (const [collection, grid, origin, coarsest, type, matrices] of [
        ['gdal', 'WebMercatorQuad', [-20037508.3427892, 20037508.3427892], 156543.03392804097, 'image/jpeg', [19, 18]],
        ['own', 'WebMercatorQuad', [-20037508.3427892, 20037508.3427892], 156543.03392804097, 'image/jpeg', [19, 18]],
        ['webp', 'PM', [-20037508.3427892, 20037508.3427892], 156543.033928041, 'image/webp', [19, 18]],
        ['lambert', 'LAMB93_5cm', [0, 12_000_000], 209715.2, 'image/jpeg', [20, 19]],
      ] as const) {
        const file = path('served', `${collection}.tif`)
        const { transform, width } = (await store.describe(file)).file
        for (const [level, matrix] of matrices.entries()) {
          const span = (coarsest / 2 ** matrix) * 256
          const [left, top] = [Math.round((transform[0] - origin[0]) / span), Math.round((origin[1] - transform[3]) / span)]
          const count = Math.floor(width / 256 / 2 ** level)
          let stored = 0
          for (let i = 0; i < count; i++) {
            const answer = await fetch(`${server.address}/collections/${collection}/map/tiles/${grid}/${matrix}/${top + i}/${left + i}`)
            const bytes = Buffer.from(await answer.arrayBuffer())
            if (answer.headers.get('x-tile-source') !== 'stored') continue
            t.equal(answer.headers.get('content-type'), type)
            if (stored++ > 0) continue
            const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
            const bands = gdalRead(file, level, { left: i * 256, top: i * 256, width: 256, height: 256 })
            let most = 0
            for (let b = 0; b < 3; b++) for (let p = 0; p < 65_536; p++) most = Math.max(most, Math.abs(data[p * 3 + b] - bands[b][p]))
            t.ok(most <= 4, `${collection}, matrix ${matrix}: ${most} from what GDAL reads there`)
          }
          t.ok(stored >= count - 3 && stored > 1, `${collection}, matrix ${matrix}: ${stored} of ${count} tiles are stored`)
        }
      }
    } finally {
      t.equal(await server.stop(), 0)
    }
  })

  await t.test('data on a grid: exact compression, nodata kept, classes never mixed', async t => {
    const kinds = [
      ['heights', 'bilinear', 0.05],
      ['whole', 'bilinear', 1],
      ['infrared', 'bilinear', 1],
      ['classes', 'near', 1],
      ['codes', 'near', 20],
      ['bits', 'near', 1],
    ] as const
    const names = kinds.map(([name]) => name)
    const write = (writer: string) => cogifyAll(t, names, path('data', writer), '--grid', 'WebMercatorQuad', '--writer', writer)
    const said = { gdal: await write('gdal'), own: await write('own') }
    const compared = (writer: string) =>
      compareAll(kinds.map(([name, method]) => [path('data', writer, `${name}.tif`), path(`${name}.tif`), method]))
    const made = { gdal: compared('gdal'), own: compared('own') }
    for (const [i, [name, , most]] of kinds.entries()) {
      for (const writer of writers) {
        const found = made[writer][i]
        t.match(said[writer].get(name), /data \(exact\)/)
        t.match(found, { faults: [], block: [256, 256], bands: name === 'infrared' ? 4 : 1, nodata: name === 'heights' ? -9999 : null })
        t.match(found.compression, writer === 'own' ? 'DEFLATE' : /ZSTD|DEFLATE/)
        t.ok(
          found.most <= most && found.psnr > 55 && found.masks < 40,
          `${writer}, ${name}: ${found.most} off, PSNR ${found.psnr.toFixed(1)} dB, ${found.masks} masked otherwise`,
        )
      }
      const [a, b] = writers.map(writer => made[writer][i].smallest)
      t.ok(near(a[0], b[0], 0.02) && near(a[1], b[1], 0.02), `${name}: overviews agree: ${a} and ${b}`)
    }
  })

  await t.test('without a grid pixels stay where and what they are', async t => {
    const names = ['photo', 'alpha', 'holes', 'heights', 'whole', 'infrared', 'classes', 'bits', 'turned']
    for (const writer of writers) {
      const said = await cogifyAll(t, names, path('same', writer), '--writer', writer)
      const all = compareAll(names.map(name => [path('same', writer, `${name}.tif`), path(`${name}.tif`), 'same']))
      for (const [i, name] of names.entries()) {
        const [out, found] = [path('same', writer, `${name}.tif`), all[i]]
        const isPhoto = ['photo', 'alpha', 'holes', 'turned'].includes(name)
        t.match(said.get(name), isPhoto ? /pixels as they were.*photo/ : /pixels as they were.*data/)
        t.match(found, { faults: [], block: [512, 512], overviews: 2 })
        t.ok(
          isPhoto ? found.psnr > 38 && found.masks < 160_001 : found.most === 0 && found.masks === 0,
          `${writer}, ${name}: ${found.most} off, ${found.masks}`,
        )
        const [was, is] = [await store.describe(path(`${name}.tif`)), await store.describe(out)]
        t.same(is.file.transform, was.file.transform, `${writer}, ${name}: the same place`)
        if (isPhoto) continue
        const bandsOf = ({ bands }: typeof was) => bands.map(({ range: _, ...band }) => band)
        // GDAL notes the palette of one bit as such
        if (name !== 'bits') t.same(bandsOf(is), bandsOf(was), `${writer}, ${name}: bands as they were`)
        t.equal(is.file.time, was.file.time, `${writer}, ${name}: time`)
      }
    }
  })

  await t.test('a profile can be chosen, what it cannot be is refused', async t => {
    t.match(await cogify(t, 'photo.tif', '--profile', 'data', '--output', path('exact.tif'), '--writer', 'own'), /data \(exact\)/)
    t.equal(compare(path('exact.tif'), path('photo.tif'), 'same').most, 0)
    t.match(await cogify(t, 'codes.tif', '--profile', 'photo', '--output', path('lossy.tif'), '--writer', 'own'), /photo \(JPEG 85\)/)
    t.match(
      await cogify(t, 'photo.tif', '--grid', 'WebMercatorQuad', '--matrix', '17', '--output', path('coarse.tif'), '--writer', 'own'),
      /matrix 17/,
    )
    t.match(compare(path('coarse.tif'), path('photo.tif'), 'average'), { faults: [], overviews: 1 })
    t.match(await cogify(t, 'nowhere.tif', '--crs', 'EPSG:2154', '--output', path('placed.tif')), /EPSG:2154/)
    t.equal((await store.describe(path('placed.tif'))).file.crs, 'EPSG:2154')
    const before = readdirSync(folder).sort()
    for (const [args, said] of [
      [['heights.tif', '--profile', 'photo'], /cannot be stored as a photograph.*--profile data would work/],
      [['gray.tif', '--compression', 'webp'], /is gray.*--compression jpeg/],
      [['nowhere.tif'], /does not name its CRS.*--crs EPSG:2154/],
      [['photo.tif', '--grid', 'Nowhere'], /There is no grid "Nowhere"; there are WebMercatorQuad, .*LAMB93_5cm/],
      [['photo.tif', '--grid', '2975_10cm'], /lies outside of the grid 2975_10cm|has no place/],
      [['photo.tif', '--output', 'photo.tif'], /is the file itself.*--in-place/],
      [['photo.tif', '--output', 'exact.tif'], /is there already. --overwrite/],
      [['photo.tif', 'gray.tif', '--output', 'exact.tif'], /a folder is needed/],
      [['absent.tif'], /absent\.tif/],
    ] as const) {
      const { code, stdout, stderr } = await runProgram(['cogify', ...args], { cwd: folder })
      t.same([code, stdout], [1, ''], args.join(' '))
      t.match(stderr, said)
      t.notMatch(stderr, /\bat .*\.js/, 'without a stack')
    }
    t.same(readdirSync(folder).sort(), before, 'and nothing is left behind')
  })

  await t.test('in place, and only when told so', async t => {
    copyFileSync(path('photo.tif'), path('mine.tif'))
    await cogify(t, 'mine.tif', '--in-place')
    t.match(compare(path('mine.tif'), path('photo.tif'), 'same'), { faults: [], block: [512, 512] })
    writeFileSync(path('mine.tif.ovr'), '')
    const { code, stderr } = await runProgram(['cogify', 'mine.tif', '--in-place'], { cwd: folder })
    t.equal(code, 1)
    t.match(stderr, /mine\.tif\.ovr would be taken for a part of the new mine\.tif/)
  })

  await t.test('one file that fails does not stop the others', async t => {
    writeFileSync(path('broken.tif'), 'II*\0nothing')
    const { code, stdout, stderr } = await runProgram(['cogify', 'broken.tif', 'gray.tif', '--output', 'several/'], { cwd: folder })
    t.equal(code, 1)
    t.match(stderr, /^broken\.tif: /m)
    t.match(stdout, /^several\/gray\.tif: /)
    t.same(readdirSync(path('several')), ['gray.tif'])
  })

  await t.test('check names what is not aligned, and no longer once it is', async t => {
    // as a provider would send it: tiled and with overviews, but of no grid
    gdal(
      'gdal_translate',
      '-q',
      '-of',
      'COG',
      ...['-co', 'COMPRESS=JPEG', '-outsize', '3000', '3000'],
      path('ongrid.tif'),
      path('provider.tif'),
    )
    const codes = async (file: string) => {
      const { stdout } = await runProgram(['check', file, '--json', '--data', path('state')], { cwd: folder })
      const { verdicts } = JSON.parse(stdout) as Pick<Atlas, 'verdicts'>
      return verdicts.flatMap(({ findings }) => findings).filter(({ code }) => code === 'not-aligned')
    }
    const [found, ...more] = await codes('provider.tif')
    t.match(found, { severity: 'info', cure: 'arpent cogify provider.tif --grid WebMercatorQuad --output aligned' })
    t.same(more, [])
    const { code } = await runProgram(found.cure!.split(' ').slice(1), { cwd: folder })
    t.equal(code, 0, 'the cure can be pasted')
    t.same(await codes('aligned/provider.tif'), [])
  })

  await t.test('who interrupts it finds everything as it was', async t => {
    gdal('gdal_translate', '-q', '-outsize', '6000', '6000', '-co', 'TILED=YES', path('photo.tif'), path('large.tif'))
    for (const writer of writers)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        mkdirSync(path('stopped'))
        const args = [
          'dist/main.js',
          'cogify',
          path('large.tif'),
          '--grid',
          'WebMercatorQuad',
          '--writer',
          writer,
          '--output',
          path('stopped', 'out.tif'),
        ]
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
        let said = ''
        child.stderr.setEncoding('utf8').on('data', text => {
          said += text
        })
        const ended = new Promise<number | null>(resolve => child.once('close', resolve))
        const isAtWork = () => readdirSync(path('stopped')).some(name => readdirSync(path('stopped', name)).length > 0)
        await until(async () => isAtWork())
        child.kill(signal)
        t.equal(await ended, 1, `${writer}, ${signal}`)
        t.match(said, /Stopped; files that were not finished are as they were\.\n$/)
        t.same(readdirSync(path('stopped')), [], 'nothing is left')
        rmSync(path('stopped'), { recursive: true })
      }
  })

  await t.test('what a killed one left goes with the next', async t => {
    mkdirSync(path('killed'))
    const out = path('killed', 'out.tif')
    const child = spawn(process.execPath, ['dist/main.js', 'cogify', path('large.tif'), '--writer', 'own', '--output', out], {
      stdio: 'ignore',
    })
    await until(async () => readdirSync(path('killed')).length > 0)
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('close', resolve))
    t.match(readdirSync(path('killed')), [/^out\.tif\.\d+\.part$/])
    await cogify(t, 'gray.tif', '--output', out)
    t.same(readdirSync(path('killed')), ['out.tif'])
  })

  await t.test('a full disk is said, and left as it was', { skip: withoutMounts }, async t => {
    const disk = smallDisk(2)
    t.teardown(() => disk.remove())
    for (const writer of writers) {
      const { code, stderr } = await runProgram([
        'cogify',
        path('infrared.tif'),
        '--writer',
        writer,
        '--output',
        join(disk.folder, 'out.tif'),
      ])
      t.equal(code, 1)
      t.match(stderr, /There is no room left in .*; nothing was put in place/, writer)
      t.same(readdirSync(disk.folder), [])
    }
  })
})

t.test('a machine without GDAL writes all the same', async t => {
  const image = { width: 700, height: 600, epsg: 2154, place: [650_000, 6_862_000, 0.2, 0.2] as const }
  const wave = (b: number) => (x: number, y: number) => Math.round(128 + 60 * Math.sin(x / (20 + b)) + 50 * Math.cos(y / (30 - b)))
  const source = writeTiff(path('plain.tif'), [{ ...image, bands: [0, 1, 2].map(wave) }])
  const env = { PATH: path('no-programs') }
  const { code, stdout, stderr } = await runProgram(['cogify', source, '--grid', 'WebMercatorQuad'], { cwd: folder, env })
  t.equal(code, 0, stderr)
  t.match(stdout, /^plain-cog\.tif: .* by our own writer\n$/)
  t.match(await store.describe(path('plain-cog.tif')), { file: { crs: 'EPSG:3857' }, bands: { length: 3 } })
  t.ok(statSync(path('plain-cog.tif')).size < statSync(source).size / 4)
  t.equal(readFileSync(path('plain-cog.tif')).subarray(8, 36).toString(), 'GDAL_STRUCTURAL_METADATA_SIZ')
  const wanted = await runProgram(['cogify', source, '--writer', 'gdal', '--overwrite'], { cwd: folder, env })
  t.match(wanted, { code: 1, stderr: /--writer gdal: gdalwarp and gdal_translate 3\.2 or newer are not on the PATH/ })
})

t.test('wrong use is told apart', async t => {
  for (const [args, said] of [
    [[], /missing required argument 'file'/],
    [['x.tif', '--matrix', '3'], /--matrix needs --grid/],
    [['x.tif', '--profile', 'data', '--compression', 'webp'], /--compression webp is for photographs/],
    [['x.tif', '--in-place', '--output', 'y'], /exclude each other/],
    [['x.tif', '--profile', 'bogus'], /photo, data/],
  ] as const)
    t.match(await runProgram(['cogify', ...args]), { code: 2, stderr: said, stdout: '' })
})
