import { rasterScale } from '#core/legend/raster-rows.js'
import type { Expression } from '#filters/expression.js'
import { isExpression } from '#styles/computed.js'
import { type Graphic, type Rule, rulesOf, type Stroke, type Style, type Symbolizer, type Value } from '#styles/style.js'

/** Legends as programs read them, in the form that GeoServer gave them: `{ "Legend": [{ layerName, title, rules: [{ name, title, symbolizers }] }] }`. */
export function legendJson(
  layers: readonly { readonly layerName: string; readonly title: string; readonly rules: readonly Rule[] }[],
  language: string,
): string {
  const legends = layers.map(({ layerName, title, rules }) => ({ layerName, title, rules: rules.map(rule => ruleJson(rule, language)) }))
  return JSON.stringify({ Legend: legends })
}

/** The rules of a style that legends show. */
export const listedRules = (style: Style): readonly Rule[] => rulesOf(style).filter(({ isUnlisted }) => !isUnlisted)

/** One rule of it, with its title in a language where it has one in that. */
export function ruleJson(rule: Rule, language: string): object {
  const { name, titles = {}, abstract, minScaleDenominator, maxScaleDenominator, isElse, filter, symbolizers } = rule
  const title = Object.hasOwn(titles, language) ? titles[language] : rule.title
  return {
    name,
    ...(title !== undefined && { title }),
    ...(abstract !== undefined && { abstract }),
    ...(minScaleDenominator !== undefined && { minScaleDenominator: String(minScaleDenominator) }),
    ...(maxScaleDenominator !== undefined && { maxScaleDenominator: String(maxScaleDenominator) }),
    ...(isElse && { ElseFilter: 'true' }),
    ...(filter && { hasFilter: true }),
    symbolizers: symbolizers.map(symbolizerJson),
  }
}

function symbolizerJson(symbolizer: Symbolizer): object {
  switch (symbolizer.kind) {
    case 'fill': {
      const { color, opacity, outline } = symbolizer
      return {
        Polygon: { ...(outline && strokeJson(outline)), ...(color !== undefined && { fill: said(color), 'fill-opacity': said(opacity) }) },
      }
    }
    case 'line':
      return { Line: strokeJson(symbolizer.stroke) }
    case 'point':
      return { Point: graphicJson(symbolizer.graphic) }
    case 'text': {
      const { text, font, color, opacity, halo } = symbolizer
      const fonts = [
        {
          'font-family': [...font.families],
          'font-style': font.isItalic ? 'italic' : 'normal',
          'font-weight': weightOf(font.weight),
          'font-size': length(font.size),
        },
      ]
      return {
        Text: {
          label: said(text),
          fonts,
          fill: said(color),
          'fill-opacity': said(opacity),
          ...(halo && { halo: { radius: length(halo.radius), fill: said(halo.color), 'fill-opacity': said(halo.opacity) } }),
        },
      }
    }
    case 'raster': {
      const { opacity } = symbolizer
      const scale = rasterScale(symbolizer)
      const entries = scale?.entries.map(({ label, value, color, opacity }) => ({
        ...(label !== undefined && { label }),
        quantity: String(value),
        color,
        opacity: String(opacity),
      }))
      return {
        Raster: {
          ...(scale && entries && entries.length > 0 && { colormap: { entries, type: scale.kind } }),
          opacity: String(opacity),
        },
      }
    }
  }
}

function strokeJson({ color, opacity, width, cap = 'butt', join = 'mitre', dashes }: Stroke): object {
  return {
    stroke: said(color),
    'stroke-width': length(width),
    'stroke-opacity': said(opacity),
    'stroke-linecap': cap,
    'stroke-linejoin': join === 'mitre' ? 'miter' : join,
    ...(dashes && { 'stroke-dasharray': dashes.map(length).join(' ') }),
  }
}

function graphicJson({ shapes, size, opacity = 1, rotation = 0 }: Graphic): object {
  const graphics = shapes.map(shape => {
    if (shape.kind === 'icon')
      return { 'external-graphic-url': isExpression(shape.href) || shape.href.startsWith('data:') ? 'inline' : shape.href }
    const { color, opacity = 1, outline } = shape
    const mark = shape.kind === 'mark' ? said(shape.shape) : `ttf://${shape.family}#${shape.character}`
    return { mark, ...(color !== undefined && { fill: said(color), 'fill-opacity': said(opacity) }), ...(outline && strokeJson(outline)) }
  })
  return { ...(size !== undefined && { size: length(size) }), opacity: said(opacity), rotation: said(rotation), graphics }
}

const weightOf = (weight = 400) => (weight === 400 ? 'normal' : weight === 700 ? 'bold' : String(weight))

function length(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'metres' in value) return `${said((value as { metres: Value<number> }).metres)} m`
  return said(value as Value<number>)
}

/** A value as text; what is computed for each feature by what it reads. */
function said(value: Value<string | number>): string {
  return isExpression(value) ? expressionText(value) : String(value)
}

function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return String(expression.value)
    case 'property':
      return `[${expression.name}]`
    case 'call':
      return `${expression.name}(${expression.args.map(expressionText).join(', ')})`
    case 'environment':
      return `env(${expression.name})`
    case 'choice':
      return 'case(…)'
    default:
      return `${expression.kind}(${expressionText(expression.input)}, …)`
  }
}
