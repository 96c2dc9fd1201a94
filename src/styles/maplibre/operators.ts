import type { Expression } from '#filters/expression.js'
import { UnreadPart } from '../unread-part.js'

/** As many arguments as a function of our table takes. */
export const any = 1000

/** Operators of MapLibre that are functions of our table (`filters/functions/`): its name there, and how many arguments it takes here. */
export const plainCalls: Readonly<Record<string, { readonly name: string; readonly least: number; readonly most: number }>> = Object.assign(
  Object.create(null),
  {
    '+': { name: '+', least: 1, most: any },
    '*': { name: '*', least: 1, most: any },
    '-': { name: '-', least: 1, most: 2 },
    '/': { name: '/', least: 2, most: 2 },
    '%': { name: '%', least: 2, most: 2 },
    '^': { name: '^', least: 2, most: 2 },
    min: { name: 'min', least: 1, most: any },
    max: { name: 'max', least: 1, most: any },
    'index-of': { name: 'index-of', least: 2, most: 2 },
    slice: { name: 'slice', least: 2, most: 3 },
    length: { name: 'strLength', least: 1, most: 1 },
    upcase: { name: 'upper', least: 1, most: 1 },
    downcase: { name: 'lower', least: 1, most: 1 },
    ...Object.fromEntries(
      'sqrt log10 ln log2 sin cos tan asin acos atan round abs ceil floor'.split(' ').map(name => [name, { name, least: 1, most: 1 }]),
    ),
  },
)

/** `rgb(…)` of numbers that are literals, as CSS has it. */
export function constantColor(form: 'rgb' | 'rgba', args: readonly Expression[]): string {
  const channels = args.map(arg => (arg.kind === 'literal' && typeof arg.value === 'number' ? arg.value : undefined))
  if (channels.includes(undefined) || channels.length !== form.length) throw new UnreadPart(`${form} of values that are computed`)
  return `${form}(${channels.join(',')})`
}

/** Options of `number-format` as a pattern and the signs of their language. */
export function numberPattern(options: unknown): { pattern: string; point: string; separator: string } {
  const {
    locale = 'en',
    'min-fraction-digits': least = 0,
    'max-fraction-digits': most = 3,
    ...rest
  } = (options ?? {}) as Record<string, unknown>
  const digits = (value: unknown) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 20) return value
    throw new UnreadPart('number-format with digits that are computed')
  }
  if (Object.keys(rest).length > 0) throw new UnreadPart(`number-format with ${Object.keys(rest).join(', ').slice(0, 60)}`)
  const [low, high] = [digits(least), Math.max(digits(least), digits(most))]
  const parts = signsOf(String(locale))
  const sign = (type: string, otherwise: string) => parts.find(part => part.type === type)?.value ?? otherwise
  const fraction = high > 0 ? `.${'0'.repeat(low)}${'#'.repeat(high - low)}` : ''
  return { pattern: `#,##0${fraction}`, point: sign('decimal', '.'), separator: sign('group', ',') }
}

function signsOf(locale: string): Intl.NumberFormatPart[] {
  try {
    return new Intl.NumberFormat(locale).formatToParts(-1_234_567.5)
  } catch {
    throw new UnreadPart(`number-format in the language ${locale.slice(0, 40)}`)
  }
}
