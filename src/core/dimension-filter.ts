import type { Expression } from '#filters/expression.js'
import type { Comparison, Filter } from '#filters/filter.js'
import type { ChosenValues } from './choose-values.js'
import type { ColumnForm, DimensionCarrier, Span } from './dimension.js'
import { floorTime } from './iso-time.js'

/** The rows that have such values of a dimension that columns carry; undefined where rows do not carry it, or all have. */
export function dimensionFilter(carrier: DimensionCarrier, values: ChosenValues): Filter | undefined {
  if (values.kind === 'all') return undefined
  switch (carrier.kind) {
    case 'column':
      return columnFilter(carrier.column, carrier.as, values)
    case 'columns':
      return anyOf(spansOf(values).map(span => heldDuring(carrier, span)))
    case 'texts': {
      const spans = spansOf(values)
      const meant = carrier.texts.filter(({ from, to, precision }) =>
        spans.some(span => from < span.to && to > floorTime(span.from, precision)),
      )
      return among(carrier.column, [...new Set(meant.map(({ text }) => text))])
    }
    default:
      return undefined
  }
}

/** The spans that were chosen; none where it is everything, or words. */
export const spansOf = (values: ChosenValues): readonly Span[] => (values.kind === 'spans' ? values.spans : [])

function columnFilter(column: string, as: ColumnForm, values: ChosenValues): Filter {
  if (values.kind === 'words') return among(column, values.words)
  const spans = spansOf(values)
  // numbers one by one are a list, which an index serves at once
  if (as === 'number' && spans.length > 1 && spans.every(({ from, to }) => from === to))
    return among(
      column,
      spans.map(({ from }) => from),
    )
  return anyOf(spans.map(span => allOf([...startingBefore(column, as, span), ...endingAfter(column, as, span)])))
}

/** Rows that hold at some time of a span; an end that is not there never comes. */
function heldDuring(
  { start, end, as }: { readonly start: string; readonly end: string; readonly as: readonly [ColumnForm, ColumnForm] },
  span: Span,
): Filter {
  const orOpen = (column: string, filters: readonly Filter[]): readonly Filter[] =>
    filters.length === 0 ? [] : [anyOf([{ kind: 'isNull', operand: property(column) }, ...filters])]
  return allOf([...orOpen(start, startingBefore(start, as[0], span)), ...orOpen(end, endingAfter(end, as[1], span))])
}

/** The values of a column that lie before the end of a span. */
function startingBefore(column: string, as: ColumnForm, { from, to }: Span): readonly Filter[] {
  if (!Number.isFinite(to)) return []
  if (as === 'number') return [compare(column, from === to ? '=' : '<=', to)]
  return [as === 'year' ? compare(column, '<=', yearOf(to - 1)) : compare(column, '<', momentText(to))]
}

/** The values of a column that lie at its beginning or behind: a day lasts until midnight, a year until its end. */
function endingAfter(column: string, as: ColumnForm, { from, to }: Span): readonly Filter[] {
  if (!Number.isFinite(from)) return []
  if (as === 'number') return from === to ? [] : [compare(column, '>=', from)]
  if (as === 'year') return [compare(column, '>=', yearOf(from))]
  return [compare(column, '>=', momentText(as === 'day' ? floorTime(from, 'day') : from))]
}

const property = (name: string): Expression => ({ kind: 'property', name })
const literal = (value: string | number): Expression => ({ kind: 'literal', value })
const compare = (column: string, operator: Comparison['operator'], value: string | number): Filter => ({
  kind: 'compare',
  operator,
  left: property(column),
  right: literal(value),
})
const among = (column: string, values: readonly (string | number)[]): Filter =>
  values.length === 0 ? { kind: 'constant', value: false } : { kind: 'in', operand: property(column), values: values.map(literal) }

const allOf = (all: readonly Filter[]): Filter =>
  all.length === 0 ? { kind: 'constant', value: true } : all.length === 1 ? all[0] : { kind: 'and', all }
const anyOf = (any: readonly Filter[]): Filter =>
  any.length === 0 ? { kind: 'constant', value: false } : any.length === 1 ? any[0] : { kind: 'or', any }

const yearOf = (moment: number) => new Date(moment).getUTCFullYear()
const momentText = (moment: number) => new Date(moment).toISOString()
