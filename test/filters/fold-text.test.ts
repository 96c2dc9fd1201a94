import t from 'tap'
import { foldText, letters, likelyPattern, wordsOf } from '#filters/fold-text.js'
import { pick, seeded, seededInteger } from '../support/seeded.js'

t.test('words lose accents, ligatures and capitals', async t => {
  t.same(wordsOf("L'Haÿ-les-Roses, CŒUR d’Étain (n°12_b) e\u0301tude"), [
    'l',
    'hay',
    'les',
    'roses',
    'coeur',
    'd',
    'etain',
    'n',
    '12',
    'b',
    'etude',
  ])
  t.same(wordsOf('Łódź Đurđevac Straße ÆGIS'), ['lodz', 'durdevac', 'strase', 'aegis'])
  t.same(wordsOf('Ελλάδα 日本'), ['ελλάδα', '日本'])
  t.equal(foldText(''), '')
})

t.test('a text that has a word is likely to have it', async t => {
  const random = seeded(11)
  const alphabet = [...'abceilnorsuyzABCEILNORSUYZ0189œŒæÆ', ...letters.from].filter(letter => !"'./@:_-’".includes(letter))
  let sure = 0
  for (let i = 0; i < 2000; i++) {
    const text = Array.from({ length: seededInteger(random, 1, 8) }, () => pick(random, alphabet)).join('')
    for (const word of wordsOf(text)) {
      const pattern = likelyPattern(word.slice(0, seededInteger(random, 1, word.length)))
      if (pattern === undefined) continue
      sure++
      t.ok(new RegExp(pattern, 'u').test(text), `${text} has ${word}: ${pattern}`)
    }
  }
  t.ok(sure > 1000)
  t.notOk(new RegExp(likelyPattern('rue')!, 'u').test('avenue'), 'and one that has not is often told')
  for (const hostile of ['(', '.*', '[a', 'a]b', '\\d', '^$', ''])
    t.notMatch(likelyPattern(hostile) ?? '', /[\\.*+?(){}^$](?!$|\[)/, hostile)
})
