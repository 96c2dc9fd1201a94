import type { Problem, ProblemKind } from '#core/problem.js'
import type { ServiceAnswer } from '#protocols/http/service.js'
import { utf8Type } from './utf8-type.js'

/** How one service in one version names each kind of problem, and with which HTTP status it answers. */
export type ExceptionCodes = Readonly<Record<ProblemKind, { readonly code: string; readonly status: number }>>

/** A problem in the words of a service. */
export interface ServiceException {
  readonly code: string
  readonly status: number
  readonly locator?: string
  readonly message: string
}

export function exceptionOf(problem: Problem, codes: ExceptionCodes): ServiceException {
  return { ...codes[problem.kind], locator: problem.locator, message: problem.message }
}

/** Headers that go with a problem, whatever its form. */
export function problemHeaders(problem: Problem): Record<string, string> {
  return problem.retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(problem.retryAfter)) }
}

/** An exception report as an answer: never stored. */
export function reportAnswer(problem: Problem, { status }: ServiceException, mediaType: string, body: string): ServiceAnswer {
  return { status, mediaType: utf8Type(mediaType), body, cacheSeconds: 0, headers: problemHeaders(problem) }
}
