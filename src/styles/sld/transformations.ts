import { childrenOf, textOf, type XmlElement } from '#xml/read.js'
import type { XmlTree } from '#xml/write-element.js'
import type { Transformation } from '../style.js'
import { checkedNumber } from './read-value.js'
import { note, quoted, type Reading, take, takeAttribute, takeWhole } from './reading.js'
import { tell, tree, type Writing } from './writing.js'

/** Parameters that say what is there anyway: the data and the map. */
const usual = ['data', 'outputBBOX', 'outputWidth', 'outputHeight']

/**
 * GeoServer's rendering transformations that the model has a place for: `vec:PointStacker` (`cellSize`), `vec:Heatmap` (`radiusPixels`, `weightAttr`),
 * and our own `arpent:Bins` (`shape` hexagon or square, `size`, `weightAttr`). Others are noted.
 */
export function takeTransformation(reading: Reading, pass: XmlElement): Transformation | undefined {
  const element = take(reading, pass, 'Transformation')
  const call = take(reading, element, 'Function')
  if (!element || !call) return undefined
  takeWhole(reading, element)
  const name = takeAttribute(reading, call, 'name') ?? ''
  const parameters = new Map(childrenOf(call).map(parameter => [textOf(childrenOf(parameter)[0] ?? parameter).trim(), parameter]))
  for (const key of usual) parameters.delete(key)
  const text = (key: string) => {
    const parameter = parameters.get(key)
    const [, value, ...others] = parameter ? childrenOf(parameter) : []
    if (value?.name !== 'Literal' || others.length > 0) return undefined
    parameters.delete(key)
    return { value: textOf(value).trim(), element: value }
  }
  const number = (key: string, otherwise: number) => {
    const found = text(key)
    return found ? checkedNumber(found.element, found.value, { least: 1, most: 10_000 }) : otherwise
  }
  const weighted = () => {
    const found = text('weightAttr')
    return found && { weight: { kind: 'property', name: found.value } as const }
  }
  const transformation = ((): Transformation | undefined => {
    switch (name.replace(/^.*:/, '').toLowerCase()) {
      case 'pointstacker':
        return { kind: 'cluster', distance: number('cellSize', 30) }
      case 'heatmap':
        return { kind: 'heatmap', radius: number('radiusPixels', 30), ...weighted() }
      case 'bins':
        return { kind: 'bins', shape: text('shape')?.value === 'square' ? 'square' : 'hexagon', size: number('size', 30), ...weighted() }
      default:
        return undefined
    }
  })()
  if (!transformation)
    note(reading, call, `the transformation ${quoted(name)} is not read; vec:PointStacker, vec:Heatmap and arpent:Bins are`)
  else for (const [key, parameter] of parameters) note(reading, parameter, `the parameter ${quoted(key)} of ${quoted(name)} is not read`)
  return transformation
}

export function transformationNode(writing: Writing, transformation: Transformation): XmlTree | undefined {
  if (!writing.isExtended)
    return tell(
      writing,
      `the transformation “${transformation.kind}”: only GeoServer's element says it, which the official schemas do not know`,
    )
  const literal = (value: string | number) => tree('ogc:Literal', {}, value)
  const parameter = (key: string, ...values: readonly (string | number)[]) =>
    tree('ogc:Function', { name: 'parameter' }, literal(key), values.map(literal))
  const call = (name: string, ...parameters: readonly (XmlTree | undefined)[]) =>
    tree(`${writing.dialect.prefix}:Transformation`, {}, tree('ogc:Function', { name }, parameter('data'), parameters))
  const weight = () => {
    if (transformation.kind === 'cluster' || !transformation.weight) return undefined
    const { weight } = transformation
    return weight.kind === 'property' ? parameter('weightAttr', weight.name) : tell(writing, 'weights that are computed')
  }
  switch (transformation.kind) {
    case 'cluster':
      return call('vec:PointStacker', parameter('cellSize', transformation.distance))
    case 'heatmap':
      return call('vec:Heatmap', parameter('radiusPixels', transformation.radius), weight())
    case 'bins':
      return call('arpent:Bins', parameter('shape', transformation.shape), parameter('size', transformation.size), weight())
  }
}
