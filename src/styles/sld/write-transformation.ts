import type { Expression } from '#filters/expression.js'
import type { XmlTree } from '#xml/write-element.js'
import type { Transformation } from '../style.js'
import { valueContent } from './write-value.js'
import { mayExtend, node, numberText, tree, type Writing } from './writing.js'

/** As `readTransformation` reads it, and GeoServer what it has. */
export function transformationNode(writing: Writing, transformation: Transformation): XmlTree | undefined {
  if (!mayExtend(writing, `the transformation “${transformation.kind}”`)) return undefined
  const [name, parameters] = said(writing, transformation)
  return node(writing, 'Transformation', tree('ogc:Function', { name }, parameter('data'), parameters))
}

function said(writing: Writing, transformation: Transformation): readonly [name: string, parameters: readonly (XmlTree | undefined)[]] {
  switch (transformation.kind) {
    case 'inverse':
      return ['arpent:Inverse', []]
    case 'cluster':
      return ['vec:PointStacker', [numeric('cellSize', transformation.distance), ...mapParameters()]]
    case 'bins': {
      const { shape, size, weight } = transformation
      return ['arpent:Bins', [parameter('shape', literal(shape)), numeric('size', size), weighed(writing, 'weightAttr', weight)]]
    }
    case 'heatmap': {
      const { radius, weight, intensity } = transformation
      const intense = typeof intensity === 'number' ? numeric('intensity', intensity) : weighed(writing, 'intensity', intensity)
      return ['vec:Heatmap', [weighed(writing, 'weightAttr', weight), numeric('radiusPixels', radius), intense, ...mapParameters()]]
    }
  }
}

/** What GeoServer must be told of the map. */
function mapParameters(): readonly XmlTree[] {
  const pairs = [
    ['outputBBOX', 'wms_bbox'],
    ['outputWidth', 'wms_width'],
    ['outputHeight', 'wms_height'],
  ]
  return pairs.map(([name, variable]) => parameter(name, tree('ogc:Function', { name: 'env' }, literal(variable))))
}

/** Attributes by their names, as GeoServer wants them. */
function weighed(writing: Writing, name: string, weight: Expression | undefined): XmlTree | undefined {
  if (!weight) return undefined
  if (weight.kind === 'property') return parameter(name, literal(weight.name))
  if (weight.kind === 'literal') return parameter(name, literal(String(weight.value ?? '')))
  const content = valueContent(writing, weight)
  return typeof content === 'object' ? parameter(name, content as XmlTree) : undefined
}

const numeric = (name: string, value: number) => parameter(name, literal(numberText(value)))
const literal = (text: string) => tree('ogc:Literal', {}, text)
const parameter = (name: string, ...value: readonly XmlTree[]) => tree('ogc:Function', { name: 'parameter' }, literal(name), ...value)
