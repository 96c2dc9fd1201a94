import t from 'tap'
import { withStatistics } from '#cli/publish/with-statistics.js'
import { buildAtlas } from '#core/build-atlas.js'
import type { ColumnsOfTable } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { Publication } from '#core/publication.js'
import { defaultStyle, plainStyle } from '#styles/default-style.js'
import { memoryStore } from '../../support/memory-store.js'
import { atlasPlan, tablePublication } from '../../support/publications.js'

const columns = ['id', 'nature', 'secret', 'nom', 'date_maj'].map(name => ({
  name,
  kind: 'text' as const,
  nativeType: 'text',
  isNullable: true,
}))
const rows = Array.from({ length: 30 }, (_, i) => [
  `${i}`,
  ['Bois', 'Pré'][i % 2],
  ['oui', 'non', 'peut-être'][i % 3],
  `n ${i % 2}`,
  '2024-01-01',
])
const table = { schema: 'public', table: 'places', columns, geometries: [], rows }

/** A store of that table, and what it was asked. */
function asked() {
  const questions: (readonly ColumnsOfTable[])[] = []
  const store = memoryStore('main', [table])
  return {
    questions,
    store: {
      ...store,
      columnStatistics: (tables: readonly ColumnsOfTable[], signal?: AbortSignal) => {
        questions.push(tables)
        return store.columnStatistics(tables, signal)
      },
    },
  }
}
const publication = (changes: Partial<Publication> = {}) => tablePublication({ columns }, changes)
const style = { name: 'mine', title: 'Mine', style: plainStyle([]) }

t.test('all tables of a store are asked about at once, hidden and dull columns not at all', async t => {
  const { questions, store } = asked()
  const publications = [publication(), publication({ settings: { hidden: ['secret'] } }), publication({ settings: { styles: [style] } })]
  const [open, guarded, styled] = await withStatistics(publications, store)
  t.same(
    questions.map(tables => tables.map(({ columns }) => columns.map(({ name }) => name))),
    [[['nature', 'secret'], ['nature']]],
  )
  t.match(open, {
    found: {
      statistics: [
        { name: 'nature', distinct: 2 },
        { name: 'secret', distinct: 3 },
      ],
    },
  })
  t.match(guarded, { found: { statistics: [{ name: 'nature' }] } })
  t.notMatch(JSON.stringify(guarded.found), /peut-être/)
  t.equal(styled, publications[2], 'who has a style of its own is left alone')
  const none = [tablePublication({ geometries: [], columns }), tablePublication({ isReadable: false, columns })]
  t.equal(await withStatistics(none, store), none)
  t.equal(questions.length, 1)
})

t.test('a store that does not tell costs the suggestion and nothing else', async t => {
  const store = { ...memoryStore('main', []), columnStatistics: () => Promise.reject(new Problem('unavailable', 'no')) }
  t.same(await withStatistics([publication()], store), [publication()])
  await t.rejects(withStatistics([publication()], store, AbortSignal.abort()), 'unless the start was given up')
})

t.test('the collection is drawn by the column, and the verdict says which and how to choose otherwise', async t => {
  const { store } = asked()
  const published = await withStatistics([publication({ id: 'mes lieux', settings: { hidden: ['secret'] } })], store)
  const atlas = buildAtlas(atlasPlan(published))
  const [{ style }] = atlas.collections.get('mes lieux')!.styles
  t.same(
    style.passes[0].rules.slice(0, 3).map(({ title }) => title),
    ['Bois', 'Pré', 'Autre'],
  )
  t.match(atlas.verdicts[0].findings, [
    {
      severity: 'info',
      code: 'styled-by',
      message: /by the column "nature": 2 categories/,
      cure: `arpent style 'mes lieux' --as sld > 'mes lieux.sld'`,
    },
  ])
  t.equal(buildAtlas(atlasPlan(published), atlas).generation, atlas.generation, 'nothing changes when nothing does')
})

t.test('of a suggestion that is not drawn, because a style lies beside the data, nothing is told', async t => {
  const { store } = asked()
  const [found] = await withStatistics([publication({ id: 'lieux' })], store)
  const style = { name: 'own', title: 'own', style: defaultStyle('lieux', 'POINT') }
  const told = (settings: Publication['settings']) => buildAtlas(atlasPlan([{ ...found, settings }])).verdicts[0].findings
  t.match(told({}), [{ code: 'styled-by' }])
  t.same(told({ styles: [style] }), [])
})

t.test('statistics of a column that was hidden meanwhile do not show', async t => {
  const { store } = asked()
  const [known] = await withStatistics([publication()], store)
  const atlas = buildAtlas(atlasPlan([{ ...known, settings: { hidden: ['secret', 'nature'] } }]))
  t.same(atlas.collections.get('places')!.styles[0].style, defaultStyle('places', 'POINT'))
  t.notMatch(JSON.stringify([...atlas.collections.values(), ...atlas.verdicts]), /peut-être|Bois/)
})
