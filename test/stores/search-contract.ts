import type { Test } from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import type { FeatureLayer, FeatureStore } from '#core/ports.js'
import type { FeatureQuery } from '#core/queries.js'
import { readTextSearch } from '#core/text-search.js'
import { equals } from '../support/filters.js'
import { found, sourceOf } from './feature-store-contract.js'
import { walked } from './paging-contract.js'

const rows: readonly (readonly [string, string | null, string | null])[] = [
  ['1', 'École élémentaire Jean-Moulin', '12 bis, rue de l’Église'],
  ['2', 'COLLÈGE LES CŒURS VAILLANTS', "Place d'Armes"],
  ['3', 'Lycée agricole', null],
  ['4', null, 'ZA «Les Écluses» (bât. B)'],
  ['5', 'Ecole maternelle', 'Saint-Étienne'],
  ['6', 'straße œdème Łódź', 'e\u0301tude n°42/A_b'],
  ['7', null, null],
]

const layer: FeatureLayer = {
  name: 'ecoles',
  columns: [
    { name: 'code', kind: 'text' },
    { name: 'nom', kind: 'text' },
    { name: 'adresse', kind: 'text' },
  ],
  key: 'code',
  notes: [],
  async *read() {
    yield { rows }
  },
}

/** Searches and the codes of the rows they find, stems aside. */
const searches: readonly (readonly [q: string, codes: string])[] = [
  ['ecole', '15'],
  ['ÉCOLE', '15'],
  ['éco', '15'],
  ['ecole maternelle', '5'],
  ['maternelle ecole', '5'],
  ['maternelle,lycée', '35'],
  ['ecole jean, agri', '13'],
  ['moulin', '1'],
  ['coeur', '2'],
  ['cœurs', '2'],
  ['armes', '2'],
  ['église', '1'],
  ['ecluse', '4'],
  ['saint etienne', '5'],
  ['Saint-Étienne', '5'],
  ['Étienne saint', '5'],
  ['strase', '6'],
  ['lodz', '6'],
  ['etude 42', '6'],
  ['oedeme', '6'],
  ['12', '1'],
  ['ecole collège', ''],
  ['cole', ''],
  ['nulle part', ''],
  [',, ecole ,', '15'],
]

const hostile = [
  "'; DROP TABLE ecoles; --",
  "ecole' | 'lycee",
  'ecole & !lycee',
  'ecole:* | a:*',
  'ecole <-> lycee',
  "a\\' | b",
  '$1 $2',
  'x)) OR ((1=1',
  '%_%',
  "''''",
  '((((((',
  '①② ²ª ʼn ﬀ Ⅷ',
  '日本語 العربية ไทย',
  '😀 a',
  'a\0b',
  '\ud800x',
  'A'.repeat(400),
]

/** What every store promises of searches for words. */
export async function searchContract(t: Test, store: FeatureStore, schema: string, hasStems: boolean): Promise<void> {
  await store.load?.({ schema, table: 'ecoles', mode: 'create' }, layer, {})
  t.teardown(() => store.drop?.(schema, 'ecoles').catch(() => {}))
  const [description] = await store.discover({ schemas: [schema], table: 'ecoles', withoutGeometry: true })
  const source: FeatureSource = sourceOf(store, description!)
  const query = (q: string, more: Partial<FeatureQuery> = {}): FeatureQuery => ({
    source,
    columns: ['code'],
    key: false,
    search: readTextSearch(q, source, ['nom', 'adresse']),
    ...more,
  })
  const codes = async (q: string, more: Partial<FeatureQuery> = {}) => (await found(store, query(q, more))).flat().sort().join('')

  await t.test('words are found whatever their case, accents and place', async t => {
    for (const [q, expected] of searches) {
      t.equal(await codes(q), expected, q)
      t.equal(await store.count(query(q)), expected.length, q)
    }
    t.equal((await walked(store, query('e, l', { sort: [{ column: 'nom', descending: true }] }), 2)).length, 6, 'page by page')
    t.equal(await codes('ecole', { filter: equals('code', '5') }), '5')
    t.equal(await codes('étienne', { search: readTextSearch('étienne', source, ['nom']) }), '', 'in other columns')
  })

  await t.test('words are found by their stem', { skip: hasStems ? false : 'memory knows no stems' }, async t => {
    t.equal(await codes('agricoles'), '3')
    t.equal(await codes('vaillant'), '2')
    t.equal(await codes('écoles'), '15')
  })

  await t.test('no search is an order to the database', async t => {
    for (const q of hostile) {
      const result = await codes(q).catch(error => error)
      t.ok(typeof result === 'string' || result.kind === 'invalid-parameter', `${q}: ${result}`)
    }
    t.equal(await codes('ecole:* | lycee:*'), '', 'operators are no operators')
    const search = { columns: ['nom'], anyOf: [["ecole' | 'lycee"], ['a & !b:*']] }
    await found(store, query('x', { search }))
    t.equal(await store.count({ source, columns: [], key: false }), rows.length)
    await t.rejects(found(store, query('x', { search: { columns: ['altitude'], anyOf: [['x']] } })), {
      kind: 'unknown-property',
      message: /altitude/,
    })
    await store.drop?.(schema, 'ecoles')
  })
}
