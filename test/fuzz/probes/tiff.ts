import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Problem } from '#core/problem.js'
import { createBlockCache } from '#stores/cog/block-cache.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { makeTiff } from '../../support/make-tiff.js'
import { oneFile, type Probe, refused, written } from '../probe.js'

const place = [700_000, 6_600_000, 0.5, 0.5] as const
const wave = (x: number, y: number) => (x * 7 + y * 13) % 256

/** Written by our own small writer: tiles, strips, BigTIFF, either byte order, palettes, masks, floats. */
const plain = {
  tiles: makeTiff([{ width: 64, height: 48, bands: [wave, wave, wave], tile: [16, 16], place, epsg: 2154, deflate: true }, { width: 32, height: 24, bands: [wave, wave, wave], tile: [16, 16], subfile: 1, deflate: true }]),
  strips: makeTiff([{ width: 50, height: 40, bands: [wave], rowsPerStrip: 7, place, epsg: 2154, deflate: true, predictor: 2 }], { isBigEndian: true }),
  big: makeTiff([{ width: 40, height: 40, bands: [wave], type: 'float32', tile: [16, 16], place, epsg: 2154, nodata: '-9999' }], { isBig: true }),
  palette: makeTiff([{ width: 32, height: 32, bands: [(x, y) => (x + y) % 16], bits: 4, photometric: 3, colorMap: Array.from({ length: 48 }, (_, i) => i * 1300), place, epsg: 4326, isGeographic: true }]),
  mask: makeTiff([{ width: 32, height: 32, bands: [wave, wave, wave], tile: [16, 16], place, epsg: 2154 }, { width: 32, height: 32, bands: [(x, y) => (x > y ? 1 : 0)], bits: 1, subfile: 4, photometric: 4 }]),
} // biome-ignore format: one a line

const wkt =
  'PROJCS["RGF93 / Lambert-93",GEOGCS["RGF93",DATUM["D",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["standard_parallel_1",49],PARAMETER["standard_parallel_2",44],PARAMETER["latitude_of_origin",46.5],PARAMETER["central_meridian",3],PARAMETER["false_easting",700000],PARAMETER["false_northing",6600000],UNIT["metre",1],AUTHORITY["EPSG","2154"]]'

/** A file that does not say itself where it lies, with all that may stand beside it. */
const beside = {
  main: 'a.tif',
  files: {
    'a.tif': makeTiff([{ width: 32, height: 32, bands: [wave], tile: [16, 16] }]),
    'a.tfw': Buffer.from('0.5\n0\n0\n-0.5\n700000.25\n6599999.75\n'),
    'a.prj': Buffer.from(wkt),
    'a.tif.aux.xml': Buffer.from('<PAMDataset><PAMRasterBand band="1"><NoDataValue>0</NoDataValue><Metadata><MDI key="STATISTICS_MINIMUM">1</MDI><MDI key="STATISTICS_MAXIMUM">9</MDI></Metadata></PAMRasterBand></PAMDataset>'),
  },
} // biome-ignore format: one a line

/** A small file of every compression, written by GDAL. */
const seeds = 'fixtures/tiff-seeds'

export const tiff: Probe = {
  name: 'tiff',
  title: 'GeoTIFF files: headers, and the blocks of every level',
  cases: 600,
  words: ['<PAMRasterBand band="', '</Metadata>', '<GeoTransform>', '<SRS>', 'PROJCS["', ']]', '1e308', '-9999'],
  async samples() {
    const stored = readdirSync(seeds).map(name => [name, oneFile('a.tif', readFileSync(join(seeds, name)))] as const)
    const made = Object.entries(plain).map(([name, bytes]) => [name, oneFile('a.tif', bytes)] as const)
    return { beside, ...Object.fromEntries([...made, ...stored]) }
  },
  /** Through the store's port alone: the header, then the corner of every level. */
  async run(input, folder) {
    const path = written(input, folder)
    const store = openCogStore({ id: 'fuzz', root: dirname(path), cache: createBlockCache(8e6) })
    const digest = createHash('sha256')
    try {
      const { file, bands, notes } = await store.describe(basename(path))
      if (!file.bbox.every(Number.isFinite) || !(file.width > 0 && file.height > 0)) throw new Error(`described as ${JSON.stringify(file)}`)
      const { version: _, ...steady } = file
      digest.update(JSON.stringify([steady, bands, notes]))
      for (const [level, { width, height }] of file.levels.slice(0, 8).entries()) {
        const pixels = await store.read(file, level, { left: 0, top: 0, width: Math.min(width, 200), height: Math.min(height, 200) })
        for (const band of pixels.bands) {
          if (band.length !== pixels.width * pixels.height) throw new Error('a band of another size than its window')
          digest.update(new Uint8Array(band.buffer, band.byteOffset, band.byteLength))
        }
      }
      return { verdict: 'read', answer: digest.digest('hex') }
    } catch (error) {
      if (!(error instanceof Problem) || error.kind === 'internal') throw error
      return refused(error.message)
    } finally {
      await store.close()
      rmSync(join(folder, 'input'), { recursive: true, force: true })
    }
  },
}
