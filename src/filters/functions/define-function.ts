import type { Scalar } from '../expression.js'

/** How an argument arrives: `any` as it is, `geometry` as EWKB, the others converted. */
export type ParameterType = 'number' | 'text' | 'boolean' | 'any' | 'geometry'
/** What a function gives, unless it is null. */
export type ResultType = Exclude<ParameterType, 'geometry'>

/** A function of the table; what does not suit its parameters arrives as null. */
export interface FilterFunction {
  readonly name: string
  readonly aliases: readonly string[]
  /** The last one stands for all that follow when `isVariadic`. */
  readonly parameters: readonly ParameterType[]
  readonly fewest: number
  readonly isVariadic: boolean
  readonly result: ResultType
  /** Called with nulls, too; otherwise one null makes the result null. */
  readonly takesNull: boolean
  readonly evaluate: (args: readonly (Scalar | Uint8Array | undefined)[]) => Scalar
}

/**
 * One line of the table. `signature` names the types of the arguments, `?` behind one that may be left out, `…` behind one that may be
 * repeated; `null` first when nulls are arguments like others. `names`: the canonical one, then what other programs call it.
 */
export function define(
  names: string,
  signature: string,
  result: ResultType,
  evaluate: (...args: never[]) => Scalar | undefined,
): FilterFunction {
  const [name, ...aliases] = names.split(' ')
  const words = signature.split(' ').filter(Boolean)
  const takesNull = words[0] === 'null'
  const types = takesNull ? words.slice(1) : words
  const apply = evaluate as unknown as (...args: readonly unknown[]) => Scalar | undefined
  return {
    name,
    aliases,
    parameters: types.map(word => word.replace(/[?…]$/, '') as ParameterType),
    fewest: types.filter(word => !word.endsWith('?')).length,
    isVariadic: types.at(-1)?.endsWith('…') ?? false,
    result,
    takesNull,
    evaluate: args => apply(...args) ?? null,
  }
}
