import type { Grammar } from './grammar.js'
import { type RequestPart, randomRequest, shorterPart } from './request.js'
import { servedDemo } from './served-demo.js'
import type { Target } from './target.js'

/** Requests of a grammar, sent to the built server over the demo. */
export function requestTarget(grammar: Grammar): Target {
  const target: Target<readonly RequestPart[]> = {
    name: grammar.name,
    title: grammar.title,
    cases: grammar.cases,
    growth: 400,
    make: random => ({ base: '', parts: randomRequest(random, grammar) }),
    inputOf: ({ parts }) => parts as readonly RequestPart[],
    shorter: part => shorterPart(part as RequestPart),
    start: servedDemo,
  }
  return target as Target
}
