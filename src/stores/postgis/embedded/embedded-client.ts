import type { MessagePort } from 'node:worker_threads'
import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'
import { problemOfAbort } from '../problem-of-database.js'
import { ConnectionLost } from '../wire/database-error.js'
import type { HostNews, Overdue, Reply, Request } from './messages.js'

interface Pending {
  /** When the database must have ended its statement, in milliseconds of `core/clock.ts`. */
  readonly until: number
  readonly resolve: (bytes: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

/** A client of the embedded database, in any thread: sends frontend messages, gets whole answers back. */
export class EmbeddedClient {
  readonly #host: MessagePort
  #data: MessagePort | undefined
  #failure: string | undefined
  #counter = 0
  #isClosed = false
  /** Ends when whoever is alone is done. */
  #alone: Promise<void> | undefined
  #share: (() => void) | undefined
  readonly #pending = new Map<number, Pending>()
  readonly #waiting = new Set<() => void>()

  constructor(host: MessagePort) {
    this.#host = host
    host.on('message', (news: HostNews) => this.#hear(news))
    host.on('close', () => this.close())
    host.unref()
  }

  /**
   * Sends `message`, which ends in a Sync or is a simple query, and waits for its answer; `seconds` is how long the database may work on it. Its
   * buffer is given away. Throws ConnectionLost when the database restarted meanwhile, `deadline` or `cancelled` when `signal` aborts.
   */
  async exchange(message: Uint8Array, seconds: number, signal?: AbortSignal): Promise<Uint8Array> {
    while (this.#alone) await this.#endOf(this.#alone, signal)
    return this.#exchange(message, seconds, signal)
  }

  /** From here on nobody else is served until `unlock`, neither other clients nor others of this one: only who has what this resolves to. */
  async lock(signal?: AbortSignal): Promise<Pick<EmbeddedClient, 'exchange'>> {
    while (this.#alone) await this.#endOf(this.#alone, signal)
    this.#alone = new Promise(resolve => {
      this.#share = resolve
    })
    try {
      await this.#ask(id => ({ kind: 'lock', id }), Number.POSITIVE_INFINITY, signal)
    } catch (error) {
      this.unlock()
      throw error
    }
    return { exchange: (message, seconds, signal) => this.#exchange(message, seconds, signal) }
  }

  unlock(): void {
    this.#post({ kind: 'unlock' })
    this.#alone = undefined
    this.#share?.()
  }

  #endOf(alone: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const abort = () => reject(problemOfAbort(signal!))
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      void alone.then(() => {
        signal?.removeEventListener('abort', abort)
        resolve()
      })
    })
  }

  #exchange(message: Uint8Array, seconds: number, signal?: AbortSignal): Promise<Uint8Array> {
    const until = steadyNow() + 1000 * seconds
    return this.#ask(id => ({ kind: 'exchange', id, message, until }), until, signal)
  }

  close(): void {
    this.#isClosed = true
    this.#down('the database was closed')
    this.#host.close()
    for (const wake of this.#waiting) wake()
  }

  async #ask(request: (id: number) => Request, until: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (signal?.aborted) throw problemOfAbort(signal)
    while (!this.#data) await this.#news(signal)
    const id = ++this.#counter
    return new Promise<Uint8Array>((resolve, reject) => {
      const abort = () => {
        const problem = problemOfAbort(signal!)
        this.#post({ kind: 'forget', id })
        // Only the host can stop a statement at work, by starting the database anew: worth it when time is up, not when somebody left.
        if (problem.kind === 'deadline') this.#host.postMessage({ id } satisfies Overdue)
        end(() => reject(problem))
      }
      const end = (settle: () => void) => {
        this.#pending.delete(id)
        if (this.#pending.size === 0) this.#data?.unref()
        signal?.removeEventListener('abort', abort)
        settle()
      }
      this.#pending.set(id, { until, resolve: bytes => end(() => resolve(bytes)), reject: error => end(() => reject(error)) })
      signal?.addEventListener('abort', abort)
      this.#data!.ref()
      this.#post(request(id))
    })
  }

  #post(request: Request): void {
    this.#data?.postMessage(request, request.kind === 'exchange' && isWhole(request.message) ? [request.message.buffer as ArrayBuffer] : [])
  }

  #hear(news: HostNews): void {
    if (news.kind === 'up') {
      this.#failure = undefined
      this.#data = news.port
      news.port.on('message', ({ id, bytes }: Reply) => this.#pending.get(id)?.resolve(bytes ?? new Uint8Array()))
      news.port.unref()
    } else {
      if (news.kind === 'failed') this.#failure = news.reason
      this.#down('the database restarts')
    }
    for (const wake of this.#waiting) wake()
  }

  #down(reason: string): void {
    this.#data?.close()
    this.#data = undefined
    const overdue = () => new Problem('deadline', 'The database took longer than it is allowed; ask for less at a time.')
    for (const { reject, until } of this.#pending.values()) reject(until < steadyNow() ? overdue() : new ConnectionLost(reason))
  }

  /** Waits for news of the host; throws when there is nothing to wait for. */
  #news(signal: AbortSignal | undefined): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Problem('unavailable', 'The embedded database is closed.'))
    if (this.#failure) return Promise.reject(new Problem('unavailable', this.#failure, { retryAfter: 5 }))
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.#waiting.delete(wake)
        if (this.#waiting.size === 0) this.#host.unref()
        signal?.removeEventListener('abort', abort)
        settle()
      }
      const wake = () => end(resolve)
      const abort = () => end(() => reject(problemOfAbort(signal!)))
      this.#waiting.add(wake)
      this.#host.ref()
      signal?.addEventListener('abort', abort)
    })
  }
}

/** A buffer may only be given away by a view that is all of it: Node's small Buffers share one. */
const isWhole = (bytes: Uint8Array) => bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
