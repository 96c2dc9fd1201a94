import type { FilterError, FilterErrorKind } from '#filters/filter-error.js'
import { Problem, type ProblemKind } from './problem.js'

const kinds = {
  malformed: 'invalid-parameter',
  unsupported: 'unsupported',
  'too-large': 'too-large',
  'unknown-property': 'unknown-property',
  'unknown-function': 'invalid-parameter',
  'unknown-crs': 'unknown-crs',
} as const satisfies Record<FilterErrorKind, ProblemKind>

/** What is wrong with a filter, as a Problem. */
export function problemOfFilter(error: FilterError): Problem {
  return new Problem(kinds[error.kind], error.message, { ...(error.locator !== undefined && { locator: error.locator }), cause: error })
}

/** The same of a filter that a parameter says, `what` going before: whatever is not understood of it is a fault of that parameter. */
export function problemOfParameter(parameter: string, what: string, error: FilterError): Problem {
  const { kind, message } = error
  const isOwn = kind === 'too-large' || kind === 'unknown-property'
  return new Problem(isOwn ? kind : 'invalid-parameter', `${parameter} ${what}. ${message}`, {
    locator: parameter.toLowerCase(),
    cause: error,
  })
}
