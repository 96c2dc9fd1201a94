import type { Expression } from '#filters/expression.js'
import { attributeOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { ColorValue } from '../color-value.js'
import { splitColor } from '../color-value.js'
import type { Notes } from '../notes.js'
import type { GeometryChoice, Length, Value } from '../style.js'
import { UnreadPart } from '../unread-part.js'
import { literal, mapResults, times } from '../values.js'
import { dataDefinedOf, valueOfDataDefined } from './data-defined.js'
import { harmless } from './harmless.js'
import { textsOf } from './options.js'
import { parseQmlColor, qmlColor } from './qml-color.js'
import { lengthIn, unitOf } from './qml-length.js'

/** Where a symbol stands, and what holds for all its layers. */
export interface SymbolScope {
  readonly notes: Notes
  readonly place: string
  readonly opacity: Value<number>
  readonly geometry?: GeometryChoice
  /** That of its first layer, which others may take. */
  readonly symbolColor?: ColorValue
  /** Levels of symbols within symbols. */
  readonly depth: number
}

/** One layer of a symbol. What is asked for counts as read. */
export interface SymbolLayer {
  readonly kind: string
  readonly level: number
  readonly scope: SymbolScope
  /** As it is written, by its name or one of older versions. */
  readonly text: (...names: readonly string[]) => string | undefined
  readonly number: (name: string, otherwise: number) => number
  /** In pixels or on the ground; computed where the property `computed` is. */
  readonly length: (name: string, computed: string | undefined, otherwise: number) => Length
  readonly pair: (name: string) => readonly [Length, Length] | undefined
  /** With the opacity of the symbol. */
  readonly color: (names: readonly string[], computed: string) => ColorValue
  readonly computed: (name: string) => Expression | undefined
  readonly subSymbols: readonly XmlElement[]
  readonly note: (message: string) => void
  /** Notes what was not asked for and is not as QGIS has it when it is left alone. */
  readonly finish: () => void
}

/** Opens a layer for reading; what cannot be read is in the notes of `scope`. */
export function openLayer(element: XmlElement, scope: SymbolScope): SymbolLayer {
  const kind = attributeOf(element, 'class') ?? 'layer without class'
  const place = `${scope.place}${scope.place && '/'}${kind}`
  const texts = textsOf(element)
  const read = new Set<string>()
  const defined = new Map(dataDefinedOf(element, texts).map(one => [one.name, one]))
  const note = (message: string) => scope.notes.add(message, place, element.line)
  const text = (...names: readonly string[]) => {
    for (const name of names) {
      read.add(name)
      const value = texts.get(name)
      if (value !== undefined) return value
    }
    return undefined
  }
  const computed = (name: string) => {
    const one = defined.get(name)
    defined.delete(name)
    return one && valueOfDataDefined(one, note)
  }
  const number = (name: string, otherwise: number) => {
    const value = text(name)
    const number = value === undefined || value === '' ? otherwise : Number(value)
    if (Number.isFinite(number)) return number
    note(`${name} is ${otherwise}: ${value?.slice(0, 40)} is no number`)
    return otherwise
  }
  const unit = (name: string) => unitOf(text(`${name}_unit`), note)
  const alpha = computed('alpha')
  const opacity = times(scope.opacity, alpha ? times(alpha, 0.01) : 1)
  return {
    kind,
    level: Math.min(1000, Math.max(0, Number.parseInt(attributeOf(element, 'pass') ?? '0', 10) || 0)),
    scope: { ...scope, place, opacity },
    text,
    number,
    computed,
    note,
    subSymbols: childrenOf(element, 'symbol'),
    length(name, property, otherwise) {
      const fixed = number(name, otherwise)
      return lengthIn((property && computed(property)) || fixed, unit(name))
    },
    pair(name) {
      const [x, y] = (text(name) ?? '0,0').split(',').map(Number)
      const value = computed(name)
      if (value) note(`${name} is not computed`)
      if (!Number.isFinite(x) || !Number.isFinite(y) || (x === 0 && y === 0)) return undefined
      const of = unit(name)
      return [lengthIn(x, of), lengthIn(y, of)]
    },
    color(names, property) {
      const fixed = qmlColor(text(...names))
      const isSymbols = defined.get(property)?.expression.trim().toLowerCase() === '@symbol_color'
      if (isSymbols) defined.delete(property)
      if (isSymbols && scope.symbolColor) return { ...scope.symbolColor, opacity: times(scope.symbolColor.opacity, opacity) }
      const value = computed(property)
      const own = value ? colorOf(value, fixed, note) : fixed
      return { color: own.color, opacity: times(own.opacity, opacity) }
    },
    finish() {
      for (const name of defined.keys()) note(`${name} is not computed for each feature`)
      for (const [name, value] of texts) if (!read.has(name) && !harmless(name, value)) note(`${name} = ${value.slice(0, 60)} is not kept`)
    },
  }
}

/** A colour that is computed, `r,g,b` among its results made what CSS has. Those in the data have to be `#rrggbb`. */
export function colorOf(value: Expression, otherwise: ColorValue, note: (message: string) => void): ColorValue {
  try {
    const css = mapResults(value, leaf => {
      const color = leaf.kind === 'literal' && typeof leaf.value === 'string' ? parseQmlColor(leaf.value) : undefined
      if (!color) return leaf
      const alpha = Math.round(255 * color.opacity)
        .toString(16)
        .padStart(2, '0')
      return literal(color.opacity === 1 ? color.color : color.color + alpha)
    })
    if (value.kind === 'property') note('colours of the data are read where they are written #rrggbb')
    return splitColor(css ?? value)
  } catch (error) {
    if (!(error instanceof UnreadPart)) throw error
    note(`a colour is not computed: ${error.message}`)
    return otherwise
  }
}
