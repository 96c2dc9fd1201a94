import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Atlas } from '#core/atlas.js'
import { bufferPool } from './buffer-pool.js'
import { urlForLog } from './log-url.js'
import type { Log, RepeatBody } from './service.js'
import { spellingOf } from './spelled-response.js'

/** Addresses that are remembered: some 5 MB of them. */
const most = 8192
/** Addresses and formats that are longer are odd, and not remembered. */
const longest = 500
/** What of an answer is another one each time. */
const changing = new Set(['x-request-id', 'server-timing', 'content-length', 'connection'])
/** Headers of requests whose answers depend on more than their address and Accept. */
const particular = ['if-none-match', 'authorization', 'x-api-key', 'content-length', 'transfer-encoding', 'expect', 'upgrade'] as const

interface Repeatable {
  readonly repeat: RepeatBody
  /** Names and values in turn. */
  readonly headers: readonly string[]
  /** The address as it is logged. */
  readonly url: string
}

/** Answers whose bodies can be made again at once, by address. */
export interface RepeatedAnswers {
  /** Notes an answer that is being sent, where it depends on nothing but the address, Accept and the atlas. */
  keep(request: FastifyRequest, reply: FastifyReply, atlas: Atlas, repeat: RepeatBody): void
  /** Answers with what is known, in memory that is used again; false, and nothing done, where nothing is. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
}

/**
 * Knows again what was answered before: what an address means is not found out twice, only its bytes are read, which never waits. All that is kept
 * belongs to one atlas, and only plain GETs are answered, before anything else looks at them; everything else takes the usual way.
 */
export function repeatedAnswers(atlas: () => Atlas, newId: (request: IncomingMessage) => string, log: Log): RepeatedAnswers {
  let [current, answers] = [atlas(), new Map<string, Repeatable>()]
  const buffers = bufferPool()

  const keyOf = (method: string | undefined, url: string | undefined, headers: IncomingMessage['headers']): string | undefined => {
    if (method !== 'GET' || particular.some(name => headers[name] !== undefined)) return undefined
    const key = `${url}\n${headers.accept ?? ''}`
    return key.length <= longest ? key : undefined
  }

  return {
    keep(request, reply, of, repeat) {
      const { method, originalUrl } = request
      const key = reply.statusCode === 200 ? keyOf(method, originalUrl, request.headers) : undefined
      if (key === undefined) return
      if (of !== current) [current, answers] = [of, new Map()]
      const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
        changing.has(name) || value === undefined ? [] : [spellingOf(name), String(value)],
      )
      answers.set(key, { repeat, headers, url: urlForLog(originalUrl) })
      if (answers.size > most) answers.delete(answers.keys().next().value as string)
    },
    answer(request, response) {
      if (answers.size === 0 || atlas() !== current) return false
      const { method, url, headers } = request
      const key = keyOf(method, url, headers)
      const known = key !== undefined && answers.get(key)
      if (!known) return false
      const started = performance.now()
      const lent = buffers.lend()
      const body = known.repeat(lent.take)
      if (!body) {
        lent.giveBack()
        answers.delete(key)
        return false
      }
      const took = (performance.now() - started).toFixed(1)
      const reqId = newId(request)
      // what a client leaves behind may still be on its way to it
      response.once('finish', () => {
        lent.giveBack()
        const ms = Math.round((performance.now() - started) * 10) / 10
        log.info({ reqId, method, url: known.url, status: 200, ms }, 'answered')
      })
      const own = ['X-Request-Id', reqId, 'Server-Timing', `read;dur=${took}, total;dur=${took}`, 'Content-Length', String(body.length)]
      response.writeHead(200, known.headers.concat(own))
      response.end(body)
      return true
    },
  }
}
