/** What counts as a number in a text: decimal, at most 100 digits on either side, an exponent of two digits at most, so that any database can cast it. */
export const numberPattern = '^[ \\t\\r\\n]*[+-]?([0-9]{1,100}([.][0-9]{0,100})?|[.][0-9]{1,100})([eE][+-]?[0-9]{1,2})?[ \\t\\r\\n]*$'
const isNumeric = new RegExp(numberPattern)

/** The number that a text spells; null when it is none. */
export function numberOfText(text: string): number | null {
  return isNumeric.test(text) ? Number(text) : null
}

/** The exact decimal that a text spells, without spaces; null when it is none. */
export function decimalOfText(text: string): string | null {
  return isNumeric.test(text) ? text.trim() : null
}

/** A number as it is stored, exact: integers as numbers or bigints, `numeric` as text. */
export type Exact = number | bigint | string

/** The order of two exact numbers. Not-a-number equals itself and is greater than all others, as PostgreSQL has it. */
export function compareExact(a: Exact, b: Exact): number {
  const order = compareDoubles(Number(a), Number(b))
  // Rounding never changes an order, but it may make equal what is not.
  if (order !== 0 || (typeof a === 'number' && typeof b === 'number') || a === b) return order
  return Number.isFinite(Number(a)) ? compareDecimals(String(a), String(b)) : 0
}

/** The order of two doubles. Not-a-number equals itself and is greater than all others, as PostgreSQL has it. */
export function compareDoubles(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1
}

function compareDecimals(a: string, b: string): number {
  const [x, y] = [decimalParts(a), decimalParts(b)]
  const scale = Math.max(x.scale, y.scale)
  const [m, n] = [x.digits * 10n ** BigInt(scale - x.scale), y.digits * 10n ** BigInt(scale - y.scale)]
  return m < n ? -1 : m > n ? 1 : 0
}

/** `digits / 10^scale` */
function decimalParts(text: string): { readonly digits: bigint; readonly scale: number } {
  const [mantissa, exponent = '0'] = text.trim().toLowerCase().split('e')
  const [whole, fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const digits = BigInt(`${whole}${fraction}` || '0')
  return { digits: mantissa.startsWith('-') ? -digits : digits, scale: fraction.length - Number(exponent) }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', '1', 'yes'].map(word => [word, true] as const),
  ...['false', 'f', '0', 'no'].map(word => [word, false] as const),
])

/** The boolean that a text spells, in any case; null when it is none. */
export function booleanOfText(text: string): boolean | null {
  return text.length > 20 ? null : (booleans.get(text.trim().toLowerCase()) ?? null)
}
