import t from 'tap'
import { bandValues } from '#render/band-values.js'
import { BandExpressionError, greatestBand, parseBandExpression } from '#styles/band-expression.js'
import { seeded } from '../support/seeded.js'

const cell = { x: 1, y: -1 }
const value = (text: string, ...bands: number[]) =>
  bandValues(parseBandExpression(text), { width: 1, height: 1, bands: bands.map(band => Float64Array.of(band)) }, cell)[0]

t.test('expressions are computed as written', t => {
  t.equal(value('2 + 3 * 4'), 14)
  t.equal(value('(2 + 3) * 4'), 20)
  t.equal(value('2 ^ 3 ^ 2'), 512, 'to the right')
  t.equal(value('10 - 4 - 3'), 3, 'to the left')
  t.equal(value('-2 ^ 2'), -4)
  t.equal(value('- - 3'), 3)
  t.equal(value('B4 - b1', 1, 0, 0, 7), 6, 'bands count from 1, in any case')
  t.equal(value('(b2-b1)/(b2+b1)', 1, 3), 0.5)
  t.equal(value('max(b1, 4, 2e0)', 3), 4)
  t.equal(value('if(b1 >= .5, 10, 20)', 0.5), 10)
  t.equal(value('if(b1 != 5, 10, 20)', 5), 20)
  t.match(value('b1 / b1', 0), Number.NaN)
  t.match(value('b9', 0), Number.NaN, 'a band that is not there has no values')
  t.equal(greatestBand(parseBandExpression('b2 + min(b7, 1)')), 6)
  t.end()
})

t.test('seeded sums agree with JavaScript', t => {
  const random = seeded(11)
  const make = (depth: number): string => {
    if (depth === 0 || random() < 0.2) return random() < 0.5 ? `b${1 + Math.floor(random() * 3)}` : (random() * 10).toFixed(2)
    const [a, b] = [make(depth - 1), make(depth - 1)]
    return random() < 0.3 ? `max(${a}, ${b})` : `abs(${a} ${'+-*/'[Math.floor(random() * 4)]} ${b})`
  }
  /** Values are held in single precision between two steps. */
  const single = (step: number) => Math.abs(Math.fround(step))
  const greatest = (...steps: number[]) => Math.fround(Math.max(...steps))
  for (let round = 0; round < 300; round++) {
    const text = make(4)
    const bands = [random() * 9, random() * 9 - 4, random()]
    const right = new Function('b1', 'b2', 'b3', 'max', 'abs', `return ${text}`)(...bands, greatest, single) as number
    const got = value(text, ...bands)
    t.ok(Object.is(got, right) || Math.abs(got - right) <= Math.max(1e-5, Math.abs(right) * 1e-5), text)
  }
  t.end()
})

t.test('what cannot be read says where and what would do', t => {
  for (const [text, said] of [
    ['', /at its end/],
    ['b1 +', /at its end/],
    ['b1 b2', /at «b2»/],
    ['(b1', /\) would work/],
    ['b0', /band such as b1/],
    ['eval(b1)', /abs, sqrt/],
    ['constructor(b1)', /at «constructor»/],
    ['b1 = 2', /«=»/],
    ['min(b1)', /min takes 2 to 8 values, not 1/],
    ['b1; b2', /«;»/],
    [`${'('.repeat(100)}b1`, /nested/],
    [`${'-'.repeat(100)}b1`, /nested/],
    [`${'b1 ^ '.repeat(60)}b1`, /nested/],
    [`${'b1 + '.repeat(200)}b1`, /longer than/],
  ] as const)
    t.match(caught(text), said, text)
  t.end()
})

function caught(text: string): string {
  try {
    parseBandExpression(text)
    return 'nothing'
  } catch (error) {
    return error instanceof BandExpressionError ? error.message : `a defect: ${error}`
  }
}
