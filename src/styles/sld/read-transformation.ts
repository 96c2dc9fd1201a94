import type { Expression } from '#filters/expression.js'
import { childOf, type XmlElement } from '#xml/read.js'
import type { Transformation, Value } from '../style.js'
import { readExpression } from './read-filter.js'
import { checkedNumber } from './read-value.js'
import { note, plainText, quoted, type Reading, take, takeAll, takeAttribute, takeWhole } from './reading.js'

/** Parameters of a function, each taken by name. */
interface Parameters {
  readonly element: XmlElement
  text(name: string): string | undefined
  number(name: string, least: number, otherwise: number): number
  /** A number, or what computes one by the scale of the map. */
  scaled(name: string): Value<number> | undefined
  /** An attribute by its name, or what computes a number. */
  weight(name: string): { readonly weight?: Expression }
}

const readers: Readonly<Record<string, (reading: Reading, parameters: Parameters) => Transformation>> = {
  heatmap: (reading, { element, number, weight, scaled }) => {
    const intensity = scaled('intensity')
    if (intensity === undefined)
      note(
        reading,
        element,
        'densities are not measured by the greatest of the map, which differs from tile to tile; the parameter intensity scales them, 1 is taken',
      )
    return {
      kind: 'heatmap',
      radius: number('radiusPixels', 0, 100),
      ...weight('weightAttr'),
      ...(intensity !== undefined && { intensity }),
    }
  },
  pointstacker: (reading, { element, number, text }) => {
    if (text('normalize')?.toLowerCase() === 'true')
      note(reading, element, 'normalize is not read: there are no normCount and normCountUnique')
    if (text('preserveLocation') === 'Never')
      note(reading, element, 'preserveLocation is not read: a point that is alone stays where it is')
    return { kind: 'cluster', distance: number('cellSize', 0, 1) }
  },
  inverse: () => ({ kind: 'inverse' }),
  bins: (reading, { element, number, text, weight }) => {
    const shape = text('shape') ?? 'hexagon'
    if (shape !== 'hexagon' && shape !== 'square')
      note(reading, element, `the shape is ${quoted(shape)}; hexagon and square are read, hexagon is taken`)
    return { kind: 'bins', shape: shape === 'square' ? 'square' : 'hexagon', size: number('size', 0, 20), ...weight('weightAttr') }
  },
}

/** What every transformation of GeoServer is told of data and map, which go without saying here; and how finely it computes, which does not show. */
const unsaid = ['data', 'outputBBOX', 'outputWidth', 'outputHeight', 'pixelsPerCell', 'weightClusterPosition']

/**
 * GeoServer's `Transformation`: a Function of `parameter`s. `vec:Heatmap` and `vec:PointStacker` are read, `gs:` before them, too; `arpent:Bins` and `arpent:Inverse` are
 * our own. Undefined, noted, for others and without one.
 */
export function readTransformation(reading: Reading, pass: XmlElement): Transformation | undefined {
  const element = take(reading, pass, 'Transformation')
  if (!element) return undefined
  const call = childOf(element, 'Function')
  const name = (call && takeAttribute(reading, call, 'name')) ?? ''
  const kind = name.replace(/^(?:vec|gs|ras|arpent|py):/, '').toLowerCase()
  if (!call || !Object.hasOwn(readers, kind)) {
    takeWhole(reading, element)
    note(
      reading,
      element,
      `${name ? `${quoted(name)} is` : 'it is'} not read, features are drawn as they are; vec:Heatmap, vec:PointStacker, arpent:Bins and arpent:Inverse are read`,
    )
    return undefined
  }
  takeAll(reading, element, 'Function')
  const values = valuesOf(reading, call)
  const transformation = readers[kind](reading, parametersOf(reading, call, values))
  for (const [parameter, { element }] of values)
    if (!unsaid.includes(parameter)) note(reading, element, `the parameter ${quoted(parameter)} is not read`)
  return transformation
}

interface Given {
  readonly element: XmlElement
  readonly value: Expression
}

/** Values by parameter. A parameter is `parameter(name, value)`; those without a value, as the data are, are left out. */
function valuesOf(reading: Reading, call: XmlElement): Map<string, Given> {
  const values = new Map<string, Given>()
  for (const element of takeAll(reading, call, 'Function')) {
    takeAttribute(reading, element, 'name')
    const [nameElement, valueElement, ...more] = takeAll(reading, element)
    const name = nameElement ? plainText(nameElement) : ''
    if (more.length > 0) note(reading, element, `the parameter ${quoted(name)} has more than one value; the first counts`)
    if (!valueElement || unsaid.includes(name)) takeWhole(reading, element)
    else values.set(name, { element, value: readExpression(reading, valueElement) })
  }
  return values
}

function parametersOf(reading: Reading, call: XmlElement, values: Map<string, Given>): Parameters {
  const taken = (name: string) => {
    const given = values.get(name)
    values.delete(name)
    return given
  }
  /** Of the map nothing is known yet: what a variable is without a request that sets it. */
  const constant = ({ element, value }: Given): string | undefined => {
    if (value.kind === 'literal') return String(value.value ?? '').trim()
    if (value.kind === 'environment' && value.otherwise !== undefined) return String(value.otherwise ?? '')
    note(reading, element, 'is computed; here only a value is read, the default is taken')
    return undefined
  }
  const text = (name: string) => {
    const given = taken(name)
    return given && constant(given)
  }
  return {
    element: call,
    text,
    number(name, least, otherwise) {
      const given = taken(name)
      const value = given && constant(given)
      return value === undefined ? otherwise : checkedNumber(given!.element, value, { least })
    },
    scaled(name) {
      const given = taken(name)
      if (given?.value.kind !== 'literal') return given?.value
      return checkedNumber(given.element, String(given.value.value ?? ''), { least: 0 })
    },
    weight(name) {
      const given = taken(name)
      if (!given) return {}
      const { value, element } = given
      if (value.kind !== 'literal') return { weight: value }
      if (typeof value.value === 'string' && value.value.trim() !== '' && Number.isNaN(Number(value.value)))
        return { weight: { kind: 'property', name: value.value.trim() } }
      return { weight: { kind: 'literal', value: checkedNumber(element, String(value.value ?? '')) } }
    },
  }
}
