import type { Scalar } from '#filters/expression.js'
import { instantOfText } from '#filters/instants.js'

/** What the value of a parameter is read as. */
export type ParameterType = 'integer' | 'number' | 'text' | 'date' | 'boolean'

/** A value that a request may give to the restriction of a collection. */
export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  /** Where a request gives none. */
  readonly default: Scalar
  /** Nothing else is taken. */
  readonly values?: readonly Scalar[]
  /** Of texts: a regular expression for the whole of it. */
  readonly pattern?: string
}

/** Most characters of a value. */
const longest = 1000

/** The value that a text stands for; undefined where it is none of the parameter. */
export function parameterValue({ type, values, pattern }: Parameter, text: string): Scalar | undefined {
  if (text.length > longest) return undefined
  const value = readers[type](text)
  if (value === undefined || (values && !values.includes(value))) return undefined
  return pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(text) ? value : undefined
}

const readers: Readonly<Record<ParameterType, (text: string) => Scalar | undefined>> = {
  integer: text => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined),
  number: text => (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined),
  // no database takes the character 0
  text: text => (text.includes('\0') ? undefined : text),
  date: text => (/^\d{4}-\d\d-\d\d$/.test(text) && instantOfText(text) !== null ? text : undefined),
  boolean: text => (/^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined),
}

const kinds: Readonly<Record<ParameterType, string>> = {
  integer: 'an integer',
  number: 'a number',
  text: `a text of at most ${longest} characters`,
  date: 'a date such as 2024-06-30',
  boolean: 'true or false',
}

/** What the values of a parameter are, for messages. */
export function parameterKind({ type, values, pattern }: Parameter): string {
  const some = values && (values.length > 20 ? `${values.slice(0, 20).join(', ')}, …` : values.join(', '))
  return `${kinds[type]}${pattern === undefined ? '' : ` like ${pattern}`}${some === undefined ? '' : `, one of ${some}`}`
}
