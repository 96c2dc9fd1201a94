import type { Problem, ProblemKind } from '#core/problem.js'
import type { ServiceAnswer } from './service.js'

/** HTTP status of each kind of problem, where no standard of the service says otherwise. */
export const statusOf = {
  'missing-parameter': 400,
  'invalid-parameter': 400,
  'unknown-operation': 400,
  'unsupported-version': 400,
  'unsupported-format': 400,
  'unknown-collection': 404,
  'unknown-style': 404,
  'unknown-crs': 400,
  'unknown-property': 400,
  'not-queryable': 400,
  'invalid-point': 400,
  'invalid-dimension': 400,
  'missing-dimension': 400,
  'update-sequence-current': 400,
  'update-sequence-ahead': 400,
  'too-large': 400,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  malformed: 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  unprocessable: 422,
  unauthorized: 401,
  forbidden: 403,
  conflict: 409,
  'precondition-failed': 412,
  'precondition-required': 428,
  unsupported: 501,
  'invalid-data': 500,
  deadline: 503,
  cancelled: 499,
  overloaded: 503,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ProblemKind, number>

/** `application/problem+json` (RFC 9457), with what went wrong in the client's terms. */
export function problemAnswer(problem: Problem): ServiceAnswer {
  const status = statusOf[problem.kind]
  const body = {
    type: 'about:blank',
    title: problem.kind.replaceAll('-', ' '),
    status,
    detail: problem.message,
    ...(problem.locator && { parameter: problem.locator }),
    ...(problem.faults && { errors: problem.faults.map(({ pointer, message }) => ({ detail: message, pointer: `#${pointer}` })) }),
  }
  return {
    status,
    mediaType: 'application/problem+json',
    body: JSON.stringify(body),
    cacheSeconds: 0,
    headers: problem.retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(problem.retryAfter)) },
  }
}
