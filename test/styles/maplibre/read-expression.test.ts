import { createExpression, featureFilter, latest } from '@maplibre/maplibre-gl-style-spec'
import t from 'tap'
import { splitColor } from '#styles/color-value.js'
import { readExpression, type Wanted } from '#styles/maplibre/read-expression.js'
import { readFilter } from '#styles/maplibre/read-filter.js'
import { UnreadPart } from '#styles/unread-part.js'
import { type Row, rowEvaluator } from '../../support/evaluate-rows.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const random = seeded(26)
const words = ['motorway', 'street', 'Path', 'été', '', 'a-b']
const maybe = <T>(value: () => T): T | null => (random() < 0.15 ? null : value())
const rows: Row[] = Array.from({ length: 60 }, () => ({
  class: maybe(() => pick(random, words)),
  name: maybe(() => pick(random, ['Rue de l’Église', 'A 7', 'x', 'Place'])),
  rank: maybe(() => seededInteger(random, -4, 12)),
  height: maybe(() => Math.round(random() * 4000) / 100),
  open: maybe(() => random() < 0.5),
}))
const ours = rowEvaluator(rows)

/** The features as MapLibre's own evaluation takes them: without the properties that are null. */
const features = rows.map((row, id) => ({
  type: 'Point' as const,
  id,
  geometry: [[{ x: 1, y: 2 }]],
  properties: Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
}))

const types = { number: latest.paint_line['line-width'], color: latest.paint_fill['fill-color'], text: latest.layout_symbol['text-field'] }

/** By MapLibre's own evaluation; undefined where it is an error of the feature. */
function theirs(json: unknown, wanted: Wanted, zoom: number): unknown[] {
  const compiled = createExpression(json as string[], 'layers[0].paint', {
    ...types[wanted],
    type: wanted === 'text' ? 'string' : wanted,
  } as never)
  if (compiled.result === 'error') throw new Error(compiled.value.map(error => error.message).join('; '))
  return features.map(feature => {
    try {
      const value = compiled.value.evaluateWithoutErrorHandling({ zoom }, feature as never)
      return wanted === 'color' && value ? channels(value.rgb as number[]) : value
    } catch {
      return undefined
    }
  })
}

const channels = ([r, g, b, a]: readonly number[]) => [r, g, b].map(one => Math.round(255 * one)).concat(Math.round(a * 100))

const expressions: readonly (readonly [Wanted, unknown])[] = [
  ['number', ['get', 'height']],
  ['number', ['+', ['get', 'height'], ['*', 2, ['get', 'rank']], 1]],
  ['number', ['-', ['get', 'rank']]],
  ['number', ['/', ['get', 'height'], 7]],
  ['number', ['%', ['get', 'rank'], 5]],
  ['number', ['^', 1.1, ['get', 'rank']]],
  ['number', ['sqrt', ['get', 'height']]],
  ['number', ['ln', ['+', 1, ['get', 'height']]]],
  ['number', ['log2', ['+', 1, ['get', 'height']]]],
  ['number', ['floor', ['get', 'height']]],
  ['number', ['round', ['get', 'height']]],
  ['number', ['min', 3, ['get', 'rank'], ['get', 'height']]],
  ['number', ['max', 3, ['abs', ['get', 'rank']]]],
  ['number', ['*', ['pi'], ['e'], ['ln2']]],
  ['number', ['coalesce', ['get', 'rank'], ['get', 'height'], -1]],
  ['number', ['to-number', ['get', 'height']]],
  ['number', ['length', ['get', 'name']]],
  ['number', ['index-of', 'e', ['get', 'name']]],
  ['number', ['match', ['get', 'class'], 'motorway', 5, ['street', 'Path'], ['get', 'height'], 1]],
  ['number', ['match', ['get', 'rank'], [1, 2, 3], 5, 4, 6, 0]],
  ['number', ['case', ['has', 'class'], 1, ['>', ['get', 'height'], 20], 2, 3]],
  ['number', ['step', ['get', 'height'], 1, 10, 2, 20, 3, 30, 4]],
  ['number', ['interpolate', ['linear'], ['get', 'height'], 0, 1, 10, 5, 40, 6]],
  ['number', ['interpolate', ['exponential', 1.6], ['get', 'height'], 0, 1, 10, 5, 40, 60]],
  ['number', ['interpolate', ['exponential', 1.2], ['zoom'], 5, 0.4, 6, 0.6, 7, 1.5, 20, 22]],
  ['number', ['interpolate', ['linear'], ['zoom'], 5, ['number', ['get', 'height']], 15, ['*', 2, ['get', 'height']]]],
  ['number', ['let', 'h', ['get', 'height'], ['+', ['var', 'h'], ['*', ['var', 'h'], ['var', 'h']]]]],
  ['text', ['concat', ['get', 'name'], ' (', ['get', 'rank'], ')']],
  ['text', ['upcase', ['get', 'name']]],
  ['text', ['downcase', ['get', 'class']]],
  ['text', ['slice', ['get', 'name'], 1, 3]],
  ['text', ['slice', ['get', 'name'], -2]],
  ['text', ['to-string', ['get', 'open']]],
  ['text', ['number-format', ['*', 1000, ['get', 'height']], { 'min-fraction-digits': 1, 'max-fraction-digits': 2 }]],
  ['text', ['number-format', ['*', 1000, ['get', 'height']], { locale: 'de' }]],
  ['text', ['geometry-type']],
  ['text', ['case', ['boolean', ['get', 'open'], false], 'open', 'closed']],
  ['color', ['match', ['get', 'class'], 'motorway', '#f00', 'street', 'hsl(120, 50%, 40%)', 'Path', 'rgba(10, 20, 30, 0.5)', 'tan']],
  ['color', ['interpolate', ['linear'], ['get', 'height'], 0, 'white', 40, '#123456']],
  ['color', ['case', ['has', 'rank'], ['rgb', 10, 20, 30], ['rgba', 40, 50, 60, 0.25]]],
  ['color', ['step', ['zoom'], 'red', 8, 'hsla(200 100% 50% / 30%)', 12, '#0f08']],
]

