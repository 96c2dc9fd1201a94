import type { Pool } from 'undici'
import { Problem } from '#core/problem.js'
import { HttpFailure, statusError } from './http-failure.js'
import { receiveBody } from './receive-body.js'
import type { RemoteSettings } from './remote-settings.js'
import { withRetries } from './with-retries.js'

export interface HttpRequest {
  readonly url: URL
  /** What the file is called in messages. */
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** Headers that prove who asks, made anew for every attempt; sent to the origin of `url` only. */
  readonly authorise?: (url: URL, headers: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>
  /** How many bytes the body must have; throws where the answer is not what it should be. */
  readonly expect: (answer: HttpHead) => BodySize
  readonly signal?: AbortSignal | undefined
}

/** The head of an answer; header names are in lower case. */
export interface HttpHead {
  readonly status: number
  readonly header: (name: string) => string | undefined
}

/** Exactly so many bytes, or at most so many where the server does not say. */
export type BodySize = { readonly exactly: number } | { readonly most: number }

export interface HttpAnswer extends HttpHead {
  readonly body: Uint8Array
}

/** GET requests over few kept connections: bounded in number, time and size, tried again where that may help. */
export interface HttpClient {
  get(request: HttpRequest): Promise<HttpAnswer>
  close(): Promise<void>
}

/** Redirects followed for one request. */
const mostRedirects = 3
/** Bytes of an answer nobody wants that are read all the same. */
const shortAnswer = 16 * 1024
/** Milliseconds that an idle connection is kept, unless the server says otherwise: longer than a person looks at a map before moving it. */
const keptIdle = 30_000

export function startHttpClient({ connections, connectSeconds, answerSeconds, redirectsTo }: RemoteSettings): HttpClient {
  const pools = new Map<string, Pool>()
  const poolOf = async (origin: string): Promise<Pool> => {
    // most servers read no file over HTTP, and it is the largest of all libraries here
    const undici = await import('undici')
    const pool =
      pools.get(origin) ??
      new undici.Pool(origin, {
        connections,
        connect: { timeout: connectSeconds * 1000 },
        headersTimeout: answerSeconds * 1000,
        bodyTimeout: answerSeconds * 1000,
        keepAliveTimeout: keptIdle,
      })
    pools.set(origin, pool)
    return pool
  }

  async function attempt(request: HttpRequest): Promise<HttpAnswer> {
    const stop = new AbortController()
    const leave = () => stop.abort(request.signal?.reason)
    request.signal?.throwIfAborted()
    request.signal?.addEventListener('abort', leave, { once: true })
    const late = setTimeout(() => stop.abort(new HttpFailure(`its server takes longer than ${answerSeconds} s`)), answerSeconds * 1000)
    try {
      return await follow(request, stop.signal)
    } catch (error) {
      if (error instanceof Problem || error instanceof HttpFailure) throw error
      if (stop.signal.aborted) throw stop.signal.reason
      throw new HttpFailure('the connection to its server fails', { cause: error })
    } finally {
      clearTimeout(late)
      request.signal?.removeEventListener('abort', leave)
    }
  }

  async function follow(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { name, expect, authorise } = request
    let { url } = request
    for (let hops = 0; ; hops++) {
      const isOwn = url.origin === request.url.origin
      const headers = { 'accept-encoding': 'identity', ...request.headers }
      const proof = isOwn && authorise ? await authorise(url, headers) : {}
      const {
        statusCode,
        headers: found,
        body,
      } = await (await poolOf(url.origin)).request({
        method: 'GET',
        path: url.pathname + url.search,
        headers: { ...headers, ...proof },
        signal,
      })
      // an error of the body that nobody listens to any more is no news
      body.on('error', () => {})
      const head: HttpHead = { status: statusCode, header: header => oneOf(found[header]) }
      const location = head.header('location')
      try {
        if (location !== undefined && statusCode >= 300 && statusCode < 400 && !head.header('x-amz-bucket-region')) {
          if (hops === mostRedirects) throw new Problem('unavailable', `"${name}" cannot be read: its server redirects in circles.`)
          url = redirected(url, location, request.url.origin, name)
          body.destroy()
          continue
        }
        if (statusCode >= 400 && statusCode !== 412 && statusCode !== 416)
          throw statusError(statusCode, name, { retryAfter: head.header('retry-after'), region: head.header('x-amz-bucket-region') })
        const encoding = head.header('content-encoding')
        if (encoding !== undefined && encoding !== 'identity')
          throw new Problem(
            'unsupported',
            `"${name}" cannot be read: its server packs it (${encoding.slice(0, 20)}). It must be served as it is.`,
          )
        return { ...head, body: await receiveBody(body, expect(head), name) }
      } catch (error) {
        // a short answer that says why is read to its end, so that the connection stays
        if (statusCode >= 400) void body.dump({ limit: shortAnswer }).catch(() => {})
        else body.destroy()
        throw error
      }
    }
  }

  /** Where a redirect leads: the same scheme, and an origin that the config names. */
  function redirected(from: URL, location: string, own: string, name: string): URL {
    const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
    if (to && to.protocol === from.protocol && (to.origin === own || redirectsTo.includes(to.origin))) return to
    const where = to && /^https?:$/.test(to.protocol) ? to.origin : 'elsewhere'
    throw new Problem(
      'forbidden',
      `"${name}" is redirected to ${where}, which the config does not allow; redirectsTo: ["${where}"] in its store, with the same scheme, would.`,
    )
  }

  return {
    get: request => withRetries(request.name, request.signal, () => attempt(request)),
    async close() {
      await Promise.allSettled([...pools.values()].map(pool => pool.destroy()))
      pools.clear()
    },
  }
}

const oneOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
