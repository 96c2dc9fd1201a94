import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { runProgram } from '../support/run-program.js'
import { runServer } from '../support/running-server.js'

interface Verdict {
  readonly source: string
  readonly collection?: string
  readonly summary: string
  readonly findings: readonly { severity: string; code: string; message: string; cure?: string }[]
}

const point = 'ST_SetSRID(ST_MakePoint(770000 + i, 6279000 + i), 2154)'
const one = 'FROM generate_series(1, 1) i'
const many = 'FROM generate_series(1, 2000) i'

/** Broken tables: how each is made, and what is found in it. */
const tables: readonly [name: string, code: string, sql: string, cure?: RegExp][] = [
  [
    'no_index',
    'no-spatial-index',
    `CREATE TABLE no_index AS SELECT i AS id, ${point} AS geom ${many}; ALTER TABLE no_index ADD PRIMARY KEY (id)`,
    /CREATE INDEX/,
  ],
  ['no_key', 'no-primary-key', `CREATE TABLE no_key AS SELECT ${point}::geometry(Point, 2154) AS geom ${one}`, /PRIMARY KEY/],
  [
    'mixed',
    'mixed-types',
    `CREATE TABLE mixed (id integer PRIMARY KEY, geom geometry(Geometry, 2154)); INSERT INTO mixed SELECT i, ${point} ${one}; INSERT INTO mixed SELECT i + 1, ST_Buffer(${point}, 9) ${one}`,
  ],
  [
    'wrong_srid',
    'wrong-srid',
    `CREATE TABLE wrong_srid (id integer PRIMARY KEY, geom geometry(Point, 2154)); INSERT INTO wrong_srid SELECT i, ST_SetSRID(ST_MakePoint(3.87 + i / 1e4, 43.6), 2154) ${many}`,
    /4326/,
  ],
  [
    'bow_tie',
    'invalid-geometries',
    `CREATE TABLE bow_tie (id integer PRIMARY KEY, geom geometry(Polygon, 2154)); INSERT INTO bow_tie VALUES (41, ST_MakeEnvelope(0, 0, 9, 9, 2154)), (42, 'SRID=2154;POLYGON((770000 6279000, 770100 6279100, 770100 6279000, 770000 6279100, 770000 6279000))')`,
  ],
  ['nothing', 'empty', 'CREATE TABLE nothing (id integer PRIMARY KEY, geom geometry(Point, 2154))'],
  [
    'not_a_number',
    'unknown-extent',
    `CREATE TABLE not_a_number (id integer PRIMARY KEY, geom geometry(Point, 2154)); INSERT INTO not_a_number SELECT i, ST_SetSRID(ST_MakePoint('NaN', 'NaN'), 2154) ${one}`,
  ],
  [
    'endless',
    'unknown-extent',
    `CREATE TABLE endless (id integer PRIMARY KEY, geom geometry(Point, 2154)); INSERT INTO endless SELECT i, ST_SetSRID(ST_MakePoint('Infinity', '-Infinity'), 2154) ${one}`,
  ],
  [
    'giant',
    'giant-first-page',
    `CREATE TABLE giant (id integer PRIMARY KEY, geom geometry(Polygon, 2154)); INSERT INTO giant SELECT i, ST_Buffer(${point}, 30, 250) FROM generate_series(1, 1000) i; CREATE INDEX ON giant USING gist (geom)`,
    /limits: \{ items: \d+ \}/,
  ],
]

