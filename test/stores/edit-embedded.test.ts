import t from 'tap'
import { openEmbeddedDatabase } from '#stores/postgis/embedded/embedded-database.js'
import { startEmbeddedDatabase } from '#stores/postgis/embedded/embedded-host.js'
import { editContract } from './edit-contract.js'

t.test('editing in embedded PostGIS', async t => {
  const host = await startEmbeddedDatabase({ dataDir: t.testdir() })
  t.teardown(() => host.close())
  await editContract(t, { database: openEmbeddedDatabase(host.openPort()), schema: 'essai' })
})
