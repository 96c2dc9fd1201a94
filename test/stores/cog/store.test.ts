import { copyFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { sampleAt } from '#core/sample-raster.js'
import type { Block } from '#stores/cog/block.js'
import { createBlockCache } from '#stores/cog/block-cache.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { type TiffSpec, writeTiff } from '../../support/make-tiff.js'
import { seeded } from '../../support/seeded.js'

const folder = t.testdir()
const image: TiffSpec = {
  width: 64,
  height: 64,
  tile: [16, 16],
  deflate: true,
  bands: [(x, y) => x + y, x => x],
  place: [700000, 6600000, 2, 2],
  epsg: 2154,
  nodata: '0',
}
const whole = { left: 0, top: 0, width: 64, height: 64 }

t.test('paths stay inside the root', async t => {
  const store = openCogStore({ id: 'rasters', root: join(folder, 'inside') })
  writeTiff(join(folder, 'inside/deep/a.tif'), [image])
  writeTiff(join(folder, 'outside.tif'), [image])
  t.equal((await store.describe('deep/a.tif')).file.width, 64)
  for (const path of ['../outside.tif', join(folder, 'outside.tif'), 'deep/../../outside.tif'])
    await t.rejects(store.describe(path), { kind: 'invalid-parameter', message: /outside the folder/ })
  await store.close()
})

t.test('a file that was replaced or removed is noticed', async t => {
  const path = writeTiff(join(folder, 'replaced.tif'), [image])
  const other = writeTiff(join(folder, 'other.tif'), [{ ...image, bands: [() => 77, () => 78] }])
  const store = openCogStore({ id: 'rasters', root: folder, cache: createBlockCache(0) })
  const { file } = await store.describe(path)
  /** Who asks in the very moment a block comes in shares it with those who waited for it. */
  const nobodyWaits = () => new Promise(setImmediate)
  t.equal((await store.read(file, 0, whole)).bands[0][5], 5)
  await nobodyWaits()
  copyFileSync(other, path)
  utimesSync(path, 1e9, 1e9)
  await t.rejects(store.read(file, 0, whole), { kind: 'unavailable', message: /"replaced.tif" was replaced/ })
  const again = await store.describe(path)
  t.not(again.file.version, file.version)
  t.equal((await store.read(again.file, 0, whole)).bands[0][5], 77)
  await nobodyWaits()
  await t.rejects(store.read(file, 0, whole), { kind: 'unavailable', message: /replaced/ }, 'the old description stays refused')
  rmSync(path)
  await t.rejects(store.read(again.file, 0, whole), { kind: 'not-found', message: /does not exist/ })
  await store.close()
})

t.test('leaving ends a read, and not the reads of others', async t => {
  const store = openCogStore({ id: 'rasters', root: folder })
  const { file } = await store.describe(writeTiff(join(folder, 'left.tif'), [image]))
  const controller = new AbortController()
  const leaving = store.read(file, 0, whole, controller.signal)
  const staying = store.read(file, 0, whole)
  controller.abort()
  await t.rejects(leaving, { name: 'AbortError' })
  t.equal((await staying).bands[0][65], 2)
  await store.close()
})

t.test('many reads at once of few headers kept', async t => {
  const store = openCogStore({ id: 'rasters', root: folder, headerBytes: 100_000, cache: createBlockCache(5000) })
  const paths = Array.from({ length: 12 }, (_, i) => writeTiff(join(folder, `many-${i}.tif`), [{ ...image, bands: [() => i + 1] }]))
  const described = await Promise.all(paths.map(path => store.describe(path)))
  const reads = Array.from({ length: 60 }, (_, i) => store.read(described[i % 12].file, 0, { left: i % 50, top: 3, width: 9, height: 9 }))
  const values = (await Promise.all(reads)).map(({ bands }) => bands[0][0])
  t.same(
    values,
    Array.from({ length: 60 }, (_, i) => (i % 12) + 1),
  )
  await store.close()
})

t.test('the block cache is bounded, loads once, and forgets failures', async t => {
  const cache = createBlockCache(1000)
  let [loads, uses] = [0, 0]
  const load = async (): Promise<Block> => {
    loads++
    return { kind: 'bands', width: 10, height: 30, bands: [new Uint8Array(300)] }
  }
  const get = async (key: string, loader = load) => {
    await cache.use(key, loader, () => uses++)
    // a block is kept when everybody who waited has had it
    await new Promise(setImmediate)
  }
  await Promise.all([get('a'), get('a'), get('a')])
  t.same([loads, uses], [1, 3])
  for (const key of ['b', 'c', 'a', 'd']) await get(key)
  t.equal(cache.stats.bytes, 900)
  t.equal(loads, 4)
  await get('a')
  t.equal(loads, 4, 'what was used last stays')
  await get('b')
  t.equal(loads, 5, 'what was used first has left')
  await t.rejects(get('e', () => Promise.reject(new Error('no'))))
  await get('e')
  t.equal(loads, 6)
  await get('huge', async () => ({ kind: 'bands', width: 1, height: 1, bands: [new Uint8Array(5000)] }))
  t.equal(cache.stats.bytes, 900, 'what is larger than the cache is not kept')
})

t.test('memory of blocks that left is filled again, never while somebody reads it', async t => {
  const cache = createBlockCache(4000)
  const rooms = new Set<Uint8Array>()
  let decoding = 0
  const load = (value: number) => async (room: (bytes: number) => Uint8Array) => {
    const rgba = room(400)
    rooms.add(rgba)
    rgba.fill(255)
    await new Promise(resolve => setTimeout(resolve, ++decoding % 3))
    rgba.fill(value)
    return { kind: 'colors', width: 10, height: 10, rgba } as const
  }
  const random = seeded(7)
  const wrong: number[] = []
  for (let round = 0; round < 100; round++)
    await Promise.all(
      Array.from({ length: 6 }, () => Math.floor(random() * 20)).map(value =>
        cache.use(String(value), load(value), ({ rgba }) => {
          if (rgba.some(byte => byte !== value)) wrong.push(value)
        }),
      ),
    )
  t.same(wrong, [])
  t.ok(cache.stats.bytes <= 4000)
  t.ok(decoding > 100 && rooms.size <= 20, `${rooms.size} rooms were enough for ${decoding} blocks`)
})

t.test('values at a place', async t => {
  const store = openCogStore({ id: 'rasters', root: folder })
  const { file, bands } = await store.describe(writeTiff(join(folder, 'sample.tif'), [image]))
  const at = (x: number, y: number) => sampleAt(store, file, bands, x, y)
  t.same(await at(700000 + 2 * 10 + 1, 6600000 - 2 * 4 - 1), [
    { band: bands[0].name, value: 14 },
    { band: bands[1].name, value: 10 },
  ])
  t.same(
    (await at(700000.1, 6600000 - 2 * 4 - 1))?.map(({ value }) => value),
    [4, null],
    'nodata is nothing',
  )
  t.equal(await at(699999, 6599999), undefined)
  t.equal(await at(Number.NaN, 6599999), undefined)
  await store.close()
})
