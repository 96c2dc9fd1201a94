import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { RasterBand } from '#core/atlas.js'
import type { SampleArray } from '#core/ports.js'
import { blockSide, type CogBlock, type CogSpec, imageSizes } from '#formats/coverages/cog-spec.js'
import { writeCog } from '#formats/coverages/cog-writer.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdalPython, gdalRead, withoutGdal } from '../../support/gdal.js'
import { readTags } from '../../support/read-tags.js'

const folder = t.testdir()
const store = openCogStore({ id: 'cogs' })
t.teardown(() => store.close())

const band = (sampleType: RasterBand['sampleType'], meaning: RasterBand['meaning'], nodata?: number): RasterBand => ({
  name: meaning,
  sampleType,
  meaning,
  ...(nodata !== undefined && { nodata }),
})
const spec = (changes: Partial<CogSpec>): CogSpec => ({
  width: 1100,
  height: 600,
  bands: [band('uint16', 'gray')],
  crs: 'EPSG:2154',
  transform: [700_000, 0.5, 0, 6_600_000, 0, -0.5],
  overviews: 1,
  hasMask: false,
  compression: 'deflate',
  ...changes,
})

type Value = (x: number, y: number, band: number, level: number) => number

/** Blocks of a picture given by a function; beyond `hole` (in blocks of the full image) nothing is. */
function blocksOf(
  { bands }: CogSpec,
  Samples: new (length: number) => SampleArray,
  value: Value,
  isHole: (x: number, y: number) => boolean = () => false,
) {
  return async (level: number, column: number, row: number): Promise<CogBlock | undefined> => {
    const planes = bands.map(() => new Samples(blockSide ** 2))
    const mask = new Uint8Array(blockSide ** 2)
    for (let y = 0, i = 0; y < blockSide; y++)
      for (let x = 0; x < blockSide; x++, i++) {
        const [gx, gy] = [column * blockSide + x, row * blockSide + y]
        if (isHole(gx, gy)) continue
        mask[i] = 255
        for (let b = 0; b < planes.length; b++) planes[b][i] = value(gx, gy, b, level)
      }
    return mask.every(v => v === 0) ? undefined : { bands: planes, mask }
  }
}

const kinds: [string, RasterBand['sampleType'], new (length: number) => SampleArray, Value][] = [
  ['uint8', 'uint8', Uint8Array, (x, y, b, l) => (x * 7 + y * 3 + b * 50 + l) & 255],
  ['uint16', 'uint16', Uint16Array, (x, y, b, l) => (x * 70 + y * 31 + b * 5000 + l) & 65535],
  ['int16', 'int16', Int16Array, (x, y, b) => ((x * 70 + y * 31 + b) % 60_000) - 30_000],
  ['int32', 'int32', Int32Array, (x, y, b) => (x - 500) * 1_000_003 + y + b],
  ['float32', 'float32', Float32Array, (x, y, b) => Math.fround(Math.sin(x / 50) * 1000 + y / 7 + b)],
  ['float64', 'float64', Float64Array, (x, y, b) => Math.cos(x / 50) * 1000 + y / 7 + b],
]

t.test('data are exact, at every level, as GDAL and our reader see them', { skip: withoutGdal }, async t => {
  for (const [name, sampleType, Samples, value] of kinds)
    for (const count of name === 'uint8' || name === 'float32' ? [1, 4] : [1]) {
      const path = join(folder, `${name}-${count}.tif`)
      const bands = Array.from({ length: count }, (_, i) => band(sampleType, (['red', 'green', 'blue', 'alpha'] as const)[i]))
      const made = spec({ bands: count === 1 ? [band(sampleType, 'gray', 3)] : bands })
      await writeCog(path, made, blocksOf(made, Samples, value))
      const { file } = await store.describe(path)
      t.equal(file.levels.length, 2)
      for (const [level, { width, height }] of imageSizes(made).entries()) {
        const window = { left: 3, top: 5, width: width - 3, height: height - 5 }
        const expected = Array.from({ length: count }, (_, b) =>
          Float64Array.from({ length: window.width * window.height }, (_, i) =>
            value(3 + (i % window.width), 5 + Math.floor(i / window.width), b, level),
          ),
        )
        const theirs = gdalRead(path, level, window).slice(0, count)
        const ours = (await store.read(file, level, window)).bands
        for (let b = 0; b < count; b++) {
          t.ok(isSame(theirs[b], expected[b]), `GDAL: ${name}, band ${b} of ${count}, level ${level}`)
          t.ok(isSame(ours[b], expected[b]), `ours: ${name}, band ${b} of ${count}, level ${level}`)
        }
      }
    }
})

