import type { Expression } from '#filters/expression.js'
import { isExpression } from '#styles/computed.js'
import type { Style, Symbolizer, Value } from '#styles/style.js'

/** A style at a share, 0 to 1, of its opacity. Its passes fade each by itself, texts and rasters by their own opacity. */
export function fadeStyle(style: Style, opacity: number): Style {
  const faded = (symbolizer: Symbolizer): Symbolizer => {
    if (symbolizer.kind === 'raster') return { ...symbolizer, opacity: symbolizer.opacity * opacity }
    if (symbolizer.kind !== 'text') return symbolizer
    const { halo } = symbolizer
    return {
      ...symbolizer,
      opacity: times(symbolizer.opacity, opacity),
      ...(halo && { halo: { ...halo, opacity: times(halo.opacity, opacity) } }),
    }
  }
  return {
    ...style,
    passes: style.passes.map(pass => ({
      ...pass,
      opacity: (pass.opacity ?? 1) * opacity,
      rules: pass.rules.map(rule => ({ ...rule, symbolizers: rule.symbolizers.map(faded) })),
    })),
  }
}

function times(value: Value<number>, share: number): Value<number> {
  if (!isExpression(value)) return value * share
  const factor: Expression = { kind: 'literal', value: share }
  return { kind: 'call', name: '*', args: [value, factor] }
}
