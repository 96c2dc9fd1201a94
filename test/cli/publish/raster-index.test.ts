import { copyFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createRasterIndex } from '#cli/publish/raster-index.js'
import type { RasterRecord, RasterRecords, RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { makeMosaic } from '../../support/make-mosaic.js'

/** A store of GeoTIFFs that notes what it opens. */
function watchedStore(opened: string[]): RasterStore {
  const store = openCogStore({ id: 'ortho' })
  t.teardown(() => store.close())
  return {
    ...store,
    describe(path, signal) {
      opened.push(path)
      return store.describe(path, signal)
    },
  }
}

function recordsOver(kept: Map<string, RasterRecord>): RasterRecords {
  return {
    list: async () => [...kept.values()],
    put: async records => {
      for (const record of records) kept.set(record.path, structuredClone(record))
    },
    forget: async paths => {
      for (const path of paths) kept.delete(path)
    },
  }
}

t.test('added, replaced and removed files touch only themselves, over a restart, too', async t => {
  const folder = t.testdir()
  const paths = makeMosaic(folder, { columns: 4, rows: 3, side: 512 })
  const opened: string[] = []
  const store = watchedStore(opened)
  const kept = new Map<string, RasterRecord>()
  const openedBy = async (index: ReturnType<typeof createRasterIndex>, wanted: readonly string[]) => {
    opened.length = 0
    const described = await index.describe(store, wanted, { records: recordsOver(kept) })
    return { described, opened: [...opened].sort() }
  }
  const first = createRasterIndex()
  t.equal((await openedBy(first, paths)).opened.length, 12)
  t.same((await openedBy(first, paths)).opened, [])
  const second = createRasterIndex()
  const known = await openedBy(second, paths)
  t.same(known.opened, [], 'after a restart nothing is opened')
  t.same(known.described, (await openedBy(createRasterIndex(), paths)).described, 'and the same is known')
  const added = join(folder, 'added.tif')
  copyFileSync(paths[0], added)
  utimesSync(paths[5], new Date(2001, 0, 1), new Date(2001, 0, 1))
  writeFileSync(join(folder, 'dalle-0001-0002.tfw'), '1\n0\n0\n-1\n0\n0\n')
  rmSync(paths[11])
  const changed = await openedBy(second, [...paths.slice(0, 11), added])
  t.same(changed.opened, [added, paths[5], paths[6]].sort(), 'a sidecar belongs to its file')
  t.equal(changed.described.size, 12)
  t.notOk(kept.has(paths[11]), 'what is gone is forgotten')
  t.equal(kept.size, 12)
})

t.test('a broken file is tried again when it changes, and not before', async t => {
  const folder = t.testdir()
  const paths = makeMosaic(folder, { columns: 2, rows: 1, side: 512 })
  const opened: string[] = []
  const store = watchedStore(opened)
  const index = createRasterIndex()
  const kept = new Map<string, RasterRecord>()
  writeFileSync(paths[1], 'no TIFF at all')
  const broken = await index.describe(store, paths, { records: recordsOver(kept) })
  t.ok(broken.get(paths[1]) instanceof Problem)
  t.same([...kept.keys()], [paths[0]], 'only what is known is kept')
  opened.length = 0
  await index.describe(store, paths, { records: recordsOver(kept) })
  t.same(opened, [])
  copyFileSync(paths[0], paths[1])
  const mended = await index.describe(store, paths, { records: recordsOver(kept) })
  t.notOk(mended.get(paths[1]) instanceof Problem)
})

t.test('what may pass by itself is tried again every time', async t => {
  let tries = 0
  const store: RasterStore = {
    ...openCogStore({ id: 'far' }),
    fingerprints: async paths => new Map(paths.map(path => [path, '1'])),
    describe: async () => {
      tries++
      throw new Problem('unavailable', 'The disk does not answer.')
    },
  }
  const index = createRasterIndex()
  await index.describe(store, ['a.tif'], {})
  await index.describe(store, ['a.tif'], {})
  t.equal(tries, 2)
})

t.test('an interrupted start keeps what it has described so far', async t => {
  const paths = makeMosaic(t.testdir(), { columns: 60, rows: 40, side: 512 })
  const stop = new AbortController()
  let described = 0
  const inner = openCogStore({ id: 'ortho' })
  const store: RasterStore = {
    ...inner,
    describe(path, signal) {
      if (++described === 2000) stop.abort()
      return inner.describe(path, signal)
    },
  }
  const kept = new Map<string, RasterRecord>()
  await t.rejects(createRasterIndex().describe(store, paths, { records: recordsOver(kept) }, stop.signal))
  t.ok(kept.size >= 1000, `${kept.size} are kept`)
})

t.test('what collections say is kept without opening a file', async t => {
  const paths = makeMosaic(t.testdir(), { columns: 2, rows: 1, side: 512 })
  const opened: string[] = []
  const store = watchedStore(opened)
  const kept = new Map<string, RasterRecord>()
  const saidBy = async (index: ReturnType<typeof createRasterIndex>, accuracy?: string) => {
    opened.length = 0
    const saidOf = (path: string) => (accuracy !== undefined && path === paths[0] ? { accuracy } : {})
    await index.describe(store, paths, { records: recordsOver(kept), saidOf })
    return paths.map(path => kept.get(path)?.said?.accuracy)
  }
  const index = createRasterIndex()
  t.same(await saidBy(index, 'A'), ['A', undefined])
  t.equal(opened.length, 2)
  t.same(await saidBy(index, 'B'), ['B', undefined])
  t.same(opened, [])
  t.same(await saidBy(createRasterIndex()), [undefined, undefined], 'over a restart, too')
  t.same(opened, [])
})

t.test('files that only opening can tell about are kept, too, written when they change', async t => {
  const paths = makeMosaic(t.testdir(), { columns: 2, rows: 1, side: 512 })
  const opened: string[] = []
  const store: RasterStore = { ...watchedStore(opened), fingerprints: async () => new Map() }
  const kept = new Map<string, RasterRecord>()
  const writtenBy = async () => {
    const written: string[] = []
    const records: RasterRecords = {
      ...recordsOver(kept),
      put: async all => {
        written.push(...all.map(({ path }) => path))
        await recordsOver(kept).put(all)
      },
    }
    await createRasterIndex().describe(store, paths, { records })
    return written.sort()
  }
  t.same(await writtenBy(), paths)
  t.same(await writtenBy(), [])
  t.equal(opened.length, 4, 'they are looked at every time')
  utimesSync(paths[1], new Date(2001, 0, 1), new Date(2001, 0, 1))
  t.same(await writtenBy(), [paths[1]])
})

t.test('addresses that hold a secret are not kept', async t => {
  const [path] = makeMosaic(t.testdir(), { columns: 1, rows: 1, side: 512 })
  const inner = openCogStore({ id: 'far' })
  t.teardown(() => inner.close())
  const store: RasterStore = { ...inner, fingerprints: async () => new Map(), describe: () => inner.describe(path) }
  const kept = new Map<string, RasterRecord>()
  const addresses = ['https://me:hunter2@host/a.tif', 'https://host/b.tif?X-Amz-Signature=1', 'https://host/c.tif']
  const described = await createRasterIndex().describe(store, addresses, { records: recordsOver(kept) })
  t.equal([...described.values()].filter(raster => !(raster instanceof Problem)).length, 3)
  t.same([...kept.keys()], ['https://host/c.tif'])
})
