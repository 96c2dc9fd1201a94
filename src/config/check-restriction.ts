import { type Parameter, parameterKind, parameterValue } from '#core/parameter.js'
import { parseEcqlTemplate } from '#filters/ecql/parse-ecql.js'
import { FilterError } from '#filters/filter-error.js'
import { parametersOf } from '#filters/parameters.js'
import type { MeaningCheck } from './check-meaning.js'
import { didYouMean } from './nearest-word.js'
import type { RawCollection } from './raw-config.js'

/** Faults of the filter of a collection and its parameters, as far as they show without the table. */
export function checkRestriction(pointer: string, { files, filter, params = {} }: RawCollection, fault: MeaningCheck): void {
  if (files !== undefined) {
    if (filter !== undefined) fault(`${pointer}/filter`, 'rasters have no columns: "files" says which there are')
    if (Object.keys(params).length > 0) fault(`${pointer}/params`, 'rasters have no columns: "files" says which there are')
    return
  }
  const names = Object.keys(params)
  const used = filter === undefined ? [] : usedIn(`${pointer}/filter`, filter, fault)
  for (const name of used ?? [])
    if (!names.includes(name)) fault(`${pointer}/filter`, `:${name} is not among "params"${didYouMean(name, names)}`)
  const known = new Set<string>()
  for (const [name, raw] of Object.entries(params)) {
    const at = `${pointer}/params/${name}`
    if (known.has(name.toLowerCase())) fault(at, 'upper and lower case are one in requests, and there is a parameter of that name', 'key')
    known.add(name.toLowerCase())
    if (used && !used.includes(name)) fault(at, `the filter does not ask for :${name}`, 'key')
    checkParameter(at, { name, ...raw }, fault)
  }
}

function usedIn(at: string, filter: string, fault: MeaningCheck): readonly string[] | undefined {
  try {
    return parametersOf(parseEcqlTemplate(filter))
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    fault(at, `it cannot be read. ${error.message}`)
    return undefined
  }
}

function checkParameter(at: string, parameter: Parameter, fault: MeaningCheck): void {
  const { type, values = [], pattern } = parameter
  if (pattern !== undefined && (type !== 'text' || !isPattern(pattern))) {
    fault(`${at}/pattern`, type === 'text' ? 'this is not a regular expression' : 'only texts have a pattern')
    return
  }
  const { values: _, ...open } = parameter
  const isOf = (one: Parameter, value: Parameter['default']) => parameterValue(one, String(value)) === value
  for (const [i, value] of values.entries()) if (!isOf(open, value)) fault(`${at}/values/${i}`, `this is not ${parameterKind(open)}`)
  if (!isOf(parameter, parameter.default)) fault(`${at}/default`, `this is not ${parameterKind(parameter)}`)
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u')
    return true
  } catch {
    return false
  }
}