const isSame = (a: ArrayLike<number>, b: ArrayLike<number>) => a.length === b.length && Array.prototype.every.call(a, (v, i) => v === b[i])

t.test('photographs keep their mask and their colours, and GDAL calls the file a COG', { skip: withoutGdal }, async t => {
  const path = join(folder, 'photo.tif')
  const bands = [band('uint8', 'red'), band('uint8', 'green'), band('uint8', 'blue')]
  const made = spec({ bands, hasMask: true, compression: 'jpeg' })
  const value: Value = (x, y, b) => 128 + 100 * Math.sin((x + y * b) / 90)
  const isHole = (x: number, y: number) => x >= 1024 || (x - 300) ** 2 + (y - 300) ** 2 < 100 ** 2
  await writeCog(path, made, blocksOf(made, Uint8Array, value, isHole))
  const window = { left: 0, top: 0, width: 1100, height: 600 }
  const [red, green, blue, mask] = gdalRead(path, 0, window)
  let [error, inside, wrong] = [0, 0, 0]
  for (let i = 0; i < red.length; i++) {
    const [x, y] = [i % 1100, Math.floor(i / 1100)]
    if ((mask[i] === 0) !== isHole(x, y)) wrong++
    if (isHole(x, y)) continue
    inside++
    for (const [b, plane] of [red, green, blue].entries()) error += (plane[i] - Math.floor(value(x, y, b, 0))) ** 2
  }
  t.equal(wrong, 0, 'the mask is exact')
  const psnr = 10 * Math.log10(255 ** 2 / (error / (3 * inside)))
  t.ok(psnr > 36, `${psnr.toFixed(1)} dB`)
  const { layout, epsg } = gdalPython<{ layout: string; epsg: string }>(
    `ds = gdal.Open(sys.argv[1])
print(json.dumps({'layout': ds.GetMetadataItem('LAYOUT', 'IMAGE_STRUCTURE'), 'epsg': ds.GetSpatialRef().GetAuthorityCode(None)}))`,
    path,
  )
  t.same([layout, epsg], ['COG', '2154'])
})

t.test('what is masked does not bleed into a photograph', { skip: withoutGdal }, async t => {
  const path = join(folder, 'bleed.tif')
  const made = spec({ bands: [band('uint8', 'red'), band('uint8', 'green'), band('uint8', 'blue')], hasMask: true, compression: 'jpeg' })
  const isHole = (x: number, y: number) => y < 37 || x < 21 || (x - 700) ** 2 + (y - 300) ** 2 < 80 ** 2
  await writeCog(
    path,
    made,
    blocksOf(made, Uint8Array, (_x, _y, b) => 200 - 40 * b, isHole),
  )
  const [red, green, blue, mask] = gdalRead(path, 0, { left: 0, top: 0, width: 1100, height: 600 })
  const isOff = (i: number) => Math.max(Math.abs(red[i] - 200), Math.abs(green[i] - 160), Math.abs(blue[i] - 120)) > 2
  t.equal(Array.from(mask, (value, i) => value !== 0 && isOff(i)).filter(Boolean).length, 0)
})

