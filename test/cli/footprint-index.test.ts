import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeMosaic } from '../support/make-mosaic.js'
import { privatePostgres, withoutPrivatePostgres } from '../support/private-postgres.js'
import { runProgram } from '../support/run-program.js'

t.test('the index of footprints in PostgreSQL says what files and collections say', { skip: withoutPrivatePostgres }, async t => {
  const server = await privatePostgres()
  t.teardown(() => server.remove())
  server.sql('CREATE EXTENSION postgis')
  const folder = t.testdir({ ortho: {}, data: {} })
  makeMosaic(join(folder, 'ortho'), { columns: 2, rows: 2, side: 512 })
  const config = join(folder, 'arpent.yaml')
  const check = async (more: string) => {
    const stores = `stores: { db: { kind: postgis, url: "${server.url('postgres')}" }, ortho: { kind: cog, root: ortho } }`
    writeFileSync(config, `${stores}\ncollections:\n  ortho: { store: ortho, files: "*.tif"${more} }\n`)
    const { code, stderr } = await runProgram(['check', '--config', config, '--data', join(folder, 'data')])
    t.equal(code, 0, stderr)
  }
  const versions = () => server.sql('SELECT xmin FROM arpent.rasters ORDER BY path')
  const index = () =>
    server.sql(`SELECT path, footprint, resolution, extract(year FROM taken_at), accuracy, size > 100, checksum LIKE 'state:%'
      FROM arpent.rasters ORDER BY path LIMIT 2`)
  const both = (...[left, right]: [string, string]) =>
    `dalle-0000-0000.tif|{600000,6899897.6,600102.4,6900000}|0.2|${left}|t|t\ndalle-0000-0001.tif|{600102.4,6899897.6,600204.8,6900000}|0.2|${right}|t|t\n`
  await check('')
  t.equal(index(), both('|', '|'))
  const before = versions()
  await check('')
  t.equal(versions(), before, 'what did not change is not written')
  await check(', accuracy: A')
  t.equal(index(), both('|A', '|A'))
  await check(', time: { pattern: "-(?<year>0001)\\\\." }, accuracy: { pattern: "-(?<accuracy>000[0-9])\\\\." }')
  t.equal(index(), both('|0000', '1901|0001'), 'the date of the pattern, too')
})
