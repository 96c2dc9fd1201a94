import t, { type Test } from 'tap'
import { type Atlas, type Collection, defaultLimits } from '#core/atlas.js'
import type { Stores } from '#core/ports.js'
import type { FeatureWriter } from '#formats/features/index.js'
import { openExportShelf } from '#jobs/exports/export-shelf.js'

const source = {
  kind: 'features',
  store: 'main',
  schema: 'public',
  table: 'a',
  columns: [{ name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false }],
  geometries: [],
  key: { kind: 'none' },
} as const
const collection: Collection = { id: 'a', title: 'A', source, crs: [], styles: [] }
const content = 'one,two,three'

/** A shelf whose files have what `pieces` gives. */
async function shelfOf(t: Test, pieces: () => AsyncGenerator<Uint8Array, void>, exportBytes = 1000) {
  const limits = { ...defaultLimits, exportBytes }
  const atlas = { limits, service: { languages: ['en'] }, namespaces: new Map() } as unknown as Atlas
  const stores = { features: () => ({ version: async () => '1' }) } as unknown as Stores
  const writer: FeatureWriter = { write: async () => ({ pieces: pieces(), end: () => undefined }) }
  const shelf = await openExportShelf({ folder: t.testdir(), atlas: () => atlas, stores, writer, log: { warn() {} } })
  t.teardown(() => shelf.close())
  return shelf
}

async function* whole(): AsyncGenerator<Uint8Array, void> {
  for (const piece of content.split(/(?<=,)/)) yield Buffer.from(piece)
}

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(Buffer.from(piece))
  return Buffer.concat(all).toString()
}

t.test('whoever follows a file has all of it, also who begins when it is whole', async t => {
  const shelf = await shelfOf(t, whole)
  const file = await shelf.open(collection, 'csv')
  t.notOk(file.isWhole)
  t.same(await Promise.all([textOf(file.follow()), textOf(file.follow())]), [content, content], 'while it is made')
  t.equal((await file.whole()).size, content.length)
  t.equal(await textOf(file.follow()), content, 'late')
  t.ok((await shelf.open(collection, 'csv')).isWhole, 'it is kept')
})

t.test('who was cut off and asks again at once is told why', async t => {
  const shelf = await shelfOf(t, whole, 5)
  const file = await shelf.open(collection, 'csv')
  await t.rejects(textOf(file.follow()), { kind: 'too-large', message: /larger than the room/ })
  await t.rejects(shelf.open(collection, 'csv'), { kind: 'too-large', message: /larger than the room/ })
  await t.rejects(textOf(file.follow()), { kind: 'too-large', message: /larger than the room/ }, 'also who comes late')
})
