import { toProblem } from '#core/problem.js'
import { problemAnswer } from '#protocols/http/problem-json.js'
import type { Service, ServiceContext } from '#protocols/http/service.js'

/** A service whose Problems become `application/problem+json`; what else it throws is told to the log. */
export function answering({ log }: Pick<ServiceContext, 'log'>, what: string, service: Service): Service {
  return async request => {
    try {
      return await service(request)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.kind === 'internal') log.error({ err: problem.cause ?? error }, `${what} failed`)
      return problemAnswer(problem)
    }
  }
}
