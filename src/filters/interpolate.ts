import type { RowView } from '#rows/row-view.js'
import type { Interpolation, Scalar } from './expression.js'
import { numberOfText } from './numbers.js'

interface Stop {
  readonly at: number
  value(row: RowView): Scalar
}

/** The value between the stops on either side of `at`; beyond the ends it is that of the end. Null when a value is neither number nor colour. */
export function interpolated({ of, base = 1 }: Interpolation, at: number, stops: readonly Stop[], row: RowView): Scalar {
  const next = stops.findIndex(stop => at < stop.at)
  const [low, high] = next <= 0 ? [stops.at(next), stops.at(next)] : [stops[next - 1], stops[next]]
  if (!low || !high) return null
  if (low === high) return of === 'number' ? mixNumbers(low.value(row), low.value(row), 0) : mixColors(low.value(row), low.value(row), 0)
  const share = shareOf((at - low.at) / (high.at - low.at), high.at - low.at, base)
  return of === 'number' ? mixNumbers(low.value(row), high.value(row), share) : mixColors(low.value(row), high.value(row), share)
}

/** Share of the way from one stop to the next, `linear` being that of the input and `width` the distance between the two. */
function shareOf(linear: number, width: number, base: number | 'cosine'): number {
  if (base === 'cosine') return (1 - Math.cos(linear * Math.PI)) / 2
  return base === 1 ? linear : (base ** (linear * width) - 1) / (base ** width - 1)
}

function mixNumbers(low: Scalar, high: Scalar, share: number): number | null {
  const [a, b] = [low, high].map(value => (typeof value === 'string' ? numberOfText(value) : value === null ? null : Number(value)))
  return a === null || b === null ? null : a + (b - a) * share
}

/** Of `#rgb`, `#rrggbb` or `#rrggbbaa`, channel by channel. */
function mixColors(low: Scalar, high: Scalar, share: number): string | null {
  const [a, b] = [channelsOf(low), channelsOf(high)]
  if (!a || !b) return null
  const hex = (value: number) => Math.round(value).toString(16).padStart(2, '0')
  const mixed = a.map((channel, i) => hex(channel + (b[i] - channel) * share))
  return `#${a[3] === 255 && b[3] === 255 ? mixed.slice(0, 3).join('') : mixed.join('')}`
}

function channelsOf(color: Scalar): number[] | undefined {
  const text = typeof color === 'string' ? color.trim() : ''
  if (!/^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text)) return undefined
  const digits = text.length === 4 ? [...text.slice(1)].map(d => d + d).join('') : text.slice(1)
  return [0, 2, 4, 6].map(i => Number.parseInt(digits.slice(i, i + 2) || 'ff', 16))
}
