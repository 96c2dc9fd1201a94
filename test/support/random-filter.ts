import type { Expression, Scalar } from '#filters/expression.js'
import type { Comparison, Filter, LikePart, ListLiteral, ListOperand } from '#filters/filter.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { pick, seededInteger } from './seeded.js'

type Random = () => number

/** Columns of the table that random filters are asked of, by what can be done with them. */
export interface FilterColumns {
  readonly texts: readonly string[]
  readonly numbers: readonly string[]
  readonly others: readonly string[]
  readonly geometry: string
  /** A second geometry, in the same system. */
  readonly otherGeometry?: string
  /** Columns of lists. */
  readonly lists?: readonly string[]
  /** Boxes are not asked for. */
  readonly isWithoutBoxes?: boolean
}

export const words = [
  'Évêché',
  'évêché',
  'Eveche',
  'a',
  'B',
  'É',
  'été',
  'ß',
  'Ñandú',
  'ﬁn',
  '𝒜b',
  '～',
  '',
  ' ',
  '50%',
  'a_b',
  'x\\y',
  "l'été",
  '12',
  '4.0',
  ' 7 ',
  '-3e2',
  'NaN',
  'true',
]
const numbers = [
  '0',
  '4',
  '4.0',
  '-3',
  '+12',
  '.5',
  '1e2',
  '7.25',
  '0.1',
  ' 4 ',
  'quatre',
  '',
  'NaN',
  'Infinity',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '123456789.000000001',
  '1e99',
]
const others = [
  '2024-02-29',
  '2024-02-29T12:34:56.789Z',
  '2024-02-29T13:34:56.789+01:00',
  '2024-03-01 00:00',
  '2024-02-30',
  '0044-03-15',
  '2024',
  'true',
  'F',
  '1',
  '0',
  'oui',
  '12:34:56',
  '12:34',
  '08:00:00.5',
  '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  '6F9619FF-8B86-D011-B42D-00C04FC964FF',
  '6f',
  '{"a": 1}',
  'infinity',
]
const operators: readonly Comparison['operator'][] = ['=', '<>', '<', '<=', '>', '>=']

/** A random filter; about one in three composed. */
export function randomFilter(random: Random, columns: FilterColumns, depth = 0): Filter {
  const chance = random()
  const inner = () => randomFilter(random, columns, depth + 1)
  const some = () => Array.from({ length: seededInteger(random, 0, 3) }, inner)
  if (depth < 3 && chance < 0.12) return { kind: 'and', all: some() }
  if (depth < 3 && chance < 0.24) return { kind: 'or', any: some() }
  if (depth < 3 && chance < 0.32) return { kind: 'not', filter: inner() }
  if (columns.lists && chance < 0.42 && random() < 0.5) return randomLists(random, columns.lists, columns)
  if (chance < 0.42) return randomSpatial(random, columns)
  if (chance < 0.47)
    return { kind: 'isNull', operand: pick(random, [operand(random, columns), { kind: 'property', name: columns.geometry }]) }
  if (chance < 0.57) return { kind: 'like', operand: operand(random, columns), pattern: randomPattern(random), ...ignoring(random) }
  if (chance < 0.63) {
    const left = operand(random, columns)
    return { kind: 'between', operand: left, lower: against(random, left, columns), upper: against(random, left, columns) }
  }
  if (chance < 0.7) {
    const left = operand(random, columns)
    return { kind: 'in', operand: left, values: Array.from({ length: seededInteger(random, 0, 5) }, () => against(random, left, columns)) }
  }
  const [left, operator] = [operand(random, columns), pick(random, operators)]
  const pair = [left, against(random, left, columns)]
  const [a, b] = random() < 0.2 ? pair.reverse() : pair
  return { kind: 'compare', operator, left: a!, right: b!, ...ignoring(random) }
}

const ignoring = (random: Random) => (random() < 0.3 ? { ignoresCase: true } : {})

const property = (name: string): Expression => ({ kind: 'property', name })
const literal = (value: Scalar): Expression => ({ kind: 'literal', value })

