import type { Expression, Literal } from '#filters/expression.js'
import { UnsaidError, writeExpression } from '#filters/ogc/write-expression.js'
import type { TreeContent, XmlTree } from '#xml/write-element.js'
import type { Length, Offset, Value } from '../style.js'
import { negative } from './read-value.js'
import { node, numberText, tell, tree, type Writing } from './writing.js'

/** What a parameter holds; undefined, told of, where the language has no word for it. */
export function valueContent(writing: Writing, value: Value<string | number | boolean>): TreeContent {
  if (typeof value === 'number') return numberText(value)
  if (typeof value !== 'object') return String(value)
  if (value.kind !== 'call' || value.name !== 'concat') return expressionContent(writing, value)
  const parts = value.args.map(part => (part.kind === 'literal' ? textContent(part) : expressionContent(writing, part)))
  return parts.includes(undefined) ? undefined : parts
}

/** A text whose spaces would be taken for layout, or that looks like GeoServer's `${…}`, is written exactly. */
export function textContent({ value }: Literal): TreeContent {
  const text = String(value ?? '')
  const isPlain = text !== '' && text === text.trim() && !/\s\s|[\t\r\n]|\$\{/.test(text)
  return isPlain ? text : { exact: text }
}

function expressionContent(writing: Writing, expression: Expression): XmlTree | undefined {
  try {
    return writeExpression(expression, writing.dialect.hasEncoding ? 'se' : 'ogc')
  } catch (error) {
    if (!(error instanceof UnsaidError)) throw error
    return tell(writing, `${error.message}; the default is written`)
  }
}

/** An element that holds a value, where there is one. */
export function valueNode(writing: Writing, name: string, value: Value<string | number> | undefined): XmlTree | undefined {
  const content = value === undefined ? undefined : valueContent(writing, value)
  return content === undefined ? undefined : node(writing, name, content)
}

/** As `valueNode`, of a length. */
export function lengthNode(writing: Writing, name: string, length: Length | undefined): XmlTree | undefined {
  const content = length === undefined ? undefined : lengthContent(writing, length)
  return content === undefined ? undefined : node(writing, name, content)
}

/**
 * A length in the unit of the symbolizer. Another unit stands behind the number, as GeoServer reads it; where it is computed there is no way to say it.
 */
export function lengthContent(writing: Writing, length: Length): TreeContent {
  const [isGround, value] =
    typeof length === 'object' && length.kind === 'ground' ? [true, length.metres] : [false, length as Value<number>]
  if (value === 0 || isGround === (writing.unit === 'metre')) return valueContent(writing, value)
  if (typeof value === 'number') {
    const text = `${numberText(value)}${isGround ? 'm' : 'px'}`
    tell(writing, `a second unit in one symbolizer, or any in SLD 1.0.0, is not in the standard; ${text} is written, which GeoServer reads`)
    return text
  }
  return tell(writing, `a computed length in ${isGround ? 'metres' : 'pixels'} cannot be said beside other units; the default is written`)
}

/** CssParameter or SvgParameter. */
export function parameterNode(writing: Writing, name: string, content: TreeContent): XmlTree | undefined {
  const { prefix, parameter } = writing.dialect
  return content === undefined ? undefined : tree(`${prefix}:${parameter}`, { name }, content)
}

/** The language counts y upwards. */
export function displacementNode(writing: Writing, offset: Offset | undefined): XmlTree | undefined {
  if (!offset) return undefined
  const axis = (length: Length) => lengthContent(writing, length) ?? '0'
  return node(
    writing,
    'Displacement',
    node(writing, 'DisplacementX', axis(offset[0])),
    node(writing, 'DisplacementY', axis(negative(offset[1]))),
  )
}

/** An AnchorPoint of shares from the lower left corner (OGC 05-077r4, 11.4.4). */
export function anchorNode(writing: Writing, anchor: readonly [Value<number>, Value<number>] | undefined): XmlTree | undefined {
  if (!anchor) return undefined
  const axis = (share: Value<number>) => valueContent(writing, share) ?? '0.5'
  return node(writing, 'AnchorPoint', node(writing, 'AnchorPointX', axis(anchor[0])), node(writing, 'AnchorPointY', axis(anchor[1])))
}

/** GeoServer's VendorOption, where it may be written. */
export function vendorOption(writing: Writing, name: string, value: string | number | boolean | undefined): XmlTree | undefined {
  if (value === undefined) return undefined
  if (!writing.isExtended)
    return tell(writing, `${name} (${value}): only GeoServer's VendorOption says it, which the official schemas do not know`)
  return tree(`${writing.dialect.prefix}:VendorOption`, { name }, typeof value === 'number' ? numberText(value) : String(value))
}

/** Whether a length on the ground is anywhere in a symbolizer. */
export function hasGroundLength(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if ('kind' in value && value.kind === 'ground') return true
  return Object.values(value).some(hasGroundLength)
}
