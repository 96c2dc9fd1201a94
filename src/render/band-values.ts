import type { BandExpression, BandFunction } from '#styles/band-expression.js'
import type { RasterPixels, Samples } from './raster-pixels.js'
import type { GroundCell } from './raster-shade.js'
import { surfaceOf } from './raster-surface.js'

/**
 * The values of an expression for every pixel; NaN where a band has no value or arithmetic has none (0/0). `cell` is the size of a pixel on the
 * ground. Whole arrays go from step to step: nothing is decided per pixel.
 */
export function bandValues(expression: BandExpression, pixels: RasterPixels, cell: GroundCell): Samples {
  const count = pixels.width * pixels.height
  const evaluate = (part: BandExpression): Samples | number => {
    if (part.kind === 'number') return part.value
    if (part.kind === 'band') return pixels.bands[part.band] ?? Number.NaN
    const { name } = part
    if (name === 'slope' || name === 'aspect' || name === 'hillshade') {
      const [heights, ...numbers] = part.arguments.map(evaluate)
      const plane = {
        width: pixels.width,
        height: pixels.height,
        heights: spread(heights, count),
        ...(pixels.mask && { mask: pixels.mask }),
      }
      return surfaceOf(
        name,
        plane,
        cell,
        numbers.map(value => (typeof value === 'number' ? value : value[0])),
      )
    }
    const values = part.arguments.map(evaluate)
    if (values.every(value => typeof value === 'number'))
      return pointwise(
        name,
        values.map(value => Float64Array.of(value)),
        1,
      )[0]
    return pointwise(
      name,
      values.map(value => spread(value, count)),
      count,
    )
  }
  return spread(evaluate(expression), count)
}

const spread = (value: Samples | number, count: number): Samples =>
  typeof value === 'number' ? new Float32Array(count).fill(value) : value

type Pointwise = Exclude<BandFunction, 'slope' | 'aspect' | 'hillshade'>

const operations: Readonly<Record<Pointwise, (a: number, b: number, c: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => (a < b ? 1 : 0),
  '<=': (a, b) => (a <= b ? 1 : 0),
  '>': (a, b) => (a > b ? 1 : 0),
  '>=': (a, b) => (a >= b ? 1 : 0),
  '==': (a, b) => (a === b ? 1 : 0),
  '!=': (a, b) => (a !== b ? 1 : 0),
  abs: a => Math.abs(a),
  sqrt: a => Math.sqrt(a),
  ln: a => Math.log(a),
  log10: a => Math.log10(a),
  exp: a => Math.exp(a),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  if: (a, b, c) => (a ? b : c),
}

function pointwise(name: Pointwise, values: readonly Samples[], count: number): Samples {
  if ((name === 'min' || name === 'max') && values.length > 2)
    return pointwise(name, [values[0], pointwise(name, values.slice(1), count)], count)
  const out = new Float32Array(count)
  const operation = operations[name]
  const [a, b = a, c = a] = values
  for (let i = 0; i < count; i++) out[i] = operation(a[i], b[i], c[i])
  return out
}
