import type { Expression } from '#filters/expression.js'
import { type ColorValue, splitColor } from '../color-value.js'
import type { Notes } from '../notes.js'
import type { Offset, Value } from '../style.js'
import { UnreadPart } from '../unread-part.js'
import { times } from '../values.js'
import { inert } from './inert.js'
import { atZoom, memberOf, modernise, zoomSteps } from './modernise.js'
import { newScope, readExpression, type Wanted } from './read-expression.js'

/** A layer as the style has it. */
export interface MapLibreLayer {
  readonly id: string
  readonly type: string
  readonly source?: string
  readonly 'source-layer'?: string
  readonly minzoom?: number
  readonly maxzoom?: number
  readonly filter?: unknown
  readonly layout: Readonly<Record<string, unknown>>
  readonly paint: Readonly<Record<string, unknown>>
}

/** Properties of a layer, at zooms between which nothing changes that cannot be computed. What is asked for counts as read. */
export interface LayerProperties {
  readonly has: (name: string) => boolean
  readonly number: (name: string, otherwise: number) => Value<number>
  readonly text: (name: string) => Value<string> | undefined
  /** A colour and its opacity times that of the property `opacity`. */
  readonly color: (name: string, otherwise: string, opacity?: string) => ColorValue
  /** Two numbers, in pixels or times `unit`. */
  readonly pair: (name: string, unit?: Value<number>) => Offset | undefined
  /** One of a few words, of which an expression cannot choose. */
  readonly word: <T extends string>(name: string, words: readonly T[]) => T
  /** A value that is not computed, as it stands in the style. */
  readonly constant: (name: string) => unknown
  /** As it stands in the style, functions made expressions. */
  readonly raw: (name: string) => unknown
  readonly note: (message: string) => void
}

/** A layer while it is read. */
export interface LayerReader {
  readonly layer: MapLibreLayer
  /** Zooms within the layer's own at which words and lists change. */
  readonly steps: readonly number[]
  readonly at: (zoom: number) => LayerProperties
  /** Notes what was never asked for and would change the picture. */
  readonly finish: () => void
}

/** Zooms at which one layer may change: as many rules are made of it. */
const mostSteps = 50

/** Values of these are words, lists and truths: between stops they are not mixed. */
const unmixed =
  /-(cap|join|anchor|alignment|placement|transform|font|dasharray|pattern|image|overlap|fit|justify|field|order|method|optional|edges)$|^visibility$/

/** Opens a layer for reading; what cannot be read is in `notes`. */
export function readLayer(layer: MapLibreLayer, notes: Notes): LayerReader {
  const all: Readonly<Record<string, unknown>> = { ...layer.paint, ...layer.layout }
  const modern = new Map<string, unknown>()
  const read = new Set<string>()
  const note = (message: string) => notes.add(message, layer.id)

  const propertyValue = (name: string, otherwise: unknown = null): unknown => {
    read.add(name)
    if (!Object.hasOwn(all, name) || all[name] === null) return undefined
    if (!modern.has(name)) modern.set(name, modernise(all[name], !unmixed.test(name), otherwise))
    return modern.get(name)
  }
  /** What `make` makes of a property, or what stands for it when it cannot be read. */
  const attempt = <T>(name: string, make: () => T, instead: () => T): T => {
    try {
      return make()
    } catch (error) {
      if (!(error instanceof UnreadPart)) throw error
      note(`${name} is left at its default: ${error.message}`)
      return instead()
    }
  }
  const expression = (name: string, json: unknown, wanted: Wanted): Value<string | number | boolean> => {
    const result: Expression = readExpression(
      json,
      wanted,
      newScope(message => note(`${name}: ${message}`)),
    )
    if (result.kind !== 'literal') return result
    return result.value ?? fail(`${name} of nothing`)
  }

  const at = (zoom: number): LayerProperties => {
    const here = (name: string, otherwise?: unknown) => atZoom(propertyValue(name, otherwise), zoom)
    const number = (name: string, otherwise: number): Value<number> =>
      attempt(
        name,
        () => numeric(name, here(name, otherwise), otherwise),
        () => otherwise,
      )
    const numeric = (name: string, json: unknown, otherwise: number): Value<number> => {
      if (json === undefined) return otherwise
      const value = expression(name, json, 'number')
      return typeof value === 'object' || typeof value === 'number' ? value : fail('it is no number')
    }
    return {
      note,
      number,
      raw: name => here(name),
      has: name => here(name) !== undefined,
      text: name =>
        attempt(
          name,
          () => {
            const json = here(name)
            if (json === undefined) return undefined
            const value = expression(name, typeof json === 'string' ? tokens(json) : json, 'text')
            return typeof value === 'object' || typeof value === 'string' ? value : String(value)
          },
          () => undefined,
        ),
      color(name, otherwise, opacity) {
        const { color, opacity: alpha } = attempt(
          name,
          () => splitColor(expression(name, here(name, otherwise) ?? otherwise, 'color') as Value<string>),
          () => splitColor(otherwise),
        )
        return { color, opacity: opacity === undefined ? alpha : times(number(opacity, 1), alpha) }
      },
      pair: (name, unit = 1) =>
        attempt(
          name,
          () => {
            const json = here(name, [0, 0])
            if (json === undefined) return undefined
            const [x, y] = [0, 1].map(i => times(numeric(name, memberOf(json, i), 0), unit))
            return x === 0 && y === 0 ? undefined : [x, y]
          },
          () => undefined,
        ),
      word(name, words) {
        const value = here(name)
        if (value === undefined) return words[0]
        const found = words.find(word => word === value)
        if (!found) note(`${name} is left at ${words[0]}: ${JSON.stringify(value).slice(0, 80)} is none of ${words.join(', ')}`)
        return found ?? words[0]
      },
      constant(name) {
        const value = here(name)
        if (!Array.isArray(value) || typeof value[0] !== 'string') return value
        if (value[0] === 'literal') return value[1]
        if (value.every(item => typeof item === 'string')) return value
        note(`${name} is left at its default: it is computed`)
        return undefined
      },
    }
  }

  const [least, most] = [layer.minzoom ?? 0, layer.maxzoom ?? 24]
  const stepped = Object.keys(all).flatMap(name => {
    const steps = unmixed.test(name) ? zoomSteps(propertyValue(name)) : []
    read.delete(name)
    return steps
  })
  const steps = [...new Set(stepped)].filter(zoom => zoom > least && zoom < most).sort((a, b) => a - b)
  if (steps.length > mostSteps) note(`it changes at more than the ${mostSteps} zooms that are kept`)
  return {
    layer,
    at,
    steps: steps.slice(0, mostSteps),
    finish() {
      for (const name of Object.keys(all)) {
        if (read.has(name)) continue
        const harmless = inert[name]
        if (harmless === undefined) note(`${name} is no property that is known here`)
        else if (!harmless.includes('*') && !harmless.includes(JSON.stringify(all[name]))) note(`${name} is not kept`)
      }
    },
  }
}

const fail = (what: string): never => {
  throw new UnreadPart(what)
}

/** `{name}` in texts of older styles. */
function tokens(text: string): unknown {
  const parts = text.split(/\{([^{}]+)\}/)
  if (parts.length === 1) return text
  const pieces = parts.map((part, i) => (i % 2 === 1 ? ['to-string', ['get', part]] : part)).filter(part => part !== '')
  return pieces.length === 1 ? pieces[0] : ['concat', ...pieces]
}
