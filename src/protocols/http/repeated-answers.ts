import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Atlas } from '#core/atlas.js'
import { bufferPool } from './buffer-pool.js'
import type { RepeatBody } from './service.js'
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
}

/** Answers whose bodies can be made again at once, by address. */
export interface RepeatedAnswers {
  /** Notes an answer that is being sent, where it depends on nothing but the address, Accept and the atlas. */
  keep(request: FastifyRequest, reply: FastifyReply, atlas: Atlas, repeat: RepeatBody): void
  /** Answers with what is known, in memory that is used again; false, and nothing done, where nothing is. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean
}

/**
 * Knows again what was answered before: what an address means is not found out twice, only its bytes are read, which never waits. All that is kept
 * belongs to one atlas, and only plain GETs are answered; everything else takes the usual way.
 */
export function repeatedAnswers(atlas: () => Atlas): RepeatedAnswers {
  let [current, answers] = [atlas(), new Map<string, Repeatable>()]
  const buffers = bufferPool()

  const keyOf = ({ method, originalUrl, headers }: FastifyRequest): string | undefined => {
    if (method !== 'GET' || particular.some(name => headers[name] !== undefined)) return undefined
    const key = `${originalUrl}\n${headers.accept ?? ''}`
    return key.length <= longest ? key : undefined
  }

  return {
    keep(request, reply, of, repeat) {
      const key = reply.statusCode === 200 ? keyOf(request) : undefined
      if (key === undefined) return
      if (of !== current) [current, answers] = [of, new Map()]
      const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
        changing.has(name) || value === undefined ? [] : [spellingOf(name), String(value)],
      )
      answers.set(key, { repeat, headers })
      if (answers.size > most) answers.delete(answers.keys().next().value as string)
    },
    answer(request, reply) {
      if (answers.size === 0 || atlas() !== current) return false
      const key = keyOf(request)
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
      reply.hijack()
      const took = (performance.now() - started).toFixed(1)
      const { raw } = reply
      // what a client leaves behind may still be on its way to it
      raw.once('finish', lent.giveBack)
      const own = [
        'X-Request-Id',
        request.id,
        'Server-Timing',
        `read;dur=${took}, total;dur=${took}`,
        'Content-Length',
        String(body.length),
      ]
      raw.writeHead(200, known.headers.concat(own))
      raw.end(body)
      return true
    },
  }
}
