import t from 'tap'
import { roundWidth } from '#core/aggregate-features.js'
import { seeded } from '../support/seeded.js'

/** Stretches that hold a value, counted by going along them. */
function stretches(least: number, greatest: number, width: number): number {
  let count = 0
  for (let k = Math.floor(least / width) - 1; k * width <= greatest; k++) if ((k + 1) * width > least) count++
  return count
}

t.test('a number of stretches is the least round width that makes as many or fewer', async t => {
  t.equal(roundWidth(0, 9.9, 5, false), '2')
  t.equal(roundWidth(0, 10, 5, false), '5', 'six of 2')
  t.equal(roundWidth(-5, 5, 20, true), '1')
  t.equal(roundWidth(7, 7, 20, false), '1')
  const random = seeded(11)
  for (let i = 0; i < 500; i++) {
    const least = (random() - 0.5) * 10 ** Math.round(random() * 8 - 4)
    const greatest = least + random() * 10 ** Math.round(random() * 8 - 4)
    const count = 2 + Math.floor(random() * 60)
    const width = roundWidth(least, greatest, count, false)
    t.match(width, /^0?\.?0*[125]0*$/)
    const smaller = Number(width) * (/2/.test(width) || /1/.test(width) ? 0.5 : 0.4)
    const [own, next] = [stretches(least, greatest, Number(width)), stretches(least, greatest, smaller)]
    if (own > count || next <= count) t.fail(`${least} to ${greatest} in ${count}: ${width} makes ${own}, ${smaller} ${next}`)
  }
})