t.test('a photograph that differs on both sides of a hole keeps its colours at the edges', { skip: withoutGdal }, async t => {
  const path = join(folder, 'edges.tif')
  const made = spec({ bands: [band('uint8', 'red'), band('uint8', 'green'), band('uint8', 'blue')], hasMask: true, compression: 'jpeg' })
  const color = (x: number, y: number, b: number) => Math.round(255 * (0.5 + 0.35 * Math.sin(x / 11 + b) + 0.14 * Math.cos(y / 9 - b)))
  const isHole = (x: number, y: number) => color(x, y, 0) <= 90
  await writeCog(path, made, blocksOf(made, Uint8Array, color, isHole))
  const [width, height] = [1100, 600]
  const read = gdalRead(path, 0, { left: 0, top: 0, width, height })
  let [squares, count] = [0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (isHole(x, y)) continue
      for (let b = 0; b < 3; b++) {
        squares += (read[b][y * width + x] - color(x, y, b)) ** 2
        count++
      }
    }
  // 1.5 where GDAL writes the same with colours in the holes that go on; 4.7 with a step at their edges
  t.ok(Math.sqrt(squares / count) < 2.5, `off by ${Math.sqrt(squares / count)}`)
})

t.test('directories come first, blocks in the order the ghost header promises, each with its leader and trailer', async t => {
  for (const hasMask of [false, true]) {
    const path = join(folder, `layout-${hasMask}.tif`)
    const made = spec({ hasMask })
    await writeCog(
      path,
      made,
      blocksOf(made, Uint16Array, x => x & 65535),
    )
    const bytes = readFileSync(path)
    const images = readTags(bytes)
    t.equal(images.length, hasMask ? 4 : 2)
    t.match(bytes.subarray(8, 400).toString('latin1'), /^GDAL_STRUCTURAL_METADATA_SIZE=\d{6} bytes\nLAYOUT=IFDS_BEFORE_DATA\n/)
    const size = Number(/SIZE=(\d+)/.exec(bytes.subarray(8, 60).toString('latin1'))![1])
    t.match(bytes.subarray(8 + 43, 8 + 43 + size).toString(), /EDITION=NO\n (MASK_INTERLEAVED_WITH_IMAGERY=YES\n)?$/)
    const blocks = images.flatMap(({ tags }, image) =>
      tags.get(324)!.map((offset, i) => ({
        offset,
        length: tags.get(325)![i],
        level: Math.floor(image / (hasMask ? 2 : 1)),
        isMask: hasMask && image % 2 === 1,
        i,
      })),
    )
    const inFile = blocks.toSorted((a, b) => a.offset - b.offset)
    const promised = blocks.toSorted((a, b) => b.level - a.level || a.i - b.i || Number(a.isMask) - Number(b.isMask))
    t.same(inFile, promised)
    t.ok(
      images.every(({ end }) => end <= inFile[0].offset - 4),
      'directories and their values lie before the first block',
    )
    t.ok(
      blocks.every(
        ({ offset, length }) =>
          bytes.readUInt32LE(offset - 4) === length &&
          bytes.subarray(offset + length - 4, offset + length).equals(bytes.subarray(offset + length, offset + length + 4)),
      ),
    )
  }
})

t.test('what holds nothing is not stored, and a file that exists is not touched', async t => {
  const path = join(folder, 'sparse.tif')
  const made = spec({ hasMask: true })
  await writeCog(path, made, async () => undefined)
  t.ok(readFileSync(path).length < 4000)
  const { file } = await store.describe(path)
  t.equal(
    (await store.read(file, 0, { left: 0, top: 0, width: 10, height: 10 })).mask?.some(v => v > 0),
    false,
  )
  await t.rejects(
    writeCog(path, made, async () => undefined),
    { code: 'EEXIST' },
  )
})

t.test('beyond four gigabytes offsets have 64 bits', { skip: withoutGdal }, async t => {
  const path = join(folder, 'big.tif')
  const made = spec({ width: 60_000, height: 40_000, overviews: 7 })
  await writeCog(path, made, async (level, column, row) =>
    level === 0 && column === 117 && row === 78 ? { bands: [new Uint16Array(blockSide ** 2).fill(4711)] } : undefined,
  )
  t.equal(readFileSync(path)[2], 43)
  t.equal(gdalRead(path, 0, { left: 59_990, top: 39_950, width: 1, height: 1 })[0][0], 4711)
})
