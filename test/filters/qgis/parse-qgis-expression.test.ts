import t from 'tap'
import type { Scalar } from '#filters/expression.js'
import { parseQgisExpression, parseQgisFilter } from '#filters/qgis/parse-qgis-expression.js'
import { type Row, rowEvaluator } from '../../support/evaluate-rows.js'
import { askQgis, withoutQgis } from '../../support/qgis-oracle.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const random = seeded(322)
const maybe = <T>(value: () => T): T | null => (random() < 0.15 ? null : value())
const rows: Row[] = Array.from({ length: 40 }, () => ({
  name: maybe(() => pick(random, ['Rue de l’Église', 'a-b', 'x', 'Place du 8', '12', ''])),
  class: maybe(() => pick(random, ['CS1.1', 'CS2', 'us', 'CS'])),
  n: maybe(() => seededInteger(random, -4, 12)),
  h: maybe(() => Math.round(random() * 4000) / 100),
}))
const ours = rowEvaluator(rows)
const scale = 25_000

/** Of each operator, precedence and function. */
const values = [
  '1+2||3',
  '2^1||1',
  '-2^2',
  '2^3^2',
  '10 % 3 * 2',
  '-2||3',
  '5 // 2',
  '-5 // 2',
  '7/2',
  '2 + 3 * 4 - 1',
  '(2 + 3) * 4',
  '.5 + 1e2',
  '"h" * 2 + n',
  'h / 3 - n',
  'n % 5',
  'h ^ 2',
  '-coalesce(h, 2) + -coalesce(n, 1)',
  `'it''s' || ' ' || name`,
  `"name" || '\\n' || class`,
  `name + '!'`,
  `left(class, 3)`,
  `right(name, 2)`,
  `substr(coalesce(name, 'abcdef'), 2, 3)`,
  `substr('HELLO WORLD', -5)`,
  `substr('HELLO WORLD', -5, 2)`,
  `substr('HELLO', 3, -1)`,
  `substr('HELLO', 0, 2)`,
  `substr(coalesce(name, 'abcdef'), coalesce(n, 1), 2)`,
  `lpad(name, 3, 'x')`,
  `rpad(name, 3, 'x')`,
  `lpad('a', 6, 'xy')`,
  `upper(name) || lower(class)`,
  `title('hello wORLD')`,
  `length(name)`,
  `replace(name, 'e', 'é')`,
  `strpos(name, 'e')`,
  `lpad(class, 6, '.')`,
  `rpad(class, 6, '.')`,
  `trim('  a ')`,
  `concat(name, ' / ', class)`,
  `coalesce(name, class, 'none')`,
  `nullif(class, 'us')`,
  `if(n > 3, 'many', 'few')`,
  `CASE WHEN n > 5 THEN 'big' WHEN n > 0 THEN 'small' ELSE 'none' END`,
  `case when class like 'CS%' then h end`,
  'round(h)',
  'round(h, 1)',
  'floor(h)',
  'ceil(h)',
  'abs(n)',
  'sqrt(abs(n))',
  'exp(1)',
  'ln(h + 1)',
  'log10(h + 1)',
  'log(2, h + 1)',
  'pi()',
  '$pi',
  'sin(h)',
  'atan2(h, 2)',
  'degrees(1)',
  'clamp(1, n, 5)',
  'max(n, 3, h)',
  'min(n, h)',
  'scale_linear(h, 0, 40, 1, 9)',
  'scale_exp(h, 0, 40, 1, 9, 2)',
  `to_string(n)`,
  `to_real('3.5')`,
  'format_number(h * 1000, 2)',
  `substr(string:=coalesce(name, 'abc'), start:=1, length:=2)`,
  '@map_scale / 1000',
  '$x + y($geometry)',
  `attribute('n') + 1`,
  '-- a remark\n n /* and another */ + 1',
  `color_rgb(10, 20, 30)`,
]

const filters = [
  `class = 'CS2'`,
  `class <> 'CS2'`,
  'n > 3 and h < 20',
  'n > 3 or h < 20 and n is not null',
  'not n > 3',
  'not (n > 3 and h < 20)',
  `class in ('CS2', 'us')`,
  `class not in ('CS2', 'us')`,
  `name like 'R%'`,
  `name like '%_b'`,
  `name ilike 'PLACE%'`,
  `name not like '%a%'`,
  'name is null',
  'name is not null',
  `class is 'us'`,
  `class is not 'us'`,
  'n',
  'not n',
  'n >= 0 and n <= 5',
  'n + 1 = 3',
  '"n" != 2',
  'true',
  'false',
  'null',
  `name ~ 'e'`,
  `name ~ '^Place'`,
  `class ~ '^(us|CS2)$'`,
  `left(class, 2) = 'CS' and h > 10`,
  `if(n > 3, h > 20, h < 5)`,
  `coalesce(n, 0) > 2`,
  'n in (1, 2, 3) or h > 30',
  '@map_scale < 50000',
]

