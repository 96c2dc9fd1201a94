import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type ImportArguments, runImport } from '#cli/import.js'
import { startProgress } from '#cli/progress.js'
import { geojsonText, madeFeatures, writeShapefile } from '../support/make-files.js'
import { memoryStore } from '../support/memory-store.js'

const folder = mkdtempSync(join(tmpdir(), 'arpent-test-'))
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const good = file('good.geojson', geojsonText(madeFeatures(1234)))
const bad = file('bad.geojson', '{"type":')

async function run(args: ImportArguments, store = memoryStore('memory', [])) {
  const said = { stdout: '', stderr: '' }
  const into = (stream: keyof typeof said) => ({
    write: (text: string) => {
      said[stream] += text
    },
  })
  const code = await runImport(args, {
    store,
    scratch: join(folder, 'scratch'),
    stdout: into('stdout'),
    stderr: into('stderr'),
  })
  return { code, ...said, tables: (await store.discover({ withoutGeometry: true })).map(({ table }) => table) }
}

t.test('exit codes and what is said where', async t => {
  t.same(await run({ files: [good] }), {
    code: 0,
    stdout: 'good.geojson, good: 1,234 rows into public.good\n',
    stderr: '',
    tables: ['good'],
  })
  const mixed = await run({ files: [bad, good] })
  t.match(mixed, {
    code: 1,
    stdout: /good: 1,234 rows/,
    stderr: /^bad\.geojson: byte 9: the file ends in the middle of an object: it is truncated\.\n$/,
    tables: ['good'],
  })
  t.match(await run({ files: [join(folder, 'none.gpkg')] }), { code: 1, stderr: 'none.gpkg: does not exist.\n' })
  const store = memoryStore('memory', [])
  await run({ files: [good] }, store)
  t.match(await run({ files: [good] }, store), { code: 1, stderr: /good\.geojson: Table .*good exists/ })
  t.match(await run({ files: [good], replace: true }, store), { code: 0 })
  t.match(await run({ files: [good], append: true }, store), { code: 0 })
})

t.test('wrong use does nothing', async t => {
  for (const [args, message] of [
    [{ files: [] }, /import needs a file/],
    [{ files: [good], replace: true, append: true }, /exclude each other/],
    [{ files: [good, bad], as: 'x' }, /--as names one table/],
    [{ files: [good], crs: 'EPSG:99' }, /--crs: .*EPSG:99.*EPSG:2154/],
  ] as const)
    t.match(await run(args), { code: 2, stdout: '', stderr: message, tables: [] })
})

t.test('a part stands for its whole, and namesakes are told apart', async t => {
  const shp = writeShapefile(folder, 'roads', madeFeatures(3))
  t.match(await run({ files: [shp.replace('.shp', '.dbf'), shp] }), { code: 0, tables: ['roads'] })
  const twin = join(folder, 'Roads.geojson')
  writeFileSync(twin, geojsonText(madeFeatures(2)))
  t.match(await run({ files: [shp, twin], replace: true }), { code: 0, tables: ['roads', 'roads_2'] })
})

t.test('progress is a bar on a terminal, lines elsewhere', async t => {
  const watch = (isTTY: boolean) => {
    const written: string[] = []
    const clock = { now: 0 }
    return { written, clock, progress: startProgress({ isTTY, columns: 60, write: text => written.push(text) }, () => clock.now) }
  }
  const lines = watch(false)
  for (let second = 0; second <= 10; second++) {
    lines.clock.now = second * 1000
    lines.progress.update('a.gpkg', second / 10, second * 1000, 'rows')
  }
  lines.progress.clear()
  t.same(lines.written, [
    'a.gpkg: 30 % 3,000 rows, 3 s, 7 s left\n',
    'a.gpkg: 60 % 6,000 rows, 6 s, 4 s left\n',
    'a.gpkg: 90 % 9,000 rows, 9 s, 1 s left\n',
  ])
  const bar = watch(true)
  bar.clock.now = 1000
  bar.progress.update('a.gpkg', 0.5, 10, 'rows')
  bar.progress.update('a.gpkg', undefined, 20, 'rows')
  bar.progress.clear()
  t.equal(bar.written.length, 2, 'not more often than people see')
  t.equal(bar.written[0], `\r\u001b[2Ka.gpkg: [${'#'.repeat(12)}${'.'.repeat(12)}] 50 % 10 rows, 0 s`)
  t.equal(bar.written[1], '\r\u001b[2K')
})
