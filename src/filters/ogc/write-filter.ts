import type { XmlTree } from '#xml/write-element.js'
import type { Expression } from '../expression.js'
import type { Comparison, DistanceFilter, Filter, Like, SpatialFilter } from '../filter.js'
import { type ExpressionDialect, ogcTree, UnsaidError, writeExpression } from './write-expression.js'
import { writeGeometry } from './write-gml.js'

/** Which of the two versions is written. */
export interface FilterDialect {
  readonly version: '1.0.0' | '1.1.0'
  /** Of the expressions inside. */
  readonly expressions?: ExpressionDialect
}

/** A filter as OGC Filter 1.0.0 (02-059) or 1.1.0 (04-095) has it, the Filter element itself. Throws UnsaidError. */
export function writeFilter(filter: Filter, dialect: FilterDialect): XmlTree {
  if (filter.kind !== 'ids') return ogcTree('ogc:Filter', {}, condition(filter, dialect))
  return ogcTree(
    'ogc:Filter',
    {},
    filter.ids.map(id => ogcTree('ogc:FeatureId', { fid: id })),
  )
}

const comparisons = {
  '=': 'PropertyIsEqualTo',
  '<>': 'PropertyIsNotEqualTo',
  '<': 'PropertyIsLessThan',
  '<=': 'PropertyIsLessThanOrEqualTo',
  '>': 'PropertyIsGreaterThan',
  '>=': 'PropertyIsGreaterThanOrEqualTo',
} as const satisfies Record<Comparison['operator'], string>

function condition(filter: Filter, dialect: FilterDialect): XmlTree {
  const write = (expression: Expression) => writeExpression(expression, dialect.expressions)
  switch (filter.kind) {
    case 'constant': {
      const one = ogcTree('ogc:Literal', {}, 1)
      return ogcTree(filter.value ? 'ogc:PropertyIsEqualTo' : 'ogc:PropertyIsNotEqualTo', {}, one, one)
    }
    case 'and':
    case 'or': {
      const all = filter.kind === 'and' ? filter.all : filter.any
      if (all.length === 0) return condition({ kind: 'constant', value: filter.kind === 'and' }, dialect)
      if (all.length === 1) return condition(all[0], dialect)
      return ogcTree(filter.kind === 'and' ? 'ogc:And' : 'ogc:Or', {}, ...all.map(one => condition(one, dialect)))
    }
    case 'not':
      return ogcTree('ogc:Not', {}, condition(filter.filter, dialect))
    case 'compare':
      return ogcTree(`ogc:${comparisons[filter.operator]}`, matchCase(filter.ignoresCase, dialect), write(filter.left), write(filter.right))
    case 'in': {
      const { operand, values } = filter
      return condition({ kind: 'or', any: values.map(right => ({ kind: 'compare', operator: '=', left: operand, right })) }, dialect)
    }
    case 'between':
      return ogcTree(
        'ogc:PropertyIsBetween',
        {},
        write(filter.operand),
        ogcTree('ogc:LowerBoundary', {}, write(filter.lower)),
        ogcTree('ogc:UpperBoundary', {}, write(filter.upper)),
      )
    case 'like':
      return like(filter, dialect)
    case 'isNull':
      if (filter.operand.kind !== 'property') throw new UnsaidError('PropertyIsNull is of a property only')
      return ogcTree('ogc:PropertyIsNull', {}, write(filter.operand))
    case 'bbox':
      throw new UnsaidError('BBOX is of what meets a box, not of what has a box that does')
    case 'spatial':
      return ogcTree(
        `ogc:${spatial[filter.operator]}`,
        {},
        write(property(filter.property)),
        writeGeometry(filter.geometry, dialect.version),
      )
    case 'distance':
      return distance(filter, dialect)
    case 'ids':
      throw new UnsaidError('ids are not combined with other conditions')
    case 'geometries':
      throw new UnsaidError('spatial operators are of a property and a geometry')
    case 'lists':
      throw new UnsaidError('there are no lists')
  }
}

const property = (name: string): Expression => ({ kind: 'property', name })

function matchCase(ignoresCase: boolean | undefined, { version }: FilterDialect): { readonly matchCase?: string } {
  if (!ignoresCase) return {}
  if (version === '1.0.0') throw new UnsaidError('OGC Filter 1.0.0 always tells upper from lower case')
  return { matchCase: 'false' }
}

const spatial = {
  intersects: 'Intersects',
  disjoint: 'Disjoint',
  equals: 'Equals',
  touches: 'Touches',
  crosses: 'Crosses',
  within: 'Within',
  contains: 'Contains',
  overlaps: 'Overlaps',
} as const satisfies Record<SpatialFilter['operator'], string>

function like({ operand, pattern, ignoresCase }: Like, dialect: FilterDialect): XmlTree {
  if (operand.kind !== 'property') throw new UnsaidError('PropertyIsLike is of a property only')
  const text = pattern
    .map(part => (typeof part === 'string' ? part.replaceAll(/[*?\\]/g, '\\$&') : part.any === 'many' ? '*' : '?'))
    .join('')
  const escaping = dialect.version === '1.0.0' ? { escape: '\\' } : { escapeChar: '\\' }
  return ogcTree(
    'ogc:PropertyIsLike',
    { wildCard: '*', singleChar: '?', ...escaping, ...matchCase(ignoresCase, dialect) },
    writeExpression(operand),
    ogcTree('ogc:Literal', {}, text),
  )
}

function distance(filter: DistanceFilter, { version }: FilterDialect): XmlTree {
  const { operator, property: name, geometry, distance, metresPerUnit, stretch } = filter
  if (stretch) throw new UnsaidError('a distance that was brought to the units of a table is no longer one in metres')
  // Without metres: the units of the data.
  const measured = ogcTree('ogc:Distance', { units: metresPerUnit === undefined ? 'unit' : 'm' }, distance * (metresPerUnit ?? 1))
  return ogcTree(
    operator === 'within' ? 'ogc:DWithin' : 'ogc:Beyond',
    {},
    writeExpression(property(name)),
    writeGeometry(geometry, version),
    measured,
  )
}