t.test('every kind of trouble with tables is found, told and cured', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  world.sql(`DROP VIEW slow; ${tables.map(([, , sql]) => sql).join('; ')}; ANALYZE;
    CREATE VIEW failing AS SELECT id, ST_SetSRID(ST_MakePoint(1 / (id - id), 0), 2154)::geometry(Point, 2154) AS geom FROM parcels;`)
  const url = world.url('postgres')
  const check = (...args: string[]) => runProgram(['check', ...args, '--data', join(world.folder, 'checked')])

  const checked = await check(url, '--json')
  t.equal(checked.code, 0, 'warnings are no reason to fail')
  const { status, verdicts } = JSON.parse(checked.stdout) as { status: string; verdicts: Verdict[] }
  t.equal(status, 'ready')
  const verdictOf = (table: string) => verdicts.find(({ source }) => source.endsWith(`.${table}`))
  for (const [table, code, , cure] of tables) {
    const finding = verdictOf(table)?.findings.find(finding => finding.code === code)
    t.ok(finding, `${table}: ${code}, among ${verdictOf(table)?.findings.map(({ code }) => code)}`)
    if (cure) t.match(finding?.cure, cure, `${table}: with its cure`)
  }
  t.match(verdictOf('bow_tie')?.findings.find(({ code }) => code === 'invalid-geometries')?.message, /^1 geometr.* first in feature 42:/)
  t.same(verdictOf('parcels')?.findings, [], 'what is well says so')
  const text = await check(url)
  t.equal(text.code, 0)
  for (const [table] of tables) t.match(text.stdout, new RegExp(`^ +${table} `, 'm'))
  t.match(text.stdout, /cure: .*CREATE INDEX/)

  const server = await runServer([url])
  t.teardown(() => server.stop())
  await t.test('and every one is served, or politely not', async t => {
    for (const [table] of [...tables, ['failing'], ['parcels']] as [string][]) {
      const map = `service=WMS&version=1.3.0&layers=${table}&styles=&crs=EPSG:2154&bbox=770000,6279000,771000,6280000&width=64&height=64&format=image/png`
      for (const query of [
        `request=GetMap&${map}`,
        `request=GetFeatureInfo&${map}&query_layers=${table}&i=1&j=62&info_format=application/json`,
      ]) {
        const answer = await fetch(`${server.address}/wms?${query}`)
        const body = await answer.text()
        t.ok(answer.status === 200 || /ServiceException/.test(body), `${table}: ${answer.status}`)
        t.notMatch(body, /division|SELECT|stack/, 'nothing of the inside')
        if (table === 'bow_tie' || table === 'mixed' || table === 'parcels' || table === 'no_key' || table === 'not_a_number')
          t.equal(answer.status, 200, table)
      }
    }
    t.same(troubles(server), [])
  })

  await t.test('cured, it is well', async t => {
    for (const table of ['no_index', 'wrong_srid']) {
      for (const { cure = '' } of verdictOf(table)?.findings ?? []) {
        const statement = cure.match(/^psql .* -c '(.*)'$/s)?.[1].replaceAll(`'\\''`, "'")
        t.ok(statement, cure)
        if (statement) world.sql(statement)
      }
    }
    world.sql('ANALYZE')
    const { verdicts } = JSON.parse((await check(url, '--json')).stdout) as { verdicts: Verdict[] }
    for (const table of ['no_index', 'wrong_srid']) t.same(verdicts.find(({ source }) => source.endsWith(`.${table}`))?.findings, [], table)
  })

  await t.test('exit codes', async t => {
    world.sql(`CREATE TABLE odd_srid (id integer PRIMARY KEY, geom geometry(Point, 990001));
      CREATE TABLE no_srid (id integer PRIMARY KEY, geom geometry(Point)); INSERT INTO no_srid SELECT i, ST_SetSRID(${point}, 0) ${one}`)
    const odd = await check(url, '--json')
    t.equal(odd.code, 1, 'a table that cannot be published is broken')
    const { verdicts } = JSON.parse(odd.stdout) as { verdicts: Verdict[] }
    const findingsOf = (table: string) => verdicts.find(({ source }) => source.endsWith(`.${table}`))?.findings
    t.match(findingsOf('odd_srid'), [{ severity: 'error', code: 'unknown-srid', message: /990001/ }])
    t.match(findingsOf('no_srid'), [{ severity: 'error', code: 'missing-srid' }])
    world.stop('fast')
    const away = await check(url)
    t.equal(away.code, 1, 'a database that is away is broken')
    t.notMatch(away.stdout, /\bat .*\.js/)
    t.equal((await check('--nonsense')).code, 2)
    t.equal((await check('--config', join(world.folder, 'none.yaml'))).code, 2)
    const files = join(world.folder, 'files')
    mkdirSync(files)
    writeFileSync(join(files, 'whole.csv'), 'id;lon;lat\n1;3.8;43.6\n')
    const whole = await check(files, '--json')
    t.equal(whole.code, 0, whole.stdout)
    writeFileSync(join(files, 'cut.geojson'), '{"type":"FeatureCollection","features":[{"type":"Feature","geom')
    const cut = await check(files, '--json')
    t.equal(cut.code, 1, 'a file that cannot be read is broken')
    t.match(JSON.parse(cut.stdout), { status: 'broken', collections: 1 }, 'and does not stop the others')
  })
})
