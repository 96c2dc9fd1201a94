import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { geojsonText, madeFeatures } from '../support/make-files.js'
import { privatePostgres, withoutPrivatePostgres } from '../support/private-postgres.js'
import { runProgram } from '../support/run-program.js'

t.test('files in the embedded database are remembered in PostGIS where that can be written', { skip: withoutPrivatePostgres }, async t => {
  const server = await privatePostgres()
  t.teardown(() => server.remove())
  server.sql(
    'CREATE EXTENSION postgis; CREATE ROLE reader LOGIN; CREATE TABLE places (id int PRIMARY KEY, geom geometry(Point, 2154)); GRANT SELECT ON places TO reader',
  )
  const folder = t.testdir({ files: {}, data: {} })
  writeFileSync(join(folder, 'files', 'a.geojson'), geojsonText(madeFeatures(3)))
  const check = async (user: string) => {
    const { stdout, stderr } = await runProgram([
      'check',
      join(folder, 'files'),
      server.url(user),
      '--data',
      join(folder, 'data'),
      '--json',
    ])
    t.equal(stderr.includes('embedded'), false, stderr)
    const { verdicts } = JSON.parse(stdout) as { verdicts: { collection?: string; source: string; findings: { code: string }[] }[] }
    return verdicts.map(({ source, collection }) => collection ?? source).sort()
  }
  t.same(await check('reader'), ['a', 'places'])
  t.equal(server.sql("SELECT to_regnamespace('arpent') IS NULL"), 't\n', 'a reader leaves nothing; the embedded database remembers')
  t.same(await check('postgres'), ['a', 'places'], 'the same table, not a second one')
  const records = () => server.sql("SELECT table_schema || '.' || table_name || ' ' || loaded_at FROM arpent.loads WHERE store <> ''")
  const moved = records()
  t.match(moved, /^public\.a .+\n$/, 'PostGIS remembers from now on')
  t.same(await check('postgres'), ['a', 'places'])
  t.equal(records(), moved, 'nothing was loaded again')
})
