import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { openNativeDatabase } from '#stores/postgis/native/native-database.js'
import { troubles } from './native-world.js'
import { testDatabaseUrl } from './postgres.js'
import { runServer } from './running-server.js'

/** Keys of `communes` that an address cannot have as they are. */
export const hardKeys = ['31555', 'a/b', "L'Haÿ les Roses", '100%', '%2F', 'é+è', '?f=html#y&z', 'a\\b;c', '"guillemets"', '日本'] as const

export interface ReferringWorld {
  /** Of the server, and a folder for files. */
  readonly address: string
  readonly folder: string
  /** Rows of a statement; `@` before a name stands for the schema. */
  sql(text: string): Promise<Record<string, unknown>[]>
  /** Lines of the log that tell of errors. */
  troubles(): string[]
}

/**
 * The built program over `batiments`, one for each of `hardKeys` (ids from 1) and a last one that refers to nothing. They refer to `communes` by text, to
 * `sortes` by number, to each other (`voisin`: the one before), and to a table that is not published (`secret`). The space `ville` is without `sortes`.
 * Anybody may write `batiments`.
 */
export async function referringWorld(t: Test): Promise<ReferringWorld> {
  const schema = `referring_${randomBytes(4).toString('hex')}`
  const folder = mkdtempSync(join(tmpdir(), 'arpent-referring-'))
  const database = openNativeDatabase({ url: testDatabaseUrl! })
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`
  const drop = () => database.session(session => session.script(`DROP SCHEMA ${schema} CASCADE`))
  const point = `geom geometry(Point, 2154) DEFAULT ST_SetSRID(ST_MakePoint(770000, 6279000), 2154)`
  await database.session(session =>
    session.script(`CREATE SCHEMA ${schema};
      SET standard_conforming_strings = on;
      CREATE TABLE ${schema}.communes (insee text PRIMARY KEY, ${point});
      CREATE TABLE ${schema}.sortes (code integer PRIMARY KEY, nom text);
      CREATE TABLE ${schema}.prives (id integer PRIMARY KEY);
      CREATE TABLE ${schema}.batiments (id integer PRIMARY KEY, nom text, commune text REFERENCES ${schema}.communes, sorte integer REFERENCES ${schema}.sortes,
        voisin integer REFERENCES ${schema}.batiments, secret integer REFERENCES ${schema}.prives, ${point});
      INSERT INTO ${schema}.communes VALUES ${hardKeys.map(key => `(${text(key)})`).join(', ')};
      INSERT INTO ${schema}.sortes VALUES (7, 'mairie');
      INSERT INTO ${schema}.prives VALUES (3);
      INSERT INTO ${schema}.batiments (id, nom, commune, sorte, voisin, secret) VALUES
        ${hardKeys.map((key, i) => `(${i + 1}, 'bâtiment', ${text(key)}, 7, ${i || 'NULL'}, 3)`).join(', ')}, (${hardKeys.length + 1}, NULL, NULL, NULL, NULL, NULL);
      ANALYZE;`),
  )
  const file = join(folder, 'arpent.yaml')
  const table = (name: string) => `store: main, table: ${schema}.${name}`
  writeFileSync(
    file,
    `stores: { main: { kind: postgis, url: "${testDatabaseUrl}", schemas: [${schema}] } }
collections:
  quelques_communes: { ${table('communes')}, filter: "insee = '31555'" }
  communes: { ${table('communes')} }
  sortes: { ${table('sortes')} }
  batiments: { ${table('batiments')}, crs: [EPSG:2154, EPSG:4326] }
spaces: { ville: { title: Ville, collections: [batiments, communes] } }
access: { write: { batiments: [anonymous] } }
`,
  )
  const server = await runServer(['--config', file]).catch(async error => {
    await drop()
    await database.close()
    throw error
  })
  t.teardown(async () => {
    await server.stop()
    await drop()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    address: server.address,
    folder,
    troubles: () => troubles(server),
    sql: async text => (await database.session(session => session.query({ text: text.replaceAll('@', `${schema}.`), values: [] }))).rows,
  }
}