/** A text of no characters is null in QGIS now and then. */
const sameValue = (mine: Scalar, want: unknown) =>
  typeof want === 'number' && mine !== null
    ? Math.abs(Number(mine) - want) <= 1e-9 * Math.max(1, Math.abs(want))
    : mine === want || (mine === '' && want === null)

function randomCondition(depth: number): string {
  if (depth > 0 && random() < 0.7) {
    const [a, b] = [randomCondition(depth - 1), randomCondition(depth - 1)]
    return pick(random, [`${a} and ${b}`, `${a} or ${b}`, `not ${a}`, `(${a} or ${b})`, `not (${a} and ${b})`])
  }
  const number = seededInteger(random, -4, 12)
  return pick(random, [
    `n ${pick(random, ['=', '<>', '<', '>='])} ${number}`,
    `h ${pick(random, ['<', '>'])} n + ${number} * 2`,
    `n - ${number} > 2 * -1 + 3`,
    `class = 'CS' || ${number % 3}`,
    'n is null',
    'name is not null',
    `n in (${number}, 2)`,
    `name like '%e%'`,
  ])
}

const conditions = Array.from({ length: 300 }, () => randomCondition(3))

t.test('expressions, and 300 seeded conditions, are worth what QGIS says they are', { skip: withoutQgis }, async t => {
  const answers = askQgis<unknown[][]>({ expressions: [...values, ...filters, ...conditions], rows, scale })
  for (const [k, text] of values.entries()) {
    const mine = ours.values(parseQgisExpression(text), { scaleDenominator: scale })
    const wrong = rows.flatMap((row, i) => {
      const want = answers[k][i]
      return want === 'error' || sameValue(mine[i], want)
        ? []
        : [`${JSON.stringify(row)}: ${JSON.stringify(mine[i])} is ${JSON.stringify(want)}`]
    })
    t.same(wrong, [], text)
    t.ok(
      answers[k].some(want => want !== null && want !== 'error'),
      `${text} is worth something in QGIS`,
    )
  }
  for (const [k, text] of filters.entries()) {
    const wants = answers[values.length + k].map(value => value !== 'error' && value !== null && Number(value) !== 0)
    t.same(ours.selected(parseQgisFilter(text), { scaleDenominator: scale }), wants, text)
  }
  for (const [k, text] of conditions.entries()) {
    const wants = answers[values.length + filters.length + k].map(value => value !== null && value !== 'error' && Number(value) !== 0)
    t.same(ours.selected(parseQgisFilter(text)), wants, text)
  }
})

t.test('what cannot be read says why', async t => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /value/],
    ['1 +', /value/],
    ['(1', /closing bracket/],
    ['1 2', /operator/],
    ["'open", /cannot be read/],
    ['case when 1 then 2', /END/],
    ['case else 1 end', /WHEN/],
    ['array(1)[0]', /array/],
    ['"a"[0]', /list/],
    ['ramp_color(1, 2)', /ramp_color/],
    ['@layer_name', /@layer_name/],
    ['$id', /\$id/],
    ["a ~ '(?=b)'", /regular expression/],
    ['a like b', /computed/],
    ['upper(1, 2)', /arguments/],
    ['constructor(1)', /constructor/],
    ['@constructor', /constructor/],
    ['('.repeat(1000), /deeper/],
    [`${'2^'.repeat(1000)}2`, /deeper/],
    ['x'.repeat(30_000), /longer/],
    ['a and', /value/],
    [`a${' = b'.repeat(1000)}`, /more than/],
    [`a${' is b'.repeat(1000)}`, /more than/],
    ['min(1, 2, 3, 4, 5)', /min/],
    ['and', /and/],
    [`1${' + 1'.repeat(4_000)}`, /deeper/],
  ]
  for (const [text, message] of cases) t.throws(() => parseQgisFilter(text), { name: 'FilterError', message }, text.slice(0, 40))
  t.same(parseQgisExpression(`${'- '.repeat(9_000)}1`), { kind: 'literal', value: 1 }, 'signs are no levels')
  const heard: string[] = []
  t.same(
    parseQgisExpression('wordwrap("a", 5)', message => heard.push(message)),
    { kind: 'property', name: 'a' },
  )
  t.match(heard, [/wordwrap/])
})
