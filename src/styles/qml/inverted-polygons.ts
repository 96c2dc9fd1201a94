import { propertiesOfExpression } from '#filters/walk.js'
import { expressionsIn } from '../computed.js'
import type { StylePass } from '../style.js'

/** What lies outside of all polygons is one; of which nothing is known. */
export function invertedPolygons(inside: readonly StylePass[], note: (message: string) => void): readonly StylePass[] {
  const rules = inside.flatMap(pass => pass.rules)
  const asks = rules.some(
    ({ filter, isElse, symbolizers }) => filter || isElse || expressionsIn(symbolizers).flatMap(propertiesOfExpression).length > 0,
  )
  if (!asks) return inside.map(({ sort: _, ...pass }) => ({ ...pass, transformation: { kind: 'inverse' } }))
  note('what lies outside of the polygons of each class is not drawn, only what lies outside of all, in one symbol')
  return []
}
