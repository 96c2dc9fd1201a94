import { randomBytes } from 'node:crypto'
import t from 'tap'
import type { FeatureChange, LayerValue } from '#core/ports.js'
import { openNativeDatabase } from '#stores/postgis/native/native-database.js'
import { postgisStore } from '#stores/postgis/postgis-store.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { until } from '../support/until.js'
import { editContract, editTables } from './edit-contract.js'
import { sourceOf } from './feature-store-contract.js'

const name = () => `edit_${randomBytes(4).toString('hex')}`
const open = () => openNativeDatabase({ url: testDatabaseUrl! })

t.test('editing in native PostGIS', { skip: withoutDatabase }, async t => {
  const schema = name()
  t.teardown(async () => {
    const database = open()
    await database.session(session => session.script(`DROP SCHEMA ${schema} CASCADE`))
    await database.close()
  })
  await editContract(t, { database: open(), schema })
})

t.test('a backend that is ended in the middle of an edit leaves nothing half written', { skip: withoutDatabase }, async t => {
  const schema = name()
  const [database, other] = [open(), open()]
  await other.session(session => session.script(editTables(schema)))
  t.teardown(async () => {
    await other.session(session => session.script(`DROP SCHEMA ${schema} CASCADE`))
    await Promise.all([database.close(), other.close()])
  })
  const store = postgisStore('edited', database)
  const [description] = await store.discover({ schemas: [schema], table: 'lieux' })
  const source = sourceOf(store, description!)
  const make = (name: string): FeatureChange => ({ kind: 'create', values: new Map<string, LayerValue>([['nom', name]]) })
  /** Of other columns than the slow one, so that it is another statement. */
  const before: FeatureChange = {
    kind: 'create',
    values: new Map<string, LayerValue>([
      ['nom', 'avant'],
      ['rang', 1],
    ]),
  }
  const ask = async (text: string) => (await other.session(session => session.query({ text, values: [] }))).rows
  const end = () =>
    ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE 'INSERT INTO "${schema}"%'`)
  // more often than there are connections: none is leaked
  for (let round = 0; round < 6; round++) {
    const editing = store.edit!(source, [before, make('lent')])
    editing.catch(() => {})
    t.ok(await until(async () => (await end()).length > 0))
    await t.rejects(editing, { kind: 'unavailable', message: /try again/ })
    t.match(await ask(`SELECT count(*)::int AS n FROM "${schema}".lieux`), [{ n: 0 }])
  }
  t.match(await store.edit!(source, [make('apres')]), [{ id: String, version: String }])
})
