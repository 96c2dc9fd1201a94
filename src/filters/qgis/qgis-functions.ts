import type { Expression, Scalar } from '../expression.js'
import { FilterError } from '../filter-error.js'
import { asTruth, asValue, ofTruth, ofValue, type Part } from '../parts.js'

/** Functions that are those of our table (`filters/functions/`): the name there, and how many arguments they take. */
const plain: Readonly<Record<string, readonly [name: string, least: number, most: number]>> = Object.assign(Object.create(null), {
  upper: ['upper', 1, 1],
  lower: ['lower', 1, 1],
  title: ['strCapitalize', 1, 1],
  trim: ['trim', 1, 1],
  ltrim: ['ltrim', 1, 2],
  rtrim: ['rtrim', 1, 2],
  char_length: ['strLength', 1, 1],
  left: ['left', 2, 2],
  right: ['right', 2, 2],
  replace: ['replace', 3, 3],
  strpos: ['strpos', 2, 2],
  lpad: ['lpad', 3, 3],
  rpad: ['rpad', 3, 3],
  concat: ['concat', 1, 100],
  coalesce: ['coalesce', 1, 100],
  nullif: ['nullif', 2, 2],
  to_string: ['to_string', 1, 1],
  to_int: ['parseInt', 1, 1],
  to_real: ['parseDouble', 1, 1],
  round: ['round', 1, 2],
  floor: ['floor', 1, 1],
  ceil: ['ceil', 1, 1],
  abs: ['abs', 1, 1],
  sqrt: ['sqrt', 1, 1],
  ln: ['ln', 1, 1],
  log10: ['log10', 1, 1],
  log: ['log', 2, 2],
  exp: ['exp', 1, 1],
  sin: ['sin', 1, 1],
  cos: ['cos', 1, 1],
  tan: ['tan', 1, 1],
  asin: ['asin', 1, 1],
  acos: ['acos', 1, 1],
  atan: ['atan', 1, 1],
  atan2: ['atan2', 2, 2],
  degrees: ['toDegrees', 1, 1],
  radians: ['toRadians', 1, 1],
  pi: ['pi', 0, 0],
  clamp: ['clamp', 3, 3],
  format_number: ['format_number', 1, 2],
  format_date: ['format_date', 2, 3],
  area: ['area', 1, 1],
  perimeter: ['perimeter', 1, 1],
  num_points: ['numPoints', 1, 1],
  is_empty: ['isEmpty', 1, 1],
  x: ['getX', 1, 1],
  y: ['getY', 1, 1],
})

const geometry: Expression = { kind: 'property', name: '' }
const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: 'call', name, args })
const literal = (value: Scalar): Expression => ({ kind: 'literal', value })

/** Names beginning with `$`, of functions without brackets. */
const special: Readonly<Record<string, Expression>> = Object.assign(Object.create(null), {
  $geometry: geometry,
  $area: call('area', geometry),
  $length: call('geomLength', geometry),
  $perimeter: call('perimeter', geometry),
  $x: call('getX', geometry),
  $y: call('getY', geometry),
  $pi: literal(Math.PI),
  $scale: { kind: 'environment', name: 'scaleDenominator' },
})

const variables: Readonly<Record<string, Expression>> = Object.assign(Object.create(null), {
  geometry,
  map_scale: { kind: 'environment', name: 'scaleDenominator' },
  // QGIS counts zooms by tiles of 256 pixels.
  zoom_level: call('+', { kind: 'environment', name: 'zoom' }, literal(1)),
  cluster_size: { kind: 'property', name: 'count' },
})

/** The value of a name that begins with `$`. Throws FilterError. */
export function specialValue(name: string): Part {
  return ofValue(special[name.toLowerCase()] ?? unsupported(`${name.slice(0, 40)} has no counterpart`))
}

/** The value of a variable, its name without `@`. Throws FilterError. */
export function variableValue(name: string): Part {
  return ofValue(variables[name] ?? unsupported(`The variable @${name.slice(0, 40)} has no counterpart`))
}

