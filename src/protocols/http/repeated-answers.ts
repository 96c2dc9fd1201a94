import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Atlas } from '#core/atlas.js'
import { bufferPool } from './buffer-pool.js'
import { urlForLog } from './log-url.js'
import type { Log, NeighbourAnswers, RepeatBody, ServiceAnswer } from './service.js'
import { spellingOf } from './spelled-response.js'
import { endOfHead, sendWhole, takesWhole } from './whole-answer.js'

/** Addresses that are remembered: some 5 MB of them; and groups of such that differ in two numbers. */
const most = 8192
const mostGroups = 512
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

/** Addresses that are answered alike but for two numbers. */
interface Group {
  readonly neighbours: NeighbourAnswers
  readonly common: string
}

/** Answers whose bodies can be made again at once, by address. */
export interface RepeatedAnswers {
  /** Notes an answer that is being sent, where it depends on nothing but the address, Accept and the atlas. */
  keep(request: FastifyRequest, reply: FastifyReply, atlas: Atlas, answer: Pick<ServiceAnswer, 'repeat' | 'neighbours'>): void
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
 * Knows again what was answered before: what an address means is not found out twice, only its bytes are read, which never waits. What a new address
 * means is asked of a neighbour that was answered in the usual way: the tiles of a layer and matrix differ in little. All that is kept
 * belongs to one atlas, and only plain GETs are answered, before anything else looks at them; everything else takes the usual way.
 */
export function repeatedAnswers({ atlas, newId, keepAliveSeconds, log }: RepeatedAnswersOptions): RepeatedAnswers {
  let current = atlas()
  const answers = new Map<string, Repeatable>()
  const groups = new Map<string, Group>()
  let lastCommon = ''
  const buffers = bufferPool()

  /** An answer that was never given, by what is known of its neighbours. */
  function newAnswer(key: string, url: string): Repeatable | undefined {
    const { name, numbers } = groupOf(key) ?? {}
    const group = name === undefined ? undefined : groups.get(name)
    const found = group && numbers && group.neighbours(...numbers)
    return found && { repeat: found.repeat, common: group.common, own: ownLines(`"${found.etag}"`, found.repeat), url: urlForLog(url) }
  }

  /** The body of an answer in memory, behind room for its head; undefined where it is not known, or the usual way has to say what is wrong. */
  function makeAgain(key: string, url: string): { readonly known: Repeatable; readonly buffer: Buffer; readonly at: number } | undefined {
    try {
      const before = answers.get(key)
      const known = before ?? newAnswer(key, url)
      if (!known) return undefined
      const at = known.common.length + known.own.length + changingBytes
      const buffer = buffers.take(at + known.repeat.bytes)
      if (known.repeat.read(buffer, at)) {
        if (!before) put(answers, most, key, known)
        return { known, buffer, at }
      }
      buffers.giveBack(buffer)
    } catch {
      // a file that cannot be read
    }
    answers.delete(key)
    return undefined
  }

  return {
    keep(request, reply, of, { repeat, neighbours }) {
      const { method, originalUrl } = request
      const key = reply.statusCode === 200 ? keyOf(method, originalUrl, request.headers) : undefined
      if (key === undefined || !repeat) return
      if (of !== current) {
        current = of
        answers.clear()
        groups.clear()
      }
      const { [particularToAddress]: etag, ...others } = reply.getHeaders()
      const common = `HTTP/1.1 200 OK\r\n${linesOf(others)}`
      // one text for all that have it
      if (common !== lastCommon) lastCommon = common
      put(answers, most, key, { repeat, common: lastCommon, own: ownLines(etag, repeat), url: urlForLog(originalUrl) })
      const name = neighbours && groupOf(key)?.name
      if (name !== undefined && !groups.has(name)) put(groups, mostGroups, name, { neighbours, common: lastCommon })
    },
    answer(request, response) {
      if (answers.size === 0 || atlas() !== current || !takesWhole(response)) return false
      const { method, url } = request
      const key = keyOf(method, url, request.headers)
      if (url === undefined || key === undefined) return false
      const started = performance.now()
      const made = makeAgain(key, url)
      if (!made) return false
      const { known, buffer, at } = made
      const took = (performance.now() - started).toFixed(1)
      const reqId = newId(request)
      const timing = `X-Request-Id: ${reqId}\r\nServer-Timing: read;dur=${took}, total;dur=${took}\r\n`
      const head = `${known.common}${known.own}${timing}${endOfHead(response, keepAliveSeconds)}`
      // it ends where the body begins
      buffer.write(head, at - head.length, 'latin1')
      sendWhole(response, buffer.subarray(at - head.length, at + known.repeat.bytes), () => {
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

/** The two whole numbers that the path of an address ends in, and what is left without them. */
function groupOf(key: string): { readonly name: string; readonly numbers: [number, number] } | undefined {
  const [, before, lastButOne, last, behind] = /^([^?\n]*\/)(\d{1,9})\/(\d{1,9})([?\n].*)$/s.exec(key) ?? []
  return before === undefined ? undefined : { name: `${before}/${behind}`, numbers: [Number(lastButOne), Number(last)] }
}

/** Keeps at most `most`, the oldest leaving first. */
function put<T>(kept: Map<string, T>, most: number, key: string, value: T): void {
  kept.set(key, value)
  if (kept.size > most) kept.delete(kept.keys().next().value as string)
}

const ownLines = (etag: unknown, { bytes }: RepeatBody) => `${linesOf({ etag })}Content-Length: ${bytes}\r\n`

/** Headers as they are sent, those that change left out. */
function linesOf(headers: Readonly<Record<string, unknown>>): string {
  return Object.entries(headers)
    .map(([name, value]) => (changing.has(name) || value === undefined ? '' : `${spellingOf(name)}: ${value}\r\n`))
    .join('')
}
