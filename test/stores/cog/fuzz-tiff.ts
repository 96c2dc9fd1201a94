import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { Problem } from '#core/problem.js'
import { bandsOf, paletteOf } from '#stores/cog/bands.js'
import { createBlockCache } from '#stores/cog/block-cache.js'
import { findingsOf } from '#stores/cog/findings.js'
import { georeferenceOf } from '#stores/cog/georeference.js'
import { sharpJpegToRgba } from '#stores/cog/jpeg-to-rgba.js'
import { openPyramid } from '#stores/cog/pyramid.js'
import { readWindow } from '#stores/cog/read-window.js'
import { makeTiff, type TiffSpec } from '../../support/make-tiff.js'
import { memorySource } from '../../support/memory-source.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

/** A file that mutations start from. Codecs that cost a millisecond even for damage are tried less often. */
export interface FuzzSeed {
  readonly name: string
  readonly bytes: Uint8Array
  readonly isSlow: boolean
}

export interface FuzzReport {
  readonly cases: number
  readonly pixels: number
  readonly problems: number
  /** What went wrong, each with the case, the seed file and the changes that are needed for it. */
  readonly failures: readonly string[]
  readonly slowestMilliseconds: number
  readonly mostBytes: number
}

/** One change of a file: bytes that are overwritten, or where it is cut off. */
type Change = { readonly at: number; readonly bytes: readonly number[] } | { readonly cut: number }

/** A case may take this long, on a machine that has other things to do, and allocate this much: the largest block that is read, twice, and what belongs to it. */
const bounds = { milliseconds: 20_000, bytes: 512e6 }

/** Files of every codec, and headers of every form. */
export function fuzzSeeds(): FuzzSeed[] {
  const folder = 'fixtures/tiff-seeds'
  const stored = readdirSync(folder).map(name => ({
    name,
    bytes: new Uint8Array(readFileSync(join(folder, name))),
    isSlow: /jpeg|webp|jxl/.test(name),
  }))
  const place = [700000, 6600000, 2, 2] as const
  const plain: TiffSpec = { width: 40, height: 30, tile: [16, 16], deflate: true, bands: [(x, y) => x + y], place, epsg: 2154 }
  const overview: TiffSpec = { width: 20, height: 15, bands: [() => 3], subfile: 1, rowsPerStrip: 5 }
  const mask: TiffSpec = { width: 40, height: 30, bits: 1, bands: [x => (x > 9 ? 1 : 0)], subfile: 4, photometric: 4, deflate: true }
  const colorMap = Array.from({ length: 48 }, (_, i) => i * 1000)
  const metadata = '<GDALMetadata><Item name="OFFSET" sample="0" role="offset">5</Item></GDALMetadata>'
  const made = {
    pyramid: makeTiff([plain, mask, overview]),
    planar: makeTiff([{ ...plain, bands: [x => x, x => x, x => x, () => 255], extraSamples: [2], predictor: 2, planar: true }], {
      isBig: true,
    }),
    palette: makeTiff([{ ...plain, tile: undefined, rowsPerStrip: 7, bits: 4, photometric: 3, colorMap, deflate: false }], {
      isBigEndian: true,
    }),
    texts: makeTiff([
      {
        ...plain,
        epsg: undefined,
        geoKeys: [
          [1024, 0, 1, 1],
          [3072, 0, 1, 32767],
          [3073, 34737, 9, 0],
          [3075, 0, 1, 8],
          [3078, 34736, 1, 0],
        ],
        geoDoubles: [44],
        geoAscii: 'Somewhere|',
        metadata,
        nodata: '7',
      },
    ]), // prettier-ignore
    turned: makeTiff([{ ...plain, place: undefined, matrix: [1, 1, 0, 100, 1, -1, 0, 50, 0, 0, 0, 0, 0, 0, 0, 1], missing: [2] }]),
  }
  return [...stored, ...Object.entries(made).map(([name, bytes]) => ({ name, bytes, isSlow: false }))]
}

/**
 * Damages files of `seeds` in `cases` ways, each known by its number from `first` on, and reads them: header, bands, place, and a window of the
 * first and last level. Each has to end with pixels or a Problem other than `internal`, within bounds.
 */
export async function fuzzTiff(seeds: readonly FuzzSeed[], first: number, cases: number): Promise<FuzzReport> {
  const counts = { pixels: 0, problems: 0 }
  const failures: string[] = []
  let [slowestMilliseconds, mostBytes] = [0, 0]
  for (let number = first; number < first + cases && failures.length < 10; number++) {
    const { seed, changes } = caseOf(seeds, number)
    const before = getHeapStatistics().external_memory
    const started = performance.now()
    const outcome = await outcomeOf(changed(seed.bytes, changes))
    const milliseconds = performance.now() - started
    const bytes = getHeapStatistics().external_memory - before
    slowestMilliseconds = Math.max(slowestMilliseconds, milliseconds)
    mostBytes = Math.max(mostBytes, bytes)
    const excess =
      milliseconds > bounds.milliseconds ? `took ${milliseconds} ms` : bytes > bounds.bytes ? `allocated ${bytes} bytes` : undefined
    if (outcome === 'pixels' || outcome === 'problem') counts[outcome === 'pixels' ? 'pixels' : 'problems']++
    const fault = outcome === 'pixels' || outcome === 'problem' ? excess : outcome
    if (fault) failures.push(`case ${number}, ${seed.name}: ${fault}; ${JSON.stringify(await minimised(seed.bytes, changes, fault))}`)
  }
  return { cases, ...counts, failures, slowestMilliseconds, mostBytes }
}

