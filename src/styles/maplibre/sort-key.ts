import { isExpression } from '../computed.js'
import type { StylePass } from '../style.js'
import type { LayerProperties } from './layer.js'

/** The order of the features of a layer by its sort key, which has to be a property. */
export function sortOf(type: string, properties: LayerProperties): StylePass['sort'] {
  if (type !== 'fill' && type !== 'line' && type !== 'circle') return undefined
  const key = properties.number(`${type}-sort-key`, 0)
  if (!isExpression(key)) return undefined
  const isReversed = key.kind === 'call' && key.name === '-' && key.args.length === 1
  const value = isReversed ? key.args[0] : key
  if (value.kind === 'property') return [{ property: value.name, descending: isReversed }]
  properties.note(`${type}-sort-key is not kept: only a property sorts features`)
  return undefined
}
