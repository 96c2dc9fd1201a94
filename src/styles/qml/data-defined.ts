import { entryOf } from '#filters/entry-of.js'
import type { Expression } from '#filters/expression.js'
import { FilterError } from '#filters/filter-error.js'
import { parseQgisExpression } from '#filters/qgis/parse-qgis-expression.js'
import { childOf, type XmlElement } from '#xml/read.js'
import { call, literal } from '../values.js'
import { attempt } from './attempt.js'
import { type Options, optionsOf } from './options.js'

/** A property that is computed for each feature, as it is written. */
export interface DataDefined {
  readonly name: string
  readonly expression: string
  readonly transformer?: Options
}

/** Names that QGIS 2 had for what later versions name otherwise. */
const newNames: Readonly<Record<string, string>> = {
  color: 'fillColor',
  color_border: 'outlineColor',
  outline_color: 'outlineColor',
  line_color: 'outlineColor',
  width: 'outlineWidth',
  width_border: 'outlineWidth',
  outline_width: 'outlineWidth',
  line_width: 'outlineWidth',
}

/** The active ones of a layer, of `<data_defined_properties>` and of `<prop k="…_dd_active">`. */
export function dataDefinedOf(
  element: XmlElement,
  texts: ReadonlyMap<string, string>,
  tag = 'data_defined_properties',
): readonly DataDefined[] {
  const list = childOf(element, tag)
  const properties = list && optionsOf(list)?.maps.get('properties')
  const current = [...(properties?.maps ?? [])].flatMap(([name, options]) => {
    const { texts } = options
    if (texts.get('active') !== 'true' && texts.get('active') !== '1') return []
    const field = texts.get('type') === '2' ? texts.get('field') : undefined
    const expression = field !== undefined ? quoted(field) : (texts.get('expression') ?? texts.get('val') ?? '')
    const transformer = options.maps.get('transformer')
    return expression.trim() === '' ? [] : [{ name, expression, ...(transformer && { transformer }) }]
  })
  const older = [...texts].flatMap(([key, value]) => {
    const [, name] = /^(\w+)_dd_active$/.exec(key) ?? []
    if (name === undefined || value !== '1') return []
    const field = texts.get(`${name}_dd_field`) ?? ''
    const expression = texts.get(`${name}_dd_useexpr`) === '0' ? quoted(field) : (texts.get(`${name}_dd_expression`) ?? '')
    return expression.trim() === '' ? [] : [{ name: entryOf(newNames, name) ?? name, expression }]
  })
  return [...current, ...older]
}

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`

/** Its value; undefined, and noted, when it cannot be read. */
export function valueOfDataDefined(
  { name, expression, transformer }: DataDefined,
  note: (message: string) => void,
): Expression | undefined {
  const read = () => {
    const value = parseQgisExpression(expression, note)
    return transformer ? transformed(value, transformer) : value
  }
  return attempt(read, `${name} is not computed from ${expression.slice(0, 80)}`, note)
}

/** Numbers from one range to another, along a power (Flannery's, areas) where one is given. Throws FilterError for others. */
function transformed(value: Expression, transformer: Options): Expression {
  const type = transformer.texts.get('t')
  const numbers = transformer.maps.get('d')?.texts
  const number = (name: string) => Number(numbers?.get(name) ?? Number.NaN)
  const [from, to] = [number('minValue'), number('maxValue')]
  const [least, most] = type === '1' ? [number('minSize'), number('maxSize')] : [number('minOutput'), number('maxOutput')]
  const isLinear =
    type === '1' ? numbers?.get('scaleType') === '0' : !transformer.maps.get('d')?.maps.has('curve') || number('exponent') === 1
  const exponent = isLinear ? 1 : number('exponent')
  if ((type !== '0' && type !== '1') || ![from, to, least, most].every(Number.isFinite) || !(exponent > 0) || from >= to)
    throw new FilterError('unsupported', 'its assistant (a ramp of colours or a curve) has no counterpart.')
  const between = (a: number, b: number): Expression => ({
    kind: 'interpolation',
    input: value,
    of: 'number',
    stops: [
      [from, literal(a)],
      [to, literal(b)],
    ],
  })
  if (exponent === 1) return between(least, most)
  return call('+', literal(least), call('*', literal(most - least), call('^', between(0, 1), literal(exponent))))
}
