import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { mergeRanges, readMerged } from '#stores/cog/merge-ranges.js'
import { shareWork } from '#stores/cog/shared-work.js'
import { byteBudget } from '#stores/cog/sources/byte-budget.js'
import { openDescriptors } from '#stores/cog/sources/descriptors.js'
import { localSource } from '#stores/cog/sources/local-source.js'
import { keepPages, pagedFile } from '#stores/cog/sources/paged-file.js'
import { seeded, seededInteger } from '../../../support/seeded.js'
import { until } from '../../../support/until.js'

const folder = t.testdir()
const content = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 7)) & 255)
const write = (name: string) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

t.test('merged ranges hold every byte that is wanted, within their bounds', async t => {
  const random = seeded(11)
  for (let n = 0; n < 2000; n++) {
    const bounds = { gap: seededInteger(random, 0, 300), most: seededInteger(random, 1, 4000) }
    const ranges = Array.from({ length: seededInteger(random, 0, 12) }, () => ({
      offset: seededInteger(random, 0, 3000),
      length: seededInteger(random, 0, 500),
    }))
    const merged = mergeRanges(ranges, bounds)
    const isRight = merged.every(({ offset, length, members }) => {
      const inside = members.every(i => ranges[i].offset >= offset && ranges[i].offset + ranges[i].length <= offset + length)
      return inside && (length <= bounds.most || length === Math.max(...members.map(i => ranges[i].length)))
    })
    const all = merged.flatMap(({ members }) => members).sort((a, b) => a - b)
    if (!isRight || all.join() !== ranges.map((_, i) => i).join()) return t.fail(JSON.stringify({ bounds, ranges, merged }))
    const read = await readMerged(ranges, bounds, async ({ offset, length }) => content.subarray(offset, offset + length))
    for (const [i, { offset, length }] of ranges.entries())
      if (Buffer.compare(read[i], content.subarray(offset, offset + length)) !== 0) return t.fail(JSON.stringify(ranges))
  }
  t.same(
    mergeRanges(
      [
        { offset: 10, length: 5 },
        { offset: 0, length: 10 },
        { offset: 16, length: 4 },
      ],
      { gap: 0, most: 100 },
    ),
    [
      { offset: 0, length: 15, members: [1, 0] },
      { offset: 16, length: 4, members: [2] },
    ],
  )
})

t.test('pages give the bytes of the file in any order, and fetch each part once while they are kept', async t => {
  const random = seeded(5)
  let fetched = 0
  const file = {
    size: content.length,
    version: '1',
    read: () => Promise.reject(new Error('not through here')),
    readMany: async (ranges: readonly { offset: number; length: number }[]) =>
      ranges.map(({ offset, length }) => {
        fetched += length
        return content.slice(offset, offset + length)
      }),
    isCurrent: () => true,
    close: async () => {},
  }
  for (const mostBytes of [1 << 20, 5000]) {
    const paged = pagedFile(file, `${mostBytes}`, keepPages(mostBytes), 4096)
    fetched = 0
    const reads = Array.from({ length: 500 }, async () => {
      const length = seededInteger(random, 1, 9000)
      const offset = seededInteger(random, 0, content.length - length)
      return Buffer.compare(await paged.read(offset, length), content.subarray(offset, offset + length)) === 0
    })
    t.ok((await Promise.all(reads)).every(Boolean))
    if (mostBytes > content.length) t.ok(fetched <= content.length * 1.5, `${fetched} bytes were fetched of ${content.length}`)
  }
})

t.test('descriptors are few, are not opened twice, and none is left', async t => {
  const paths = Array.from({ length: 12 }, (_, i) => write(`d${i}`))
  const before = readdirSync('/proc/self/fd').length
  const descriptors = openDescriptors(4)
  const seen = new Set<number>()
  await Promise.all(paths.flatMap(path => [path, path]).map(path => descriptors.use(path, async descriptor => void seen.add(descriptor))))
  t.equal(seen.size, 12, 'two users of a file share one')
  await descriptors.use(paths[0], async () => {})
  t.ok(await until(() => descriptors.count <= 4), `${descriptors.count} open`)
  await t.rejects(
    descriptors.use(join(folder, 'nothing'), async () => {}),
    { code: 'ENOENT' },
  )
  let isUsed: (() => void) | undefined
  const using = descriptors.use(paths[3], async descriptor => {
    await new Promise<void>(resolve => {
      isUsed = resolve
    })
    return descriptor
  })
  await until(() => isUsed !== undefined)
  descriptors.close()
  isUsed?.()
  t.type(await using, 'number', 'whoever reads ends in peace')
  t.ok(await until(() => descriptors.count === 0))
  t.ok(await until(() => readdirSync('/proc/self/fd').length === before), 'none is left open')
})

t.test('a file on disk is read of one version or not at all', async t => {
  const source = localSource()
  t.teardown(() => source.close())
  const path = write('local')
  const file = await source.open(path, 'local')
  const read = () =>
    file.readMany([
      { offset: 10, length: 20 },
      { offset: 30, length: 5 },
      { offset: 100_000, length: 7 },
    ])
  t.same(
    (await read()).map(bytes => [...bytes]),
    [content.slice(10, 30), content.slice(30, 35), content.slice(100_000, 100_007)].map(bytes => [...bytes]),
  )
  await t.rejects(file.read(199_999, 2), { kind: 'invalid-data', message: /"local" is cut off/ })
  renameSync(write('new'), path)
  await t.rejects(read(), { kind: 'unavailable', message: /replaced/ }, 'another file in its place')
  const again = await source.open(path, 'local')
  writeFileSync(path, content.subarray(0, 50))
  await t.rejects(again.read(10, 20), { kind: 'unavailable', message: /replaced/ }, 'written over')
  const third = await source.open(path, 'local')
  rmSync(path)
  await t.rejects(third.read(0, 5), { kind: 'not-found', message: '"local" does not exist.' })
  await t.rejects(source.open(folder, 'folder'), { kind: 'invalid-data', message: /"folder" is not a file/ })
})

t.test('shared work is done once, and again after it failed', async t => {
  const work = shareWork<number>()
  let begun = 0
  const start = async () => {
    begun++
    await new Promise(resolve => setTimeout(resolve, 10))
    if (begun === 2) throw new Error('no')
    return begun
  }
  t.same(await Promise.all([work.join('a', start), work.join('a', start)]), [1, 1])
  await t.rejects(Promise.all([work.join('a', start), work.join('a', start, new AbortController().signal)]), /no/)
  t.equal(await work.join('a', start), 3)
  await t.rejects(work.join('b', start, AbortSignal.abort(new Error('left before'))), /left before/)
  t.equal(begun, 3)
})

t.test('bytes in flight are bounded; those who leave make room', async t => {
  const budget = byteBudget(100)
  const never = new AbortController().signal
  let [now, most] = [0, 0]
  const spend = (bytes: number, signal = never) =>
    budget.spend(bytes, signal, async () => {
      now += Math.min(bytes, 100)
      most = Math.max(most, now)
      await new Promise(resolve => setTimeout(resolve, 5))
      now -= Math.min(bytes, 100)
    })
  const left = new AbortController()
  const all = [spend(60), spend(60), spend(500), spend(30), spend(30)]
  const leaving = spend(90, left.signal)
  left.abort(new Error('left'))
  await t.rejects(leaving, /left/)
  await Promise.all([...all, spend(90)])
  t.ok(most <= 100, `${most} of 100`)
  t.equal(now, 0)
})
