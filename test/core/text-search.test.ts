import t from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import { readTextSearch } from '#core/text-search.js'

const source: FeatureSource = {
  kind: 'features',
  store: 'main',
  schema: 's',
  table: 't',
  columns: [
    { name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false },
    { name: 'nom', kind: 'text', nativeType: 'character varying(20)', isNullable: true },
    { name: 'code', kind: 'text', nativeType: 'character(5)', isNullable: true },
    { name: 'humeur', kind: 'text', nativeType: 'humeur', isNullable: true },
  ],
  geometries: [],
  key: { kind: 'primary', columns: ['id'] },
}

t.test('terms are alternatives, the words of one belong together', async t => {
  t.same(readTextSearch('École  primaire,Cœur', source), { columns: ['nom', 'code'], anyOf: [['ecole', 'primaire'], ['coeur']] })
  t.same(readTextSearch("L'Haÿ-les-Roses", source).anyOf, [['l', 'hay', 'les', 'roses']])
})

t.test('a search without words, or with too many, is refused by name', async t => {
  const fault = (message: RegExp) => ({ kind: 'invalid-parameter', locator: 'q', message })
  for (const q of ['', ' ', ',', '!?', "'"]) t.throws(() => readTextSearch(q, source), fault(/no word/), q)
  t.throws(() => readTextSearch('a'.repeat(501), source), fault(/500 characters/))
  t.throws(() => readTextSearch('a '.repeat(21), source), fault(/20 words/))
  t.throws(() => readTextSearch('a', { ...source, columns: source.columns.slice(0, 1) }), fault(/no texts/))
})
