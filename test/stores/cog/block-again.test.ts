import { copyFileSync, mkdtempSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'

const photograph = 'fixtures/warm-up/photograph.tif'
const folder = mkdtempSync(join(tmpdir(), 'arpent-again-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'photograph.tif')
const room = (bytes: number) => new Uint8Array(bytes).fill(7)

async function opened() {
  copyFileSync(photograph, path)
  const store = openCogStore({ id: 'again', root: folder })
  const { file } = await store.describe('photograph.tif')
  const blocks = [0, 1].flatMap(row => [0, 1].map(column => ({ level: 0, column, row })))
  const stored = await Promise.all(blocks.map(block => store.encodedBlock!(file, block)))
  return { store, file, blocks, stored }
}

t.test('a block that is read again is the same file, byte by byte', async t => {
  const { store, stored } = await opened()
  t.teardown(() => store.close())
  for (const block of stored) t.same(block?.again?.(room), block?.bytes)
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
    t.ok(stored[0]?.again?.(room))
    change()
    t.equal(stored[0]?.again?.(room), undefined)
  })

t.test('nothing is read again from a store that was closed', async t => {
  const { store, stored } = await opened()
  await store.close()
  t.equal(stored[0]?.again?.(room), undefined)
})
