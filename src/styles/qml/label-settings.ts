import type { Expression } from '#filters/expression.js'
import { attributeOf, childOf, type XmlElement } from '#xml/read.js'
import type { ColorValue } from '../color-value.js'
import type { Length, Value } from '../style.js'
import { times } from '../values.js'
import { dataDefinedOf, valueOfDataDefined } from './data-defined.js'
import { noteEffects } from './effects.js'
import { qmlColor } from './qml-color.js'
import { lengthIn, unitOf } from './qml-length.js'
import { colorOf } from './symbol-layer.js'

/** Attributes of the parts of label settings, with what is computed for each feature. */
export interface LabelSettings {
  readonly text: (name: string) => string | undefined
  readonly number: (name: string, otherwise: number) => number
  readonly flag: (name: string) => boolean
  readonly length: (name: string, unit: string, otherwise: number, computed?: string, whole?: Value<number>) => Length
  readonly color: (name: string, opacity: string, computed: string, computedOpacity: string) => ColorValue
  readonly computed: (name: string) => Expression | undefined
  readonly element: (name: string) => XmlElement | undefined
  readonly note: (message: string) => void
  /** Notes what is computed and was not asked for. */
  readonly finish: () => void
}

/** Parts, the most inner first: their attributes have names of their own. */
export function openSettings(settings: XmlElement, note: (message: string) => void): LabelSettings {
  const style = childOf(settings, 'text-style')
  const parts = [
    style,
    style && childOf(style, 'text-buffer'),
    style && childOf(style, 'background'),
    style && childOf(style, 'shadow'),
    style && childOf(style, 'text-mask'),
    ...['text-buffer', 'background', 'shadow', 'text-format', 'placement', 'rendering'].map(name => childOf(settings, name)),
  ].filter(part => part !== undefined)
  for (const part of parts) noteEffects(part, note)
  const defined = new Map(
    [...dataDefinedOf(settings, new Map(), 'dd_properties'), ...(style ? dataDefinedOf(style, new Map(), 'dd_properties') : [])].map(
      one => [one.name, one],
    ),
  )
  const text = (name: string) => {
    for (const part of parts) {
      const value = attributeOf(part, name)
      if (value !== undefined) return value
    }
    return undefined
  }
  const number = (name: string, otherwise: number) => {
    const value = Number(text(name) ?? otherwise)
    return Number.isFinite(value) ? value : otherwise
  }
  const computed = (name: string) => {
    const one = defined.get(name)
    defined.delete(name)
    return one && valueOfDataDefined(one, note)
  }
  return {
    text,
    number,
    computed,
    note,
    flag: name => text(name) === '1' || text(name) === 'true',
    length: (name, unit, otherwise, property, whole) =>
      lengthIn((property && computed(property)) || number(name, otherwise), unitOf(text(unit), note), whole),
    color(name, opacity, property, opacityProperty) {
      const fixed = qmlColor(text(name))
      const value = computed(property)
      const share = computed(opacityProperty)
      const own = value ? colorOf(value, fixed, note) : fixed
      return { color: own.color, opacity: times(own.opacity, share ? times(share, 0.01) : number(opacity, 1)) }
    },
    element: name => childOf(settings, name) ?? (style && childOf(style, name)),
    finish() {
      for (const name of defined.keys()) note(`${name} is not computed for each label`)
    },
  }
}
