import t from 'tap'
import { acceptedLanguages } from '#protocols/http/languages.js'

t.test('languages come best first, without regions and refusals', async t => {
  t.same(acceptedLanguages('fr-FR,fr;q=0.9,en;q=0.8'), ['fr', 'en'])
  t.same(acceptedLanguages('en;q=0.5, de, *;q=0.1, it;q=0'), ['de', 'en'])
  t.same(acceptedLanguages(undefined), [])
  t.same(acceptedLanguages('<script>,;;;,q=1'), [])
})
