import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'
import { problemOfAbort, problemOfDatabase } from '../problem-of-database.js'
import { addressLabel, type NativeAddress } from './address.js'
import { NativeConnection } from './connection.js'

export interface PoolOptions {
  readonly size: number
  /** Run on every new connection: SQL without parameters. */
  readonly setup: string
  /** See `NativeConnection.open`. */
  readonly takesTurns?: boolean
}

/** Wait before the next attempt after a failed one, in milliseconds: doubled each time, up to the last. */
const [firstPause, longestPause] = [100, 5_000]
/** How long what runs may take to end once the pool closes, in milliseconds: requests have been waited for before. */
const closingMilliseconds = 5_000
/** Callers that may wait for each connection there can be; more would only grow old. */
const maxWaiting = 32

interface Waiter {
  readonly take: (connection: NativeConnection) => void
  readonly fail: (problem: Problem) => void
}

/**
 * At most `size` connections to one database, opened when needed. While the database is away, callers are told at once and new attempts
 * are made at growing, jittered intervals, by whoever asks first.
 */
export class NativePool {
  readonly #address: NativeAddress
  readonly #options: PoolOptions
  readonly #idle: NativeConnection[] = []
  readonly #waiting = new Set<Waiter>()
  readonly #connections = new Set<NativeConnection>()
  #open = 0
  #pause = 0
  #retryAt = 0
  #isClosed = false
  #onEmpty: (() => void) | undefined

  constructor(address: NativeAddress, options: PoolOptions) {
    this.#address = address
    this.#options = options
  }

  /** `open` connections of which `idle` are free, and callers `waiting` for one. */
  get stats(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    return { open: this.#open, idle: this.#idle.length, waiting: this.#waiting.size }
  }

  /** A connection for the caller alone, to be given back by `release`. Throws `overloaded`, `unavailable`, `deadline` or `cancelled`. */
  acquire(signal?: AbortSignal): Promise<NativeConnection> {
    if (signal?.aborted) return Promise.reject(problemOfAbort(signal))
    if (this.#isClosed) return Promise.reject(this.#unavailable())
    const idle = this.#idle.pop()
    if (idle) return Promise.resolve(idle)
    if (this.#waiting.size >= maxWaiting * this.#options.size) {
      const message = 'More requests are waiting for the database than this server takes; try again in a moment.'
      return Promise.reject(new Problem('overloaded', message, { retryAfter: 2 }))
    }
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#waiting.delete(waiter)
        signal?.removeEventListener('abort', abort)
      }
      const abort = () => signal && waiter.fail(problemOfAbort(signal))
      const waiter: Waiter = {
        take: connection => {
          end()
          resolve(connection)
        },
        fail: problem => {
          end()
          reject(problem)
        },
      }
      this.#waiting.add(waiter)
      signal?.addEventListener('abort', abort)
      this.#grow()
    })
  }

  release(connection: NativeConnection): void {
    const waiter = first(this.#waiting)
    if (!connection.isFree)
      connection.destroy() // in the middle of something: nobody can take it over
    else if (this.#isClosed) connection.close()
    else if (waiter) waiter.take(connection)
    else this.#idle.push(connection)
  }

  /** Lets what runs end for a while, closes every connection, and refuses new callers. Not even a network that is gone holds it up. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const waiter of this.#waiting) waiter.fail(this.#unavailable())
    for (const connection of this.#idle.splice(0)) connection.close()
    if (this.#open === 0) return
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy()
    }, closingMilliseconds)
    await new Promise<void>(resolve => {
      this.#onEmpty = resolve
    })
    clearTimeout(timer)
  }

  #grow(): void {
    if (this.#open >= this.#options.size) return
    if (this.#retryAt > steadyNow()) {
      // With connections at work there is something to wait for; without, there is not.
      if (this.#open === 0) first(this.#waiting)?.fail(this.#unavailable())
      return
    }
    this.#open++
    NativeConnection.open(this.#address, this.#options.setup, this.#options.takesTurns).then(
      connection => {
        this.#pause = 0
        this.#retryAt = 0
        this.#connections.add(connection)
        connection.onLost = () => this.#forget(connection)
        if (connection.isLost) this.#forget(connection)
        else this.release(connection)
      },
      error => {
        this.#pause = Math.min(longestPause, Math.max(firstPause, 2 * this.#pause))
        this.#retryAt = steadyNow() + this.#pause * (0.5 + Math.random() / 2)
        this.#shrink()
        // Those who wait for a connection that exists go on waiting for it.
        if (this.#open === 0) for (const waiter of this.#waiting) waiter.fail(this.#unavailable(error))
      },
    )
  }

  #forget(connection: NativeConnection): void {
    this.#connections.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
    this.#shrink()
    if (this.#waiting.size > 0) this.#grow()
  }

  #shrink(): void {
    this.#open--
    if (this.#open === 0) this.#onEmpty?.()
  }

  #unavailable(cause?: unknown): Problem {
    if (cause !== undefined) return problemOfDatabase(cause, addressLabel(this.#address))
    return new Problem('unavailable', `The database ${addressLabel(this.#address)} does not answer; try again shortly.`, { retryAfter: 5 })
  }
}

const first = <T>(set: ReadonlySet<T>): T | undefined => set.values().next().value
