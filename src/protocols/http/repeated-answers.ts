import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Atlas } from '#core/atlas.js'
import { bufferPool } from './buffer-pool.js'
import { urlForLog } from './log-url.js'
import type { Log, RepeatBody } from './service.js'
import { spellingOf } from './spelled-response.js'
import { endOfHead, sendWhole, takesWhole } from './whole-answer.js'

/** Addresses that are remembered: some 5 MB of them. */
const most = 8192
/** Addresses and formats that are longer are odd, and not remembered. */
const longest = 500
/** What of an answer is another one each time; and what is another one at each address. */
const changing = new Set(['x-request-id', 'server-timing', 'content-length', 'connection'])
const particularToAddress = 'etag'
/** Headers of requests whose answers depend on more than their address and Accept. */
const particular = ['if-none-match', 'authorization', 'x-api-key', 'content-length', 'transfer-encoding', 'expect', 'upgrade'] as const
/** More bytes than the part of a head that changes: id, timing, date, connection. */
const changingBytes = 400

interface Repeatable {
  readonly repeat: RepeatBody
  /** The head as far as it is the same each time: what most answers have in common, and what this one has for itself. */
  readonly common: string
  readonly own: string
  /** The address as it is logged. */
  readonly url: string
}

/** Answers whose bodies can be made again at once, by address. */
export interface RepeatedAnswers {
  /** Notes an answer that is being sent, where it depends on nothing but the address, Accept and the atlas. */
  keep(request: FastifyRequest, reply: FastifyReply, atlas: Atlas, repeat: RepeatBody): void
  /** Answers with what is known, in memory that is used again; false, and nothing done, where nothing is. Hot. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
}

export interface RepeatedAnswersOptions {
  readonly atlas: () => Atlas
  readonly newId: (request: IncomingMessage) => string
  readonly keepAliveSeconds: number
  readonly log: Log
}

/**
 * Knows again what was answered before: what an address means is not found out twice, only its bytes are read, which never waits. All that is kept
 * belongs to one atlas, and only plain GETs are answered, before anything else looks at them; everything else takes the usual way.
 */
export function repeatedAnswers({ atlas, newId, keepAliveSeconds, log }: RepeatedAnswersOptions): RepeatedAnswers {
  let [current, answers] = [atlas(), new Map<string, Repeatable>()]
  let lastCommon = ''
  const buffers = bufferPool()

  return {
    keep(request, reply, of, repeat) {
      const { method, originalUrl } = request
      const key = reply.statusCode === 200 ? keyOf(method, originalUrl, request.headers) : undefined
      if (key === undefined) return
      if (of !== current) [current, answers] = [of, new Map()]
      const { [particularToAddress]: etag, ...others } = reply.getHeaders()
      const common = `HTTP/1.1 200 OK\r\n${linesOf(others)}`
      // one text for all that have it
      if (common !== lastCommon) lastCommon = common
      const own = `${linesOf({ etag })}Content-Length: ${repeat.bytes}\r\n`
      answers.set(key, { repeat, common: lastCommon, own, url: urlForLog(originalUrl) })
      if (answers.size > most) answers.delete(answers.keys().next().value as string)
    },
    answer(request, response) {
      if (answers.size === 0 || atlas() !== current || !takesWhole(response)) return false
      const { method, url } = request
      const key = keyOf(method, url, request.headers)
      const known = key !== undefined && answers.get(key)
      if (!known) return false
      const started = performance.now()
      const { repeat, common, own } = known
      const at = common.length + own.length + changingBytes
      const buffer = buffers.take(at + repeat.bytes)
      if (!repeat.read(buffer, at)) {
        buffers.giveBack(buffer)
        answers.delete(key)
        return false
      }
      const took = (performance.now() - started).toFixed(1)
      const reqId = newId(request)
      const timing = `X-Request-Id: ${reqId}\r\nServer-Timing: read;dur=${took}, total;dur=${took}\r\n`
      const head = `${common}${own}${timing}${endOfHead(response, keepAliveSeconds)}`
      // it ends where the body begins
      buffer.write(head, at - head.length, 'latin1')
      sendWhole(response, buffer.subarray(at - head.length, at + repeat.bytes), () => {
        // what a client leaves behind may still be on its way to it, and never comes here
        buffers.giveBack(buffer)
        const ms = Math.round((performance.now() - started) * 10) / 10
        log.info({ reqId, method, url: known.url, status: 200, ms }, 'answered')
      })
      return true
    },
  }
}

function keyOf(method: string | undefined, url: string | undefined, headers: IncomingHttpHeaders): string | undefined {
  if (method !== 'GET' || particular.some(name => headers[name] !== undefined)) return undefined
  const key = `${url}\n${headers.accept ?? ''}`
  return key.length <= longest ? key : undefined
}

/** Headers as they are sent, those that change left out. */
function linesOf(headers: Readonly<Record<string, unknown>>): string {
  return Object.entries(headers)
    .map(([name, value]) => (changing.has(name) || value === undefined ? '' : `${spellingOf(name)}: ${value}\r\n`))
    .join('')
}
