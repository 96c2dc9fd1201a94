import t from 'tap'
import { createViewFinder, findCollection } from '#core/atlas-view.js'
import { buildAtlas } from '#core/build-atlas.js'
import { keywordsIn, textIn } from '#core/text.js'
import { atlasPlan, tablePublication } from '../support/publications.js'

const spaces = new Map([['eau', { id: 'eau', title: { fr: 'Eau' }, collections: ['rivers', 'gone', 'a:b'] }]])
const atlas = buildAtlas(
  atlasPlan(
    ['places', 'rivers', 'a:b', 'eau:x'].map(table => tablePublication({ table })),
    { spaces },
  ),
)

t.test('views show the whole, a space or one dataset, and are built once', async t => {
  const find = createViewFinder()
  t.same([...(find(atlas, '')?.collections.keys() ?? [])], ['places', 'rivers', 'a:b', 'eau:x'])
  t.same([...(find(atlas, 'eau')?.collections.keys() ?? [])], ['rivers', 'a:b'], 'what is not published is not in a space')
  t.same([...(find(atlas, 'datasets/places')?.collections.keys() ?? [])], ['places'])
  t.equal(find(atlas, 'eau'), find(atlas, 'eau'))
  for (const key of ['nope', 'datasets/nope', 'datasets/', 'datasets', '__proto__', 'constructor'])
    t.equal(find(atlas, key), undefined, key)
})

t.test('{space}:{id} means a collection of a space', async t => {
  const view = createViewFinder()(atlas, '')!
  const id = (name: string) => findCollection(view, name)?.id
  t.equal(id('places'), 'places')
  t.equal(id('eau:rivers'), 'rivers')
  t.equal(id('eau:a:b'), 'a:b')
  t.equal(id('a:b'), 'a:b')
  t.equal(id('eau:x'), 'eau:x', 'an id with a colon comes first')
  for (const name of ['eau:places', 'eau:gone', 'eau:', ':rivers', 'other:rivers', '']) t.equal(id(name), undefined, name)
})

t.test('texts and keywords answer in the best language they have', async t => {
  t.equal(textIn('x', ['fr']), 'x')
  t.equal(textIn({ fr: 'Eau', en: 'Water' }, ['en', 'fr']), 'Water')
  t.equal(textIn({ fr: 'Eau', en: 'Water' }, ['de', 'en']), 'Water')
  t.equal(textIn({ fr: 'Eau', en: 'Water' }, ['de']), 'Eau')
  t.equal(textIn({ fr: 'Eau' }, ['constructor', 'toString']), 'Eau')
  t.same(keywordsIn(['a'], ['fr']), ['a'])
  t.same(keywordsIn({ fr: ['a'], en: ['b'] }, ['en']), ['b'])
  t.same(keywordsIn(undefined, ['en']), [])
})
