import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Problem } from '#core/problem.js'
import { blockPosition, readBlock } from '#stores/cog/block-position.js'
import type { ByteFile } from '#stores/cog/byte-file.js'
import { openPyramid, sizeOf } from '#stores/cog/pyramid.js'
import { readTiffHead } from '#stores/cog/tiff-directory.js'
import { layoutOf } from '#stores/cog/tiff-layout.js'
import { gdal, withoutGdal } from '../../support/gdal.js'
import { makeTiff, type TiffSpec, writeTiff } from '../../support/make-tiff.js'
import { memorySource } from '../../support/memory-source.js'
import { fuzzSeeds } from './fuzz-tiff.js'

interface CountedFile extends ByteFile {
  readonly reads: { readonly offset: number; readonly length: number }[]
}

async function counted(bytes: Uint8Array): Promise<CountedFile> {
  const file = await memorySource(new Map([['x', bytes]])).open('x', 'x.tif')
  const reads: { offset: number; length: number }[] = []
  return {
    ...file,
    reads,
    read: (offset, length) => {
      reads.push({ offset, length })
      return file.read(offset, length)
    },
  }
}
const textOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1')
const refuse = (reason: string) => new Problem('invalid-data', reason)
const place = [700000, 6600000, 0.5, 0.5] as const

t.test('a header of 180,000 blocks is opened and used by the page', async t => {
  const side = 16 * 300
  const blocks = 300 * 300
  const missing = Array.from({ length: blocks }, (_, i) => i).filter(i => i !== 54_321)
  const image: TiffSpec = { width: side, height: side, tile: [16, 16], bands: [x => x & 255], missing, place, epsg: 2154 }
  const file = await counted(makeTiff([image, { ...image, subfile: 4 }], { isBig: true }))
  const { directories, pages } = await readTiffHead(file, 'x.tif')
  t.equal(directories.length, 2)
  const head = file.reads.reduce((sum, { length }) => sum + length, 0)
  t.ok(head < 160_000, `opening read ${head} of ${file.size} bytes`)
  const layout = layoutOf(directories[0], 'x.tif')
  file.reads.length = 0
  const [column, row] = [54_321 % 300, Math.floor(54_321 / 300)]
  t.ok(await readBlock(file, layout, column, row, 0, refuse))
  t.equal(file.reads.length, 2, 'a page of offsets and one of byte counts')
  t.ok(file.reads.every(({ length }) => length <= 16 * 1024))
  file.reads.length = 0
  t.equal(await readBlock(file, layout, column + 1, row, 0, refuse), undefined, 'its neighbour was never written')
  t.equal(file.reads.length, 0, 'and costs nothing')
  for (let i = 0; i < blocks; i += 97) await readBlock(file, layout, i % 300, Math.floor(i / 300), 0, refuse)
  t.ok(pages.bytes <= 256 * 1024, 'whatever is read, a bounded part of it stays')
})

t.test('of a head stay its short lists, of long ones the pages', async t => {
  const image: TiffSpec = { width: 80, height: 64, tile: [16, 16], bands: [x => x & 255], place, epsg: 2154 }
  const all = makeTiff([image, { ...image, width: 40, height: 32, subfile: 1 }])
  const file = await counted(all)
  const { directories, pages } = await readTiffHead(file, 'x.tif')
  t.equal(pages.bytes, 0, 'no page of it is kept')
  file.reads.length = 0
  // heads read meanwhile take the memory of its pages
  for (const other of fuzzSeeds().slice(0, 8)) await readTiffHead(await counted(other.bytes), 'y.tif').catch(() => {})
  for (const directory of directories) {
    const layout = layoutOf(directory, 'x.tif')
    for (let index = 0; index < layout.columns * layout.rows; index++) {
      const { offset, length } = await blockPosition(file, layout, index % layout.columns, Math.floor(index / layout.columns), 0)
      const block = await readBlock(file, layout, index % layout.columns, Math.floor(index / layout.columns), 0, refuse)
      t.equal(block?.offset, offset)
      t.equal(textOf(block?.bytes), textOf(all.subarray(offset, offset + length)))
    }
  }
  t.equal(file.reads.length, 0, 'and its lists are not read again')
  const many = await counted(makeTiff([{ ...image, width: 16 * 40, height: 16 * 40 }]))
  const head = await readTiffHead(many, 'x.tif')
  t.ok(head.pages.bytes > 0)
  many.reads.length = 0
  t.ok(await readBlock(many, layoutOf(head.directories[0], 'x.tif'), 3, 2, 0, refuse))
  t.equal(many.reads.length, 0, 'what of a long list came with the head is there')
})

t.test('the size of a header in memory is known', async t => {
  const bytes = makeTiff([{ width: 40, height: 30, tile: [16, 16], bands: [() => 1], place, epsg: 2154 }])
  const pyramid = await openPyramid(memorySource(new Map([['x.tif', bytes]])), 'x.tif', 'x.tif')
  t.ok(sizeOf(pyramid) > 4096 && sizeOf(pyramid) < 64 * 1024)
})

