import t from 'tap'
import { answerLanguage } from '#protocols/ows/language.js'

t.test('LANGUAGE, then Accept-Language, then the default', async t => {
  const served = ['fr', 'en']
  const cases: [string | undefined, string[], string][] = [
    [undefined, [], 'fr'],
    [undefined, ['de', 'en', 'fr'], 'en'],
    [undefined, ['de'], 'fr'],
    ['eng', ['fr'], 'en'],
    ['fre', ['en'], 'fr'],
    ['fra', ['en'], 'fr'],
    ['en-GB', [], 'en'],
    ['ger', ['en'], 'fr'],
    ['constructor', ['en'], 'fr'],
  ]
  for (const [asked, accepted, language] of cases) t.equal(answerLanguage(asked, accepted, served), language, `${asked} ${accepted}`)
  t.equal(answerLanguage('fre', ['fr'], []), 'en')
})