const zoom = 9.3

/** Ours, the colour with its opacity. */
function read(wanted: Wanted, json: unknown): unknown[] {
  const expression = readExpression(json, wanted)
  if (wanted !== 'color') return ours.values(expression, { zoom })
  const { color, opacity } = splitColor(expression)
  const opacities = typeof opacity === 'number' ? rows.map(() => opacity) : ours.values(opacity as never, { zoom })
  const colors = typeof color === 'string' ? rows.map(() => color) : ours.values(color as never, { zoom })
  return colors.map((text, i) =>
    [1, 3, 5].map(at => Number.parseInt(String(text).slice(at, at + 2), 16)).concat(Math.round(Number(opacities[i]) * 100)),
  )
}

/** What is an error there falls back on the default of the property, and is null here; a transparent colour has no channels there. */
function isSame(mine: unknown, want: unknown, wanted: Wanted): boolean {
  if (want === undefined || want === null || (wanted === 'color' && Array.isArray(want) && want[3] === 0)) return true
  if (typeof want === 'number') return Math.abs(Number(mine) - want) <= 1e-9 * Math.max(1, Math.abs(want))
  return Array.isArray(want) ? want.every((channel, k) => Math.abs(channel - (mine as number[])[k]) <= 1) : mine === want
}

t.test('expressions are worth what MapLibre says they are', async t => {
  for (const [wanted, json] of expressions) {
    const [mine, wants] = [read(wanted, json), theirs(json, wanted, zoom)]
    const wrong = rows.flatMap((row, i) => (isSame(mine[i], wants[i], wanted) ? [] : [`${JSON.stringify(row)}: ${mine[i]} is ${wants[i]}`]))
    t.same(wrong, [], JSON.stringify(json))
    t.ok(
      wants.some(want => want !== undefined && want !== null),
      `${JSON.stringify(json)} is worth something there`,
    )
  }
})

const eased = ['interpolate', ['cubic-bezier', 0.42, 0, 0.58, 1], ['get', 'height'], 0, 0, 40, 100]
t.test('a curve is followed to one in a hundred', async t => {
  const [mine, wants] = [read('number', eased), theirs(eased, 'number', zoom)]
  for (const [i, want] of wants.entries())
    if (typeof want === 'number') t.ok(Math.abs(Number(mine[i]) - want) < 1, `${mine[i]} is nearly ${want}`)
})

const filters: readonly unknown[] = [
  ['==', 'class', 'street'],
  ['!=', 'class', 'street'],
  ['>', 'rank', 3],
  ['<=', 'height', 20],
  ['in', 'class', 'street', 'motorway'],
  ['!in', 'class', 'street', 'motorway'],
  ['has', 'rank'],
  ['!has', 'rank'],
  ['==', '$type', 'Point'],
  ['in', '$type', 'LineString', 'Polygon'],
  ['!=', '$type', 'Polygon'],
  ['in', '$id', 1, 2, 30],
  ['all', ['==', '$type', 'Point'], ['all', ['!in', 'class', 'street'], ['==', 'open', true]]],
  ['any', ['==', 'class', 'street'], ['>', 'rank', 5], ['!has', 'name']],
  ['none', ['==', 'class', 'street'], ['>', 'rank', 5]],
  ['none', ['all', ['has', 'rank'], ['<', 'height', 20]], ['any', ['==', 'open', false]]],
  ['==', ['get', 'class'], 'street'],
  ['!', ['==', ['get', 'class'], 'street']],
  ['!=', ['get', 'open'], true],
  ['==', ['get', 'class'], ['get', 'name']],
  ['all', ['has', 'height'], ['>', ['get', 'height'], 20], ['!', ['has', 'rank']]],
  ['!', ['any', ['==', ['get', 'class'], 'street'], ['==', ['get', 'open'], true]]],
  ['match', ['get', 'class'], ['street', 'Path'], true, false],
  ['match', ['get', 'class'], 'street', false, true],
  ['!', ['match', ['get', 'rank'], [1, 2, 3], true, false]],
  ['in', ['get', 'class'], ['literal', ['street', 'été']]],
  ['!', ['in', ['get', 'class'], ['literal', ['street', 'été']]]],
  ['in', 'e', ['coalesce', ['get', 'name'], '']],
  ['to-boolean', ['get', 'class']],
  ['!', ['to-boolean', ['get', 'rank']]],
  ['case', ['has', 'rank'], ['>', ['get', 'rank'], 2], ['has', 'class'], true, false],
  ['==', ['geometry-type'], 'Point'],
  ['==', ['id'], 7],
  ['==', ['get', 'rank'], null],
  ['>=', ['zoom'], 9],
  ['>', ['coalesce', ['get', 'rank'], 0], ['/', ['coalesce', ['get', 'height'], 0], 4]],
]

