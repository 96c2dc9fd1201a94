import t from 'tap'
import { byText } from '#render/labels/placing/order-requests.js'
import { sortedByKey } from '#render/labels/placing/sorted-by-key.js'
import { seeded } from '../../support/seeded.js'

const byAll = (a: { readonly key: string }, b: { readonly key: string }) => byText(a.key, b.key)

t.test('items are sorted as by comparing their keys, and stay in order where keys are equal', async t => {
  const random = seeded(53)
  const letters = ['0', '1', '9', ' ', 'a', 'Z', '~', '\u0000', '\u007f', 'é', '中', '\ud83d\ude00']
  const kinds = {
    numbers: () => `${Math.floor(random() * 3000)} 0 0`,
    'long numbers': () => `${10_000_000 + Math.floor(random() * 2000)} 0 0`,
    'one beginning': () => `parcelle.${Math.floor(random() * 500)}`,
    anything: () => Array.from({ length: Math.floor(random() * 9) }, () => letters[Math.floor(random() * letters.length)]).join(''),
    equal: () => 'the same',
  }
  for (const [name, key] of Object.entries(kinds))
    for (const count of [0, 1, 2, 700]) {
      const items = Array.from({ length: count }, (_, index) => ({ key: key(), index }))
      const before = items.slice()
      t.same(sortedByKey(items, byAll), [...items].sort(byAll), `${count} ${name}`)
      t.same(items, before, 'the list itself is left alone')
    }
})
