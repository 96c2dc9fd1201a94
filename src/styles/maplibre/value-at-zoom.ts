import type { Expression } from '#filters/expression.js'

/** What a computation on nothing but the zoom gives at one; undefined when it needs more. */
export function valueAtZoom(expression: Expression, zoom: number): number | undefined {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'number' ? expression.value : undefined
    case 'environment':
      return expression.name === 'zoom' ? zoom : undefined
    case 'call': {
      const args = expression.args.map(arg => valueAtZoom(arg, zoom))
      if (args.includes(undefined)) return undefined
      const [a, b] = args as number[]
      if (expression.name === '+' && args.length === 2) return a + b
      if (expression.name === '*' && args.length === 2) return a * b
      return undefined
    }
    case 'step': {
      const at = valueAtZoom(expression.input, zoom)
      if (at === undefined) return undefined
      const held = expression.steps.findLast(([threshold]) => at >= threshold)
      return valueAtZoom(held ? held[1] : expression.first, zoom)
    }
    case 'interpolation': {
      const at = valueAtZoom(expression.input, zoom)
      const { stops, base = 1 } = expression
      if (at === undefined || base === 'cosine' || stops.length === 0) return undefined
      const next = stops.findIndex(([stop]) => at < stop)
      if (next <= 0) return valueAtZoom(stops.at(next)![1], zoom)
      const [[from, low], [to, high]] = [stops[next - 1], stops[next]]
      const share = base === 1 ? (at - from) / (to - from) : (base ** (at - from) - 1) / (base ** (to - from) - 1)
      const [a, b] = [valueAtZoom(low, zoom), valueAtZoom(high, zoom)]
      return a === undefined || b === undefined ? undefined : a + (b - a) * share
    }
    default:
      return undefined
  }
}
