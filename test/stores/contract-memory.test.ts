import t from 'tap'
import { memoryStore } from '../support/memory-store.js'
import { featureStoreContract } from './feature-store-contract.js'

t.test('in memory', t => featureStoreContract(t, async () => ({ store: memoryStore('memory', []), schema: 'essai', hasStems: false })))
