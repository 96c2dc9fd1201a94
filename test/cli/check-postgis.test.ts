import { execFileSync } from 'node:child_process'
import t from 'tap'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { missing } from '../support/programs.js'
import { runProgram } from '../support/run-program.js'

const skip = withoutDatabase || missing('psql', 'psql', '--version')
const schema = `config_check_${process.pid}`
const psql = (sql: string) =>
  execFileSync('psql', [testDatabaseUrl ?? '', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql], { encoding: 'utf8', stdio: 'pipe' })

interface Report {
  readonly verdicts: readonly {
    readonly collection?: string
    readonly source: string
    readonly findings: readonly { readonly code: string; readonly cure?: string }[]
  }[]
}

t.test('what check finds in a database, its cures cure', { skip }, async t => {
  psql(`CREATE SCHEMA ${schema}`)
  t.teardown(() => psql(`DROP SCHEMA ${schema} CASCADE`))
  const points = 'SELECT ST_SetSRID(ST_MakePoint(930000 + g, 6890000 + g), 2154) AS geom FROM generate_series(1, 2000) g'
  psql(`CREATE TABLE ${schema}.bare AS SELECT geom::geometry(Point, 2154) FROM (${points}) p`)
  psql(`CREATE TABLE ${schema}."l'eau $(x)" AS SELECT geom::geometry(Point, 2154) FROM (${points}) p`)
  psql(
    `CREATE TABLE ${schema}.lost (id int PRIMARY KEY, geom geometry(Point)); INSERT INTO ${schema}.lost SELECT 1, ST_MakePoint(930000, 6890000)`,
  )
  psql(`CREATE TABLE ${schema}.bowtie (id int PRIMARY KEY, geom geometry(Geometry, 2154))`)
  psql(`INSERT INTO ${schema}.bowtie VALUES (8, ST_SetSRID(ST_MakePoint(930000, 6890000), 2154))`)
  psql(
    `INSERT INTO ${schema}.bowtie VALUES (7, ST_GeomFromText('POLYGON((930000 6890000, 930100 6890100, 930100 6890000, 930000 6890100, 930000 6890000))', 2154))`,
  )
  psql(
    `CREATE INDEX ON ${schema}.bowtie USING gist (geom); CREATE INDEX ON ${schema}.lost USING gist (geom); ANALYZE ${schema}.bare, ${schema}.bowtie, ${schema}.lost`,
  )
  const source = `${testDatabaseUrl}?schema=${schema}`
  const check = async () => {
    const { code, stdout, stderr } = await runProgram(['check', source, '--json', '--data', '/nonexistent'])
    t.equal(stderr, '')
    return { code, verdicts: (JSON.parse(stdout) as Report).verdicts }
  }
  const before = await check()
  t.equal(before.code, 1, 'a table nobody can place is broken')
  const codes = (report: typeof before) =>
    Object.fromEntries(
      report.verdicts.map(({ source, findings }) => [source.slice(source.indexOf('.') + 1), findings.map(({ code }) => code).sort()]),
    )
  t.same(codes(before), {
    bare: ['no-primary-key', 'no-spatial-index'],
    "l'eau $(x)": ['no-primary-key', 'no-spatial-index'],
    lost: ['missing-srid'],
    bowtie: ['invalid-geometries', 'mixed-types'],
  })
  for (const { cure } of before.verdicts.flatMap(({ findings }) => findings)) {
    if (cure !== undefined) execFileSync('/bin/sh', ['-c', cure], { stdio: 'pipe' })
  }
  const after = await check()
  t.equal(after.code, 0)
  t.same(codes(after), { bare: [], "l'eau $(x)": [], lost: [], bowtie: ['mixed-types'] })
})

t.test('a database that does not answer is left out, and the message holds no secret', async t => {
  const { code, stdout, stderr } = await runProgram(['check', 'postgres://gis:hunter2@127.0.0.1:1/geo', '--data', '/nonexistent'])
  t.equal(code, 1)
  t.match(stdout, /0 collections published\.\nNot published:\n {2}postgres:\/\/gis:\*\*\*@127\.0\.0\.1:1\/geo\n {4}error: /)
  t.notMatch(stdout + stderr, /hunter2/)
})

t.test('a schema where there is nothing to publish is said, and is an error', { skip: withoutDatabase }, async t => {
  const { code, stdout } = await runProgram(['check', `${testDatabaseUrl}?schema=nowhere_at_all`, '--data', '/nonexistent'])
  t.equal(code, 1)
  t.match(stdout, /no table or view with a geometry in the schemas nowhere_at_all/)
})
