import type { Expression } from '#filters/expression.js'
import { isExpression } from '../computed.js'
import type { Length, Value } from '../style.js'
import { UnreadPart } from '../unread-part.js'
import { asExpression, isInPixels } from '../values.js'
import { hoistZoom } from './hoist-zoom.js'
import { type Json, writeExpression } from './write-expression.js'

/** Writes values of one layer; what cannot be written is noted and becomes what stands for it. */
export interface ValueWriter {
  readonly number: (name: string, value: Value<number> | undefined, otherwise: number) => Json
  readonly color: (name: string, value: Value<string> | undefined, otherwise: string) => Json
  readonly text: (name: string, value: Value<string> | Expression, otherwise: string) => Json
  readonly length: (name: string, value: Length | undefined, otherwise: number) => Json
  /** Of lengths that have to be numbers. */
  readonly fixed: (name: string, value: Length | undefined, otherwise: number) => number
  readonly note: (message: string) => void
}

/** Values of one layer; `note` hears of what they lose. */
export function valueWriter(note: (message: string) => void): ValueWriter {
  const written = (name: string, value: Expression, as: 'number' | 'color' | 'text', otherwise: Json): Json => {
    try {
      const { expression, isSampled } = hoistZoom(value)
      if (isSampled) note(`${name} follows the zoom by its values at whole ones`)
      return writeExpression(expression, as)
    } catch (error) {
      if (!(error instanceof UnreadPart)) throw error
      note(`${name} is written as its default: MapLibre has no counterpart of ${error.message}`)
      return otherwise
    }
  }
  const number = (name: string, value: Value<number> | undefined, otherwise: number): Json =>
    isExpression(value ?? otherwise)
      ? written(name, asExpression(value ?? otherwise), 'number', otherwise)
      : ((value as number | undefined) ?? otherwise)
  return {
    note,
    number,
    color: (name, value, otherwise) =>
      value !== undefined && isExpression(value) ? written(name, value, 'color', otherwise) : (value ?? otherwise),
    text: (name, value, otherwise) => (typeof value === 'object' ? written(name, value, 'text', otherwise) : value),
    length(name, value, otherwise) {
      if (value === undefined || isInPixels(value)) return number(name, value, otherwise)
      const metres = written(name, asExpression(value.metres), 'number', otherwise)
      if (!isZoomFree(value.metres)) note(`${name} on the ground is written as its value in the middle of the zooms`)
      return [
        'interpolate',
        ['exponential', 2],
        ['zoom'],
        0,
        scaled(metres, 1 / metresAtZoom0),
        24,
        scaled(metres, 2 ** 24 / metresAtZoom0),
      ]
    },
    fixed(name, value, otherwise) {
      if (typeof value === 'number') return value
      if (value !== undefined) note(`${name} is written as ${otherwise}: it is computed or on the ground`)
      return otherwise
    },
  }
}

/** Metres at the equator of a pixel at zoom 0, whose world has 512. */
const metresAtZoom0 = (2 * Math.PI * 6_378_137) / 512

const scaled = (value: Json, by: number): Json => (typeof value === 'number' ? value * by : ['*', value, by])
const isZoomFree = (value: Value<number>) => !isExpression(value) || !hoistZoom(value).isSampled