function operand(random: Random, columns: FilterColumns, depth = 0): Expression {
  const chance = random()
  if (depth > 2 || chance < 0.75) return property(pick(random, [...columns.texts, ...columns.numbers, ...columns.others]))
  const number = () =>
    random() < 0.7
      ? property(pick(random, columns.numbers))
      : random() < 0.6
        ? literal(pick(random, [2, 0, '3', 'x', 0.1]))
        : property(pick(random, columns.texts))
  const text = () => (random() < 0.7 ? property(pick(random, columns.texts)) : literal(pick(random, words)))
  const call = (name: string, ...args: Expression[]): Expression => ({ kind: 'call', name, args })
  switch (seededInteger(random, 0, 11)) {
    case 0:
      return call(pick(random, ['Add', 'Sub', 'Mul', 'Div', '%', 'intdiv']), number(), number())
    case 1:
      return call(pick(random, ['abs', 'floor', 'ceil', 'sqrt', 'round']), number())
    case 2:
      return call(pick(random, ['strToLowerCase', 'upper', 'strTrim', 'casei', 'accenti']), text())
    case 3:
      return call('strLength', text())
    case 4:
      return call('concat', text(), text(), property(pick(random, columns.others)))
    case 5:
      return call('replace', text(), literal(pick(random, ['é', 'a', '', '%'])), text())
    case 6:
      return call('coalesce', text(), text())
    case 7:
      return call('if_then_else', call('isNull', text()), text(), number())
    case 8:
      return { kind: 'choice', cases: [{ when: randomFilter(random, columns, 3), value: number() }], otherwise: number() }
    case 9:
      return {
        kind: 'recode',
        input: operand(random, columns, depth + 1),
        entries: [
          ['12', literal('douze')],
          [4, text()],
        ],
        otherwise: text(),
      }
    case 10:
      return {
        kind: 'step',
        input: number(),
        first: literal('bas'),
        steps: [
          [0, literal('moyen')],
          [5, text()],
        ],
        isUpTo: random() < 0.5,
      }
    default:
      return {
        kind: 'interpolation',
        input: number(),
        stops: [
          [0, literal(1)],
          [10, literal(5)],
        ],
        of: 'number',
      }
  }
}

/** Something to compare with `left`: mostly of its kind, sometimes not. */
function against(random: Random, left: Expression, columns: FilterColumns): Expression {
  if (random() < 0.1) return literal(pick(random, [null, 4, 4.5, true, 0, false]))
  if (random() < 0.15) return operand(random, columns)
  const name = left.kind === 'property' ? left.name : ''
  const list = columns.texts.includes(name)
    ? words
    : columns.numbers.includes(name)
      ? numbers
      : columns.others.includes(name)
        ? others
        : [...words, ...numbers]
  return literal(pick(random, random() < 0.9 ? list : [...words, ...numbers, ...others]))
}

function randomPattern(random: Random): LikePart[] {
  return Array.from({ length: seededInteger(random, 0, 4) }, () =>
    pick<LikePart>(random, [{ any: 'many' }, { any: 'many' }, { any: 'one' }, 'é', 'v', 'E', 'a', '%', '_', '\\', '4', ' ', '𝒜', '-']),
  )
}

const relations = ['intersects', 'disjoint', 'equals', 'touches', 'crosses', 'within', 'contains', 'overlaps'] as const
const listed: readonly Scalar[] = ['a', 'été', 'B', '', 'NULL', 'x,y', '"', '\\', '{', 'é', '4', 4, 12, -3, 4.5, 32768, true, false]

/** Two lists, one of them a column at least. */
function randomLists(random: Random, lists: readonly string[], columns: FilterColumns): Filter {
  const written = (): ListOperand => {
    const pool = pick(random, [listed, listed.filter(one => typeof one === 'string'), [4, 12, -3, 32768]])
    const item = (): Expression | ListLiteral => {
      const chance = random()
      if (chance < 0.03) return { kind: 'list', items: [literal(pick(random, listed))] }
      if (chance < 0.06) return property(pick(random, columns.texts))
      if (chance < 0.09) return { kind: 'literal', value: pick(random, ['2024-02-29', '2024-03-01']), type: 'date' }
      return literal(pick(random, pool))
    }
    return { kind: 'list', items: Array.from({ length: seededInteger(random, 0, 3) }, item) }
  }
  const column = (): ListOperand => ({ kind: 'property', name: pick(random, lists) })
  const sides = [column(), random() < 0.25 ? column() : written()]
  const [left, right] = random() < 0.5 ? sides : sides.reverse()
  return { kind: 'lists', operator: pick(random, ['equals', 'contains', 'within', 'overlaps'] as const), left: left!, right: right! }
}

