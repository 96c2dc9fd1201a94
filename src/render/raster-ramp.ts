/** A colour (0xRRGGBB) at a value. */
export interface RampStop {
  readonly value: number
  readonly color: number
}

/** Colours of heights from the lowest to the highest: meadow, field, slope, rock, snow. */
const hypsometric = [0x9fc29a, 0xc9d8a4, 0xeee5b5, 0xe3c58f, 0xc49a6c, 0xa88670, 0xd9cfc8, 0xffffff]
/** Where those colours lie between least and greatest: lowlands get more of them. */
const hypsometricShares = [0, 0.1, 0.25, 0.42, 0.6, 0.75, 0.9, 1]

/** The default scale of heights over a range. */
export function heightColors([least, greatest]: readonly [number, number]): RampStop[] {
  return hypsometric.map((color, i) => ({ value: least + (greatest - least) * hypsometricShares[i], color }))
}

/** Linear interpolation between stops, which may come in any order; values outside take the colour of the nearest stop. */
export function colorRamp(stops: readonly RampStop[]): (value: number) => number {
  const sorted = [...stops].sort((a, b) => a.value - b.value)
  return value => interpolated(sorted, value)
}

/** `ramp` over a range as a table: 1024 steps are finer than eyes and 8-bit channels. */
export function tabledRamp(ramp: (value: number) => number, [least, greatest]: readonly [number, number]): (value: number) => number {
  const steps = 1024
  const scale = greatest > least ? (steps - 1) / (greatest - least) : 0
  const table = Uint32Array.from({ length: steps }, (_, i) => ramp(least + (scale ? i / scale : 0)))
  return value => table[value <= least ? 0 : value >= greatest ? steps - 1 : Math.round((value - least) * scale)]
}

function interpolated(stops: readonly RampStop[], value: number): number {
  let [low, high] = [0, stops.length - 1]
  if (!(value > stops[low].value)) return stops[low].color
  if (value >= stops[high].value) return stops[high].color
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (stops[middle].value <= value) low = middle
    else high = middle
  }
  const [a, b] = [stops[low], stops[high]]
  const share = (value - a.value) / (b.value - a.value)
  const mix = (shift: number) => {
    const [from, to] = [(a.color >> shift) & 0xff, (b.color >> shift) & 0xff]
    return Math.round(from + (to - from) * share) << shift
  }
  return mix(16) | mix(8) | mix(0)
}