t.test('the leaders of a COG stand in for its byte counts, unless they are no longer true', { skip: withoutGdal }, async t => {
  const folder = t.testdir()
  const source = writeTiff(join(folder, 'source.tif'), [
    { width: 600, height: 420, bands: [(x, y) => (x * 7 + y * 3) % 251, (x, y) => (x ^ y) & 255, () => 9], place, epsg: 2154 },
  ])
  for (const mask of [[], ['-a_nodata', '3', '-co', 'ADD_ALPHA=YES']]) {
    const path = join(folder, `cog-${mask.length}.tif`)
    gdal('gdal_translate', '-q', '-of', 'COG', '-co', 'COMPRESS=JPEG', '-co', 'BLOCKSIZE=128', ...mask, source, path)
    const bytes = new Uint8Array(readFileSync(path))
    const file = await counted(bytes)
    const layout = layoutOf((await readTiffHead(file, 'x.tif')).directories[0], 'x.tif')
    const truth = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const exact = await blockPosition(file, layout, i % 5, Math.floor(i / 5), 0, true)
        return textOf(bytes.subarray(exact.offset, exact.offset + exact.length))
      }),
    )
    const read = async (changed: Uint8Array) => {
      const file = await counted(changed)
      const { directories } = await readTiffHead(file, 'x.tif')
      const layout = layoutOf(directories[0], 'x.tif')
      return Promise.all(truth.map(async (_, i) => textOf((await readBlock(file, layout, i % 5, Math.floor(i / 5), 0, refuse))?.bytes)))
    }
    t.same(await read(bytes), truth)
    const blind = bytes.slice()
    blind.fill(0, layout.byteCounts.position, layout.byteCounts.position + layout.byteCounts.count * (layout.byteCounts.type === 3 ? 2 : 4))
    t.same((await read(blind)).slice(0, 19), truth.slice(0, 19), 'every block that another one follows is found without byte counts')
    const edited = bytes.slice()
    const at = Buffer.from(bytes).indexOf('KNOWN_INCOMPATIBLE_EDITION=NO')
    edited.set(Buffer.from('YES'), at + 'KNOWN_INCOMPATIBLE_EDITION='.length)
    t.same(await read(edited), truth, 'a file that says it was edited is read by its byte counts')
    edited.fill(0, layout.byteCounts.position, layout.byteCounts.position + 4)
    t.equal((await read(edited))[0], undefined)
    const moved = bytes.slice()
    const first = await blockPosition(file, layout, 0, 0, 0)
    moved[first.offset]++
    t.same(await read(moved), truth, 'a leader that contradicts the trailer is not believed')
  }
})

t.test('files cut off at every boundary of their structure end in a Problem that names them, or in pixels', async t => {
  let [cuts, problems] = [0, 0]
  for (const { name, bytes } of fuzzSeeds()) {
    for (const at of boundariesOf(bytes)) {
      cuts++
      try {
        const pyramid = await openPyramid(memorySource(new Map([['x.tif', bytes.slice(0, at)]])), 'x.tif', 'x.tif')
        t.ok(pyramid.levels.length > 0)
      } catch (error) {
        problems++
        if (!(error instanceof Problem) || !error.message.includes('"x.tif"')) t.fail(`${name} cut at ${at}: ${error}`)
      }
    }
  }
  t.ok(cuts > 1000 && problems > cuts / 2, `${problems} of ${cuts} were refused`)
})

t.test('a field that lies is named as the standard spells it', async t => {
  const image: TiffSpec = { width: 40, height: 30, tile: [16, 16], bands: [() => 1], place, epsg: 2154 }
  const open = (spec: Partial<TiffSpec>, change: (bytes: Uint8Array) => Uint8Array = bytes => bytes) =>
    openPyramid(memorySource(new Map([['x.tif', change(makeTiff([{ ...image, ...spec }]))]])), 'x.tif', 'x.tif')
  const refused = (message: RegExp, kind = 'invalid-data') => ({ kind, message })
  await t.rejects(open({ override: { 324: [4, []] } }), refused(/"x.tif".*TileOffsets, TileByteCounts/))
  await t.rejects(open({ override: { 277: [3, [0]] } }), refused(/0 bands \(SamplesPerPixel\)/))
  await t.rejects(open({ override: { 277: [3, [9]] } }), refused(/9 bands \(SamplesPerPixel\), with 1 depths \(BitsPerSample\)/))
  await t.rejects(open({ override: { 259: [3, [1, 1]] } }), refused(/its field Compression claims 2 values/))
  await t.rejects(open({ override: { 339: [3, [6]], 258: [3, [64]] } }), refused(/complex numbers/, 'unsupported'))
  await t.rejects(open({ override: { 258: [3, [64]] } }), refused(/64 bits.*-ot Float64/, 'unsupported'))
  await t.rejects(
    open({}, bytes => {
      const view = new DataView(bytes.buffer)
      const first = view.getUint32(4, true)
      view.setUint32(first + 2 + 12 * view.getUint16(first, true), first + 12, true)
      return bytes
    }),
    refused(/overlap|claims \d+ fields|beyond/),
  )
  const keys = [[1024, 0, 1, 1], [3072, 34737, 60000, 60000], [3075, 34736, 1, 500], [9, 9, 9, 9]] as const // biome-ignore format: a key a line is long
  t.ok(await open({ geoKeys: keys, geoAscii: 'x|', geoDoubles: [1] }), 'keys that point nowhere are passed over')
})

/** Where a header, an entry, a value or a block of a sound file begins or ends. */
function boundariesOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isLittle = bytes[0] === 0x49
  const isBig = view.getUint16(2, isLittle) === 43
  const pointer = (at: number) => (isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle))
  const found = new Set([0, 1, 2, 4, 7, 8, 15, 16])
  for (let next = pointer(isBig ? 8 : 4); next !== 0; ) {
    const count = isBig ? Number(view.getBigUint64(next, isLittle)) : view.getUint16(next, isLittle)
    const [start, size] = isBig ? [next + 8, 20] : [next + 2, 12]
    found
      .add(next)
      .add(next + 1)
      .add(start)
    for (let i = 0; i < count; i++) {
      const value = pointer(start + i * size + (isBig ? 12 : 8))
      found.add(start + i * size + 4).add(start + (i + 1) * size)
      if (value < bytes.length) found.add(value).add(value + 1)
    }
    next = pointer(start + count * size)
  }
  return [...found].filter(at => at < bytes.length)
}