/** The value of a function. Throws FilterError for what has no counterpart. */
export function callValue(asked: string, args: readonly Part[], note: (message: string) => void): Part {
  const name = asked.toLowerCase()
  const values = () => args.map(asValue)
  const known = plain[name]
  if (known) {
    const [ours, least, most] = known
    if (args.length < least || args.length > most) malformed(`${asked} has ${args.length} arguments`)
    return ofValue(call(ours, ...values()))
  }
  switch (name) {
    case 'if': {
      if (args.length !== 3) malformed(`if has ${args.length} arguments`)
      return ofValue({ kind: 'choice', cases: [{ when: asTruth(args[0]), value: asValue(args[1]) }], otherwise: asValue(args[2]) })
    }
    case 'try':
      return ofValue(args.length > 1 ? call('coalesce', ...values()) : asValue(args[0] ?? malformed('try has no arguments')))
    case 'length': {
      const [value] = values()
      return ofValue(
        call(value?.kind === 'property' && value.name === '' ? 'geomLength' : 'strLength', value ?? malformed('length has no arguments')),
      )
    }
    case 'substr': {
      if (args.length < 2 || args.length > 3) malformed(`substr has ${args.length} arguments`)
      const [text, start, count] = values()
      const rest = call('slice', text, fromOfStart(start))
      return ofValue(count ? call('slice', rest, literal(0), count) : rest)
    }
    case 'attribute': {
      const last = values().at(-1)
      if (last?.kind === 'literal' && typeof last.value === 'string') return ofValue({ kind: 'property', name: last.value })
      return unsupported('attribute of a name that is computed')
    }
    case 'scale_linear':
    case 'scale_exp':
    case 'scale_polynomial':
      return ofValue(scaled(values()))
    case 'color_rgb':
    case 'color_rgba':
      return ofValue(color(values()))
    case 'wordwrap':
      note('wordwrap: lines are not broken by the expression')
      return args[0] ?? malformed('wordwrap has no arguments')
    case 'min':
    case 'max':
      if (args.length === 0) malformed(`${asked} has no arguments`)
      if (args.length > 4) unsupported(`${asked} of more than 4 values has no counterpart`)
      // Nulls are left out, where those of our table make all null.
      return ofValue(values().reduce((a, b) => call('coalesce', call(name, a, b), a, b)))
    case 'is_selected':
      return ofTruth({ kind: 'constant', value: false })
    case 'isnull':
      return ofTruth({ kind: 'isNull', operand: values()[0] ?? malformed('isnull has no arguments') })
    default:
      return unsupported(`The function ${asked.slice(0, 40)} has no counterpart`)
  }
}

/** Places count from 1, and from the end where they are negative; 0 is 1. `slice` counts from 0. */
function fromOfStart(start: Expression): Expression {
  if (start.kind === 'literal') return Number(start.value) > 0 ? literal(Number(start.value) - 1) : start
  const isPositive = { kind: 'compare', operator: '>', left: start, right: literal(0) } as const
  return { kind: 'choice', cases: [{ when: isPositive, value: call('-', start, literal(1)) }], otherwise: start }
}

/** From one range to another, along a power where there is a sixth argument; beyond the ends it stays. */
function scaled(args: readonly Expression[]): Expression {
  const numbers = args.slice(1).map(arg => (arg.kind === 'literal' && typeof arg.value === 'number' ? arg.value : Number.NaN))
  const [from, to, low, high, power = 1] = numbers
  if (args.length < 5 || numbers.some(Number.isNaN) || !(from < to))
    return unsupported('A scale whose range is computed has no counterpart')
  const between = (least: number, most: number): Expression => ({
    kind: 'interpolation',
    input: args[0],
    of: 'number',
    stops: [
      [from, literal(least)],
      [to, literal(most)],
    ],
  })
  return power === 1
    ? between(low, high)
    : call('+', literal(low), call('*', literal(high - low), call('^', between(0, 1), literal(power))))
}

function color(args: readonly Expression[]): Expression {
  const numbers = args.map(arg => (arg.kind === 'literal' && typeof arg.value === 'number' ? arg.value : Number.NaN))
  if (numbers.some(Number.isNaN) || numbers.length < 3) return unsupported('A colour of channels that are computed has no counterpart')
  return literal(numbers.map(channel => Math.round(Math.min(255, Math.max(0, channel)))).join(','))
}

/** Throws FilterError. */
export function unsupported(message: string): never {
  throw new FilterError('unsupported', `${message}.`)
}

/** Throws FilterError. */
export function malformed(message: string): never {
  throw new FilterError('malformed', `${message}.`)
}