async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    const pyramid = await openPyramid(memorySource(new Map([['x.tif', bytes]])), 'x.tif', 'x.tif')
    const bands = bandsOf(pyramid)
    const palette = paletteOf(pyramid)
    const place = georeferenceOf(pyramid.directory, pyramid, pyramid.name)
    findingsOf(pyramid, bands, place)
    const cache = createBlockCache(32e6)
    const reader = { pyramid, bands, ...(palette && { palette }), key: 'x', cache, jpegToRgba: sharpJpegToRgba }
    for (const level of new Set([0, pyramid.levels.length - 1])) await readWindow(reader, level, { left: 3, top: 2, width: 24, height: 20 })
    return 'pixels'
  } catch (error) {
    return error instanceof Problem && error.kind !== 'internal' ? 'problem' : `threw ${error instanceof Error ? error.stack : error}`
  }
}

/** Whoever wants to see a case again needs nothing but its number. */
function caseOf(seeds: readonly FuzzSeed[], number: number): { seed: FuzzSeed; changes: Change[] } {
  const random = seeded(number)
  const quick = seeds.filter(({ isSlow }) => !isSlow)
  const seed = random() < 0.05 ? pick(random, seeds) : pick(random, quick)
  const fields = fieldsOf(seed.bytes)
  const changes = Array.from({ length: seededInteger(random, 1, 4) }, (): Change => {
    const kind = random()
    if (kind < 0.5) return fieldChange(random, seed.bytes, pick(random, fields))
    if (kind < 0.6)
      return { cut: random() < 0.5 ? pick(random, fields).at + seededInteger(random, 0, 12) : seededInteger(random, 0, seed.bytes.length) }
    const at = seededInteger(random, 0, seed.bytes.length - 1)
    return {
      at,
      bytes: Array.from({ length: seededInteger(random, 1, 4) }, () =>
        pick(random, [0, 1, 0x7f, 0x80, 0xff, seededInteger(random, 0, 255)]),
      ),
    }
  })
  return { seed, changes }
}

interface Field {
  readonly at: number
  readonly isBig: boolean
  readonly isLittle: boolean
}

/** Entries of every directory of a sound TIFF, and the pointers between them as entries of their own. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isLittle = bytes[0] === 0x49
  const isBig = view.getUint16(2, isLittle) === 43
  const pointer = (at: number) => (isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle))
  const fields: Field[] = [{ at: 0, isBig, isLittle }]
  for (let next = pointer(isBig ? 8 : 4); next !== 0; ) {
    const count = isBig ? Number(view.getBigUint64(next, isLittle)) : view.getUint16(next, isLittle)
    const [start, size] = isBig ? [next + 8, 20] : [next + 2, 12]
    for (let i = 0; i <= count; i++) fields.push({ at: start + i * size, isBig, isLittle })
    next = pointer(start + count * size)
  }
  return fields
}

/** Another tag, type, count or value; numbers that programs stumble over, other places of the file, or those of another field. */
function fieldChange(random: () => number, file: Uint8Array, { at, isBig, isLittle }: Field): Change {
  const part = pick(random, [
    { at: 0, size: 2 },
    { at: 2, size: 2 },
    { at: 4, size: isBig ? 8 : 4 },
    { at: isBig ? 12 : 8, size: isBig ? 8 : 4 },
    { at: isBig ? 12 : 8, size: 2 },
  ])
  const tags = [
    254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 338, 339, 347, 33550, 33922, 34264, 34735,
    34736, 34737, 42112, 42113, 50674,
  ]
  const value = pick(random, [
    0,
    1,
    2,
    3,
    5,
    7,
    8,
    16,
    18,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    2 ** 40,
    2 ** 53,
    file.length,
    file.length - 1,
    file.length + 1,
    at,
    pick(random, tags),
    34887,
    50000,
    50001,
    50002,
    seededInteger(random, 0, file.length),
    seededInteger(random, 0, 65535),
  ]) // prettier-ignore
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  const little = Array.from(bytes.subarray(0, part.size))
  return { at: at + part.at, bytes: isLittle ? little : little.reverse() }
}

function changed(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  let out = bytes.slice()
  for (const change of changes) {
    if ('cut' in change) out = out.slice(0, change.cut)
    else for (const [i, byte] of change.bytes.entries()) if (change.at + i < out.length) out[change.at + i] = byte
  }
  return out
}

/** The changes without which the same fault does not happen. */
async function minimised(bytes: Uint8Array, changes: readonly Change[], fault: string): Promise<readonly Change[]> {
  if (!fault.startsWith('threw')) return changes
  for (const change of changes) {
    const fewer = changes.filter(other => other !== change)
    if (fewer.length > 0 && (await outcomeOf(changed(bytes, fewer))).startsWith('threw')) return minimised(bytes, fewer, fault)
  }
  return changes
}
