import t from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { startEmbeddedDatabase } from '#stores/postgis/embedded/embedded-host.js'
import { featureStoreContract } from './feature-store-contract.js'

t.test('embedded PostGIS', t =>
  featureStoreContract(t, async () => {
    const host = await startEmbeddedDatabase({ dataDir: t.testdir() })
    t.teardown(() => host.close())
    return { store: openFeatureStore({ kind: 'embedded', id: 'local', port: host.openPort() }), schema: 'essai "é"' }
  }),
)
