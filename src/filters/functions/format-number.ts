export interface NumberSigns {
  /** `.` when absent. */
  readonly point?: string
  /** Between groups of digits; `,` when absent. */
  readonly separator?: string
  /** The whole pattern of negative numbers; absent: a minus sign before the other one. */
  readonly negative?: string
}

/**
 * A number by a pattern as SE 1.1.0 (11.6.1.2) and Java have it: `#` a digit where there is one, `0` a digit always, `.` the decimal point,
 * `,` grouping, `%` hundredths, text around it as it is (in single quotes where it holds such signs). Null when it is not finite.
 */
export function formatNumber(number: number, pattern: string, { point = '.', separator = ',', negative }: NumberSigns = {}): string | null {
  if (!Number.isFinite(number)) return null
  const isNegative = number < 0
  const [positive, second] = pattern.split(';')
  const chosen = isNegative ? (negative ?? second) : undefined
  const [, before, digits, after] = /^((?:'[^']*'|[^#0.,'])*)([#0.,]*)(.*)$/s.exec(chosen ?? positive) ?? ['', '', '', '']
  const [whole = '', fraction = ''] = (digits === '' ? '0' : digits).split('.')
  const scaled = Math.abs(number) * (`${before}${after}`.includes('%') ? 100 : 1)
  const most = Math.min(20, fraction.length)
  const least = Math.min(20, fraction.lastIndexOf('0') + 1)
  const [integer, decimals = ''] = scaled < 1e21 ? scaled.toFixed(most).split('.') : [BigInt(scaled).toString()]
  const shown = decimals.replace(/0+$/, '').padEnd(least, '0')
  const leastWhole = Math.min(100, whole.replaceAll(/[^0]/g, '').length)
  const padded = (integer === '0' && leastWhole === 0 && shown !== '' ? '' : integer).padStart(leastWhole, '0')
  const group = whole.includes(',') ? whole.length - whole.lastIndexOf(',') - 1 : 0
  const grouped = group > 0 ? padded.replace(new RegExp(`\\B(?=(?:\\d{${Math.min(9, group)}})+$)`, 'g'), () => separator) : padded
  const isZero = !/[1-9]/.test(grouped + shown)
  const sign = isNegative && chosen === undefined && !isZero ? '-' : ''
  return `${sign}${unquoted(before)}${grouped}${shown && point + shown}${unquoted(after)}`
}

const unquoted = (text: string) => text.replaceAll(/'([^']*)'/g, (_, inner) => inner || "'")
