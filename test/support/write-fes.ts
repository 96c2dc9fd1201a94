import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { UnsaidError } from '#filters/ogc/write-expression.js'
import { writeFilter } from '#filters/ogc/write-filter.js'
import { mapFilter } from '#filters/walk.js'
import { writeElement } from '#xml/write-element.js'

/** A filter in FES 2.0: what the writer of 1.1.0 makes, in the words of the later version. Throws UnsaidError. */
export function writeFes(filter: Filter): string {
  mapFilter(filter, { expression: withoutChoice })
  return writeElement(writeFilter(filter, { version: '1.1.0' }))
    .text.replaceAll(/ogc:PropertyName/g, 'fes:ValueReference')
    .replaceAll(/<ogc:(Add|Sub|Mul|Div)>/g, '<fes:Function name="$1">')
    .replaceAll(/<\/ogc:(Add|Sub|Mul|Div)>/g, '</fes:Function>')
    .replaceAll('<ogc:Distance units=', '<ogc:Distance uom=')
    .replaceAll('"http://www.opengis.net/ogc"', '"http://www.opengis.net/fes/2.0"')
    .replaceAll('"http://www.opengis.net/gml"', '"http://www.opengis.net/gml/3.2"')
    .replaceAll(/(<\/?|xmlns:)ogc(?=[:=])/g, '$1fes')
}

/** As a function, a choice has no type of its own, and is compared value by value. */
function withoutChoice(one: Expression): Expression {
  if (one.kind === 'choice') throw new UnsaidError('FES 2.0 has no choice')
  return one
}

/** In XML every literal is a text. */
export const withTexts = (filter: Filter): Filter =>
  mapFilter(filter, {
    expression: one => (one.kind === 'literal' && one.value !== null ? { ...one, value: String(one.value) } : one),
    filter: one => one,
  })
