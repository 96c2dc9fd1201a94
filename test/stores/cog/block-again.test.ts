import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { BlockAgain } from '#core/ports.js'
import { openCogStore } from '#stores/cog/cog-store.js'

const photograph = 'fixtures/warm-up/photograph.tif'
const folder = mkdtempSync(join(tmpdir(), 'arpent-again-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'photograph.tif')
/** What is read to the middle of other bytes; undefined where nothing is. */
const read = (again: BlockAgain | undefined) => {
  const into = new Uint8Array(20 + (again?.bytes ?? 0)).fill(7)
  if (!again?.read(into, 10)) return undefined
  for (const other of [into.subarray(0, 10), into.subarray(-10)])
    if (other.some(byte => byte !== 7)) throw new Error('bytes of others were written')
  return into.subarray(10, -10)
}

async function opened() {
  copyFileSync(photograph, path)
  const store = openCogStore({ id: 'again', root: folder })
  const { file } = await store.describe('photograph.tif')
  const blocks = [0, 1].flatMap(row => [0, 1].map(column => ({ level: 0, column, row })))
  const stored = await Promise.all(blocks.map(block => store.encodedBlock!(file, block)))
  return { store, file, blocks, stored }
}

t.test('a block found by what is in memory is the one that is fetched, byte by byte, once the file was looked into', async t => {
  const { store, file, blocks, stored } = await opened()
  t.teardown(() => store.close())
  for (const [i, block] of blocks.entries()) {
    const now = store.blockNow!(file, block)
    t.same(read(now?.again), stored[i]?.bytes)
    t.same([now?.mediaType, now?.version], [stored[i]?.mediaType, stored[i]?.version])
  }
  t.equal(store.blockNow!(file, { level: 0, column: 2, row: 0 }), undefined, 'over the edge')
  t.equal(store.blockNow!(file, { level: 9, column: 0, row: 0 }), undefined, 'no such level')
  t.equal(store.blockNow!({ ...file, version: 'another' }, blocks[0]), undefined, 'another version')
  const other = openCogStore({ id: 'again', root: folder })
  t.teardown(() => other.close())
  t.equal(other.blockNow!(file, blocks[0]), undefined, 'nobody has opened it here')
})

t.test('of a damaged block nothing is read at once', async t => {
  const { store: whole, stored } = await opened()
  await whole.close()
  const bytes = readFileSync(photograph)
  // the last bytes of a block, which end its JPEG
  const end = bytes.indexOf(stored[0]!.bytes.subarray(-40)) + 40
  bytes.fill(0, end - 2, end)
  writeFileSync(path, bytes)
  const store = openCogStore({ id: 'again', root: folder })
  t.teardown(() => store.close())
  const { file } = await store.describe('photograph.tif')
  const block = { level: 0, column: 0, row: 0 }
  t.equal(await store.encodedBlock!(file, block), undefined)
  t.equal(read(store.blockNow!(file, block)?.again), undefined)
  t.ok(read(store.blockNow!(file, { ...block, column: 1 })?.again), 'its neighbour is whole')
})

t.test('a block that is read again is the same file, byte by byte', async t => {
  const { store, stored } = await opened()
  t.teardown(() => store.close())
  for (const block of stored) t.same(read(block?.again), block?.bytes)
  t.equal(new Set(stored.map(block => Buffer.from(block!.bytes).toString('base64'))).size, 4, 'four that differ')
})

for (const [what, change] of [
  ['written to', () => utimesSync(path, 1, 1)],
  [
    'replaced',
    () => {
      copyFileSync(photograph, `${path}.new`)
      renameSync(`${path}.new`, path)
    },
  ],
  ['deleted', () => rmSync(path)],
] as const)
  t.test(`nothing is read again of a file that was ${what}`, async t => {
    const { store, stored } = await opened()
    t.teardown(() => store.close())
    t.ok(read(stored[0]?.again))
    change()
    t.equal(read(stored[0]?.again), undefined)
  })

t.test('nothing is read again from a store that was closed', async t => {
  const { store, stored } = await opened()
  await store.close()
  t.equal(read(stored[0]?.again), undefined)
})
