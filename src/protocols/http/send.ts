import { createHash } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { toProblem } from '#core/problem.js'
import { type Compress, chooseCoding, compressingStream } from './compress.js'
import { pour } from './pour.js'
import type { ServiceAnswer } from './service.js'
import { sendAtOnce } from './whole-answer.js'

/** What answers are sent with. */
export interface SendTools {
  readonly compress: Compress
  /** How long a connection is kept for the next request. */
  readonly keepAliveSeconds: number
}

/** Sends an answer: validator and 304, caching, compression, Server-Timing. The body of a HEAD is left to the HTTP layer. */
export async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: ServiceAnswer,
  { compress, keepAliveSeconds }: SendTools,
  timings: Readonly<Record<string, number>>,
): Promise<FastifyReply> {
  reply.code(answer.status)
  if (answer.status !== 204) reply.header('content-type', answer.mediaType)
  if (answer.headers) reply.headers(answer.headers)
  if (answer.status === 401) reply.header('www-authenticate', 'Basic realm="Arpent", charset="UTF-8"')
  const timing = Object.entries(timings).map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`)
  if (timing.length) reply.header('server-timing', timing.join(', '))

  const isError = answer.status >= 400
  const cacheSeconds = isError ? 0 : answer.cacheSeconds
  reply.header(
    'cache-control',
    cacheSeconds === undefined ? 'no-cache' : cacheSeconds === 0 ? 'no-store' : `public, max-age=${cacheSeconds}`,
  )
  if (answer.stream) return sendStream(request, reply, answer, answer.stream)
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  const coding = chooseCoding(request.headers['accept-encoding'], answer.mediaType, body.length)
  if (answer.status === 204) return reply.send()
  const sendBody = (bytes: Uint8Array) => {
    const isSent =
      request.method !== 'HEAD' && sendAtOnce(reply.raw, reply.getHeaders() as OutgoingHttpHeaders, bytes, keepAliveSeconds, answer.sent)
    return isSent ? reply.hijack() : sendByFastify(reply, bytes, answer.mediaType)
  }
  if (isError || cacheSeconds === 0) return sendBody(body)

  const etag = answer.etag ?? createHash('sha1').update(body).digest('base64url')
  const tag = coding ? `"${etag}-${coding}"` : `"${etag}"`
  reply.header('etag', tag)
  addVary(reply, 'Accept-Encoding')
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).removeHeader('content-type').send()
  if (!coding) return sendBody(body)
  reply.header('content-encoding', coding)
  return sendBody(await compress(body, coding, etag))
}

/**
 * Sends pieces as the client takes them. What fails in between breaks the connection, so that nobody takes what came for all of it; a client that leaves
 * ends the stream. Fastify does not log what fails here.
 */
async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: ServiceAnswer,
  pieces: AsyncIterable<Uint8Array>,
): Promise<FastifyReply> {
  const { etag, mediaType, isEncoded } = answer
  // an iterator of a file that was never begun does not close it
  const drop = () => (pieces instanceof Readable ? pieces.destroy() : pieces[Symbol.asyncIterator]().return?.())
  if (etag !== undefined) {
    reply.header('etag', `"${etag}"`)
    if (matches(request.headers['if-none-match'], etag)) {
      await drop()
      return reply.code(304).removeHeader('content-type').removeHeader('content-length').send()
    }
  }
  if (request.method === 'HEAD') {
    await drop()
    return reply.send(Readable.from([]))
  }
  addVary(reply, 'Accept-Encoding')
  const coding = isEncoded ? undefined : chooseCoding(request.headers['accept-encoding'], mediaType, Number.POSITIVE_INFINITY)
  if (coding) reply.header('content-encoding', coding)
  reply.hijack()
  const { raw } = reply
  raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders)
  const to = coding ? compressingStream(coding) : raw
  if (to !== raw) {
    to.pipe(raw)
    raw.once('close', () => to.destroy())
  }
  try {
    await pour(pieces, to)
  } catch (error) {
    // what has gone out is not all, and must not look so
    raw.destroy()
    const problem = toProblem(error)
    const level = problem.kind === 'internal' ? 'error' : 'warn'
    if (problem.kind !== 'cancelled') request.log[level]({ reqId: request.id, err: problem.cause ?? error }, 'an answer broke off')
  }
  return reply
}

/** If-None-Match against a validator, whatever coding it was sent in (RFC 9110, 13.1.2: weak comparison). */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false
  return ifNoneMatch.split(',').some(tag => {
    const plain = tag.trim().replace(/^W\//, '').replace(/^"|"$/g, '')
    return plain === '*' || plain.replace(/-(br|gzip)$/, '') === etag
  })
}

function addVary(reply: FastifyReply, name: string): void {
  const vary = reply.getHeader('vary')
  if (String(vary).split(', ').includes(name)) return
  reply.header('vary', vary ? `${vary}, ${name}` : name)
}

/** Fastify puts `application/octet-stream` for types it does not take for one, such as `application/vnd.ogc.gml/3.1.1`; but not for streams. */
function sendByFastify(reply: FastifyReply, body: Uint8Array, mediaType: string): FastifyReply {
  const buffer = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (/^[^/;]+\/[^/;]+(;|$)/.test(mediaType)) return reply.send(buffer)
  return reply.header('content-length', buffer.length).send(Readable.from([buffer]))
}