function randomSpatial(random: Random, { geometry, otherGeometry, isWithoutBoxes }: FilterColumns): Filter {
  const wkb = writeEwkb(gridGeometry(random))
  const chance = random()
  if (otherGeometry && random() < 0.4) {
    const operator = pick(random, relations)
    if (random() < 0.2)
      return { kind: 'geometries', operator, left: { kind: 'literal', geometry: { wkb } }, right: { kind: 'literal', geometry: { wkb: writeEwkb(gridGeometry(random)) } } } // biome-ignore format: short
    const [left, right] = random() < 0.5 ? [geometry, otherGeometry] : [otherGeometry, geometry]
    return { kind: 'geometries', operator, left: { kind: 'property', name: left }, right: { kind: 'property', name: right } }
  }
  if (chance < 0.15 && !isWithoutBoxes) {
    const [x, y] = [seededInteger(random, -1, 9), seededInteger(random, -1, 9)]
    return { kind: 'bbox', property: geometry, bbox: [x, y, x + seededInteger(random, 0, 5), y + seededInteger(random, 0, 5)] }
  }
  if (chance < 0.35) {
    const stretch = random() < 0.3 ? { stretch: [0.5, 2] as const } : {}
    return {
      kind: 'distance',
      operator: pick(random, ['within', 'beyond']),
      property: geometry,
      geometry: { wkb },
      distance: pick(random, [0, 0.75, 1.7, 3.3]),
      ...stretch,
    }
  }
  const operator = pick(random, relations)
  return { kind: 'spatial', operator, property: geometry, geometry: { wkb } }
}

/** A valid geometry with corners on a small grid, so that borders and corners meet often; never empty. */
export function gridGeometry(random: Random): Geometry {
  const dimensions = 'xy'
  const [x, y] = [seededInteger(random, 0, 8), seededInteger(random, 0, 8)]
  const point = (dx = 0, dy = 0): Geometry => ({ kind: 'Point', dimensions, coordinates: Float64Array.of(x + dx, y + dy) })
  // Slopes of one, so that crossings have exact coordinates and no two versions of GEOS differ about them.
  const line = (dx: number): Geometry => ({
    kind: 'LineString',
    dimensions,
    coordinates: dx ? Float64Array.of(x, y, x + dx, y + dx, x + 2 * dx, y) : Float64Array.of(x, y, x, y + 2, x + 1, y + 2),
  })
  const box = (at: number, size: number, hole = 0): Geometry => {
    const ring = (from: number, side: number) =>
      Float64Array.of(
        x + from,
        y + from,
        x + from + side,
        y + from,
        x + from + side,
        y + from + side,
        x + from,
        y + from + side,
        x + from,
        y + from,
      )
    return { kind: 'Polygon', dimensions, rings: hole ? [ring(at, size), ring(at + 1, hole)] : [ring(at, size)] }
  }
  switch (seededInteger(random, 0, 8)) {
    case 0:
    case 1:
      return point()
    case 2:
      return line(seededInteger(random, 0, 3))
    case 3:
    case 4:
      return box(0, seededInteger(random, 1, 4))
    case 5:
      return box(0, 4, seededInteger(random, 1, 2))
    case 6:
      return { kind: 'MultiPolygon', dimensions, parts: [box(0, 1), box(2, 2)] }
    case 7:
      return { kind: 'MultiPoint', dimensions, parts: [point(), point(1, 2)] }
    default:
      return { kind: 'MultiLineString', dimensions, parts: [line(0), line(2)] }
  }
}

/** A geometry that is not valid. */
export function invalidGeometry(random: Random): Geometry {
  const dimensions = 'xy'
  const [x, y] = [seededInteger(random, 0, 7), seededInteger(random, 0, 7)]
  const at = (...offsets: number[]) => Float64Array.from(offsets, (offset, i) => offset + (i % 2 ? y : x))
  const polygon = (...offsets: number[]): Geometry => ({ kind: 'Polygon', dimensions, rings: [at(...offsets)] })
  if (random() < 0.5) return polygon(0, 0, 4, 4, 4, 0, 0, 4, 0, 0)
  const parts = [polygon(0, 0, 3, 0, 3, 3, 0, 3, 0, 0), polygon(1, 1, 4, 1, 4, 4, 1, 4, 1, 1)]
  return { kind: 'MultiPolygon', dimensions, parts }
}
