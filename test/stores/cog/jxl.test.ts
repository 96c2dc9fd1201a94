import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { samplesOf, type TiffSpec, writeTiff } from '../../support/make-tiff.js'
import { missing, unlessAll } from '../../support/programs.js'

const withoutCjxl = unlessAll(missing('cjxl (libjxl-tools)', 'cjxl', '--version'))
const place = [700000, 6600000, 0.5, 0.5] as const

t.test('JPEG XL without loss gives the samples that were written', { skip: withoutCjxl }, async t => {
  const folder = t.testdir()
  const store = openCogStore({ id: 'rasters', root: folder })
  t.teardown(() => store.close())
  for (const [count, type, compression] of [
    [1, 'uint8', 50002],
    [3, 'uint8', 50002],
    [4, 'uint8', 52546],
    [1, 'uint16', 50002],
    [3, 'uint16', 52546],
  ] as const) {
    const most = type === 'uint8' ? 255 : 65535
    const image: TiffSpec = {
      width: 70,
      height: 50,
      tile: [48, 32],
      type,
      bands: Array.from({ length: count }, (_, b) => (x, y) => Math.round((Math.sin((x + b * 9) / 7) * 0.4 + 0.5 + (y % 9) / 100) * most)),
      ...(count === 4 && { extraSamples: [2] }),
      encoding: [compression, bytes => encodeJxl(folder, bytes, 48, 32, count, most)],
      place,
      epsg: 2154,
    }
    const { file } = await store.describe(writeTiff(join(folder, `${count}-${type}.tif`), [image]))
    const { bands } = await store.read(file, 0, { left: 0, top: 0, width: 70, height: 50 })
    for (let b = 0; b < count; b++) t.same(Array.from(bands[b]), samplesOf(image, b), `band ${b + 1} of ${count} of ${type}`)
  }
})

t.test('damaged JPEG XL is a Problem', { skip: withoutCjxl }, async t => {
  const folder = t.testdir()
  const store = openCogStore({ id: 'rasters', root: folder })
  t.teardown(() => store.close())
  const image: TiffSpec = { width: 48, height: 32, bands: [x => x], place, epsg: 2154 }
  const read = async (name: string, change: (bytes: Uint8Array) => Uint8Array) => {
    const encoding = [50002, (bytes: Uint8Array) => change(encodeJxl(folder, bytes, 48, 32, 1, 255))] as const
    const { file } = await store.describe(writeTiff(join(folder, name), [{ ...image, encoding }]))
    return store.read(file, 0, { left: 0, top: 0, width: 48, height: 32 })
  }
  const refused = { kind: 'invalid-data', message: /is damaged/ }
  await t.rejects(
    read('cut.tif', bytes => bytes.subarray(0, bytes.length >> 1)),
    refused,
  )
  await t.rejects(
    read('garbage.tif', bytes => bytes.map((byte, i) => (i < 4 ? byte : (byte * 7 + i) & 255))),
    refused,
  )
  await t.rejects(
    read('other-size.tif', () => encodeJxl(folder, new Uint8Array(64 * 64), 64, 64, 1, 255)),
    { ...refused, message: /another size/ },
  )
  t.equal((await read('fine.tif', bytes => bytes)).bands[0][5], 5, 'and the next good block is read')
})

/** Samples (little-endian) as a lossless JPEG XL, by way of the PAM format, whose numbers are big-endian. */
function encodeJxl(folder: string, bytes: Uint8Array, width: number, height: number, depth: number, most: number): Uint8Array {
  const kind = ['', 'GRAYSCALE', '', 'RGB', 'RGB_ALPHA'][depth]
  const head = `P7\nWIDTH ${width}\nHEIGHT ${height}\nDEPTH ${depth}\nMAXVAL ${most}\nTUPLTYPE ${kind}\nENDHDR\n`
  const samples = Buffer.from(bytes)
  if (most > 255) samples.swap16()
  const [from, to] = [join(folder, 'block.pam'), join(folder, 'block.jxl')]
  writeFileSync(from, Buffer.concat([Buffer.from(head), samples]))
  execFileSync('cjxl', [from, to, '-d', '0', '--quiet'], { stdio: 'ignore' })
  return new Uint8Array(readFileSync(to))
}
