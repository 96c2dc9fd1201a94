import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { postgisCures } from '#stores/postgis/cures.js'

const folder = mkdtempSync(join(tmpdir(), 'arpent-cures-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'psql'), '#!/bin/sh\nfor word in "$@"; do printf "%s\\0" "$word"; done\n')
chmodSync(join(folder, 'psql'), 0o755)

/** The words psql is given when `command` is pasted into a shell. */
const pasted = (command: string | undefined) =>
  execFileSync('/bin/sh', ['-c', command ?? ''], { env: { PATH: `${folder}:${process.env.PATH}` }, cwd: folder, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)

t.test('cures are psql commands, ready to paste', async t => {
  const cures = postgisCures('postgres://gis@db:5432/geo?sslmode=require')
  const words = (sql: string) => ['postgres://gis@db:5432/geo?sslmode=require', '-c', sql]
  t.same(
    pasted(cures.spatialIndex('admin', 'communes', 'geom')),
    words('CREATE INDEX CONCURRENTLY ON "admin"."communes" USING gist ("geom")'),
  )
  t.same(
    pasted(cures.primaryKey('admin', 'communes')),
    words('ALTER TABLE "admin"."communes" ADD COLUMN arpent_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY'),
  )
  t.same(pasted(cures.setSrid('admin', "l'eau", 'geom', 2154)), words(`SELECT UpdateGeometrySRID('admin', 'l''eau', 'geom', 2154)`))
  t.same(
    pasted(cures.grantRead('admin', 'communes')),
    words('GRANT USAGE ON SCHEMA "admin" TO "gis"; GRANT SELECT ON "admin"."communes" TO "gis"'),
  )
  t.equal(postgisCures('postgres://db/geo').grantRead('a', 'b'), undefined, 'nobody known to grant it to')
})

t.test('hostile names stay names', async t => {
  const cures = postgisCures('postgres://gis@db/geo')
  for (const name of ['$(touch pwned)', '`touch pwned`', `'; touch pwned; '`, '"; DROP TABLE x; --', '\\', '-c', '!x', 'été 漢字']) {
    t.same(
      pasted(cures.spatialIndex(name, name, name))[2],
      `CREATE INDEX CONCURRENTLY ON "${name.replaceAll('"', '""')}"."${name.replaceAll('"', '""')}" USING gist ("${name.replaceAll('"', '""')}")`,
    )
    t.same(pasted(cures.makeValid(name, name, name)).length, 3)
  }
  t.throws(() => execFileSync('/bin/ls', [join(folder, 'pwned')], { stdio: 'ignore' }), 'and nothing else was run')
  for (const name of ['a\nb', '\u001b[2J', '\0']) t.equal(cures.spatialIndex('public', name, 'geom'), undefined)
})
