import t from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { startEmbeddedDatabase } from '#stores/postgis/embedded/embedded-host.js'
import { sourceOf } from './feature-store-contract.js'
import { filtersAgree, mixedColumns, mixedLayer } from './filter-equality.js'

t.test('filters choose the same rows in embedded PostGIS and in memory', async t => {
  const host = await startEmbeddedDatabase({ dataDir: t.testdir() })
  const store = openFeatureStore({ kind: 'embedded', id: 'local', port: host.openPort() })
  t.teardown(async () => {
    await store.close()
    await host.close()
  })
  await store.load!({ schema: 'essai', table: 'filtres', mode: 'create' }, mixedLayer(), {})
  const [description] = await store.discover({ schemas: ['essai'] })
  await filtersAgree(t, store, sourceOf(store, description!), mixedColumns, 250, 6)
})