t.test('filters choose the features MapLibre chooses', async t => {
  for (const json of filters) {
    const filter = featureFilter(json as never, 'layers[0].filter')
    const wants = features.map(feature => filter.filter({ zoom: 9 } as never, { ...feature, type: 1 } as never))
    t.same(ours.selected(readFilter(json), { zoom: 9 }), wants, JSON.stringify(json))
  }
})

const filterOperators = ['==', '!=', '<', '<=', '>', '>=', 'in', '!in', 'has', '!has']
function randomFilter(depth: number): unknown {
  if (depth > 0 && random() < 0.6)
    return [pick(random, ['all', 'any', 'none']), ...Array.from({ length: seededInteger(random, 1, 3) }, () => randomFilter(depth - 1))]
  const operator = pick(random, filterOperators)
  const [key, value] = random() < 0.5 ? ['class', () => pick(random, words)] : ['rank', () => seededInteger(random, -4, 12)]
  if (operator.endsWith('has')) return [operator, key]
  return [operator, key, ...Array.from({ length: operator.endsWith('in') ? 3 : 1 }, value as () => unknown)]
}

t.test('500 seeded filters of the older form choose the same features', async t => {
  for (let i = 0; i < 500; i++) {
    const json = randomFilter(3)
    const filter = featureFilter(json as never, 'layers[0].filter')
    const wants = features.map(feature => filter.filter({ zoom: 9 } as never, { ...feature, type: 1 } as never))
    t.same(ours.selected(readFilter(json)), wants, JSON.stringify(json))
  }
})

t.test('what has no counterpart says what it is', async t => {
  const doubled = (n: number): unknown => (n === 0 ? ['var', 'v'] : ['let', 'v', ['concat', ['var', 'v'], ['var', 'v']], doubled(n - 1)])
  const repeated = (n: number, around: (inner: unknown) => unknown): unknown => (n === 0 ? ['get', 'a'] : around(repeated(n - 1, around)))
  const nested = (n: number): unknown => (n === 0 ? 1 : ['+', 1, nested(n - 1)])
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [['feature-state', 'hover'], /feature-state/],
    [['nonsense', 1], /nonsense/],
    [['within', { type: 'Polygon' }], /within/],
    [['get', ['get', 'x']], /computed/],
    [['var', 'nothing'], /nothing/],
    [['interpolate', ['linear'], ['zoom'], 5, 1, 4, 2], /rise/],
    [['interpolate', ['linear'], ['zoom'], Number.NaN, 1], /not a number/],
    [Number.NaN, /finite/],
    [['match', ['get', 'x']], /match/],
    [['let', 'v', 'x', doubled(40)], /more than/],
    [nested(200), /deeper/],
    [repeated(20, inner => ['==', inner, ['get', 'b']]), /more than/],
    [repeated(50, inner => ['to-number', inner]), /more than/],
    [repeated(20, inner => ['to-boolean', inner]), /more than/],
    [{}, /object/],
    [['to-number'], /to-number with 0 arguments/],
    [['coalesce'], /coalesce with 0 arguments/],
    [['string'], /string with 0 arguments/],
    [['to-color'], /to-color with 0 arguments/],
    [['concat'], /concat with 0 arguments/],
    [['concat', ...Array.from({ length: 3 }, () => ['concat', ...Array.from({ length: 400 }, () => 'a')])], /text of more than 1000 parts/],
    [['min', ...Array.from({ length: 1001 }, () => 1)], /min with 1001 arguments/],
    [[1, 2], /operator/],
  ]
  for (const [json, message] of cases) {
    const error = (() => {
      try {
        readExpression(json, 'number')
        return undefined
      } catch (thrown) {
        return thrown as Error
      }
    })()
    t.ok(error instanceof UnreadPart, `${JSON.stringify(json).slice(0, 60)} is not read`)
    t.match(error?.message, message)
  }
})
