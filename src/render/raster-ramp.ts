import type { ColorMap } from '#styles/raster-symbolizer.js'

/** A colour (0xAARRGGBB, straight alpha; 0 shows nothing) for a value. */
export type ColorOf = (value: number) => number

/** A colour at a value. */
export interface RampStop {
  readonly value: number
  readonly color: number
}

const opaque = 0xff000000

/** Colours of heights from the lowest to the highest: meadow, field, slope, rock, snow. */
const hypsometric = [0x9fc29a, 0xc9d8a4, 0xeee5b5, 0xe3c58f, 0xc49a6c, 0xa88670, 0xd9cfc8, 0xffffff]
/** Where those colours lie between least and greatest: lowlands get more of them. */
const hypsometricShares = [0, 0.1, 0.25, 0.42, 0.6, 0.75, 0.9, 1]

/** The default scale of heights over a range. */
export function heightColors([least, greatest]: readonly [number, number]): RampStop[] {
  return hypsometric.map((color, i) => ({ value: least + (greatest - least) * hypsometricShares[i], color: opaque + color }))
}

/** From black to white over a range. */
export function grayColors([least, greatest]: readonly [number, number]): RampStop[] {
  return [
    { value: least, color: opaque },
    { value: greatest, color: opaque + 0xffffff },
  ]
}

/** The colours of a colour map. */
export function mappedColors({ kind, entries }: ColorMap): ColorOf {
  const stops = entries
    .map(({ value, color, opacity = 1 }) => ({ value, color: Math.round(opacity * 255) * 0x1000000 + Number.parseInt(color.slice(1), 16) }))
    .sort((a, b) => a.value - b.value)
  if (stops.length === 0) return () => 0
  if (kind === 'ramp') return colorRamp(stops)
  if (kind === 'values') {
    const colors = new Map(stops.map(({ value, color }) => [value, color]))
    return value => colors.get(value) ?? 0
  }
  return value => (value >= stops[stops.length - 1].value ? 0 : stops[firstAbove(stops, value)].color)
}

/** Linear interpolation between stops, which may come in any order; values outside take the colour of the nearest stop. */
export function colorRamp(stops: readonly RampStop[]): ColorOf {
  const sorted = [...stops].sort((a, b) => a.value - b.value)
  const last = sorted.length - 1
  return value => {
    if (!(value > sorted[0].value)) return sorted[0].color
    if (value >= sorted[last].value) return sorted[last].color
    const above = firstAbove(sorted, value)
    const [a, b] = [sorted[above - 1], sorted[above]]
    return mixed(a.color, b.color, (value - a.value) / (b.value - a.value))
  }
}

/** `ramp` over a range as a table: 1024 steps are finer than eyes and 8-bit channels. Gamma bends what lies between the ends. */
export function tabledRamp(ramp: ColorOf, [least, greatest]: readonly [number, number], gamma = 1): ColorOf {
  const steps = 1024
  const scale = greatest > least ? (steps - 1) / (greatest - least) : 0
  const at = (i: number) => (gamma === 1 ? i : (i / (steps - 1)) ** (1 / gamma) * (steps - 1))
  const table = Uint32Array.from({ length: steps }, (_, i) => ramp(least + (scale ? at(i) / scale : 0)))
  return value => table[value <= least ? 0 : value >= greatest ? steps - 1 : Math.round((value - least) * scale)]
}

/** The first stop whose value is greater; there is one. */
function firstAbove(stops: readonly RampStop[], value: number): number {
  let [low, high] = [-1, stops.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (stops[middle].value <= value) low = middle
    else high = middle
  }
  return high
}

function mixed(from: number, to: number, share: number): number {
  const mix = (shift: number) => {
    const [a, b] = [(from >>> shift) & 0xff, (to >>> shift) & 0xff]
    return Math.round(a + (b - a) * share) << shift
  }
  return (mix(24) | mix(16) | mix(8) | mix(0)) >>> 0
}
