import type { MessagePort } from 'node:worker_threads'

/** What a client asks of the database thread, over a port of its own. `until` is in milliseconds of `core/clock.ts`. */
export type Request =
  | { readonly kind: 'exchange'; readonly id: number; readonly message: Uint8Array; readonly until: number }
  /** The turn after which this client alone is served, until it unlocks: for transactions. */
  | { readonly kind: 'lock'; readonly id: number }
  | { readonly kind: 'unlock' }
  /** Nobody waits for the answer any more. */
  | { readonly kind: 'forget'; readonly id: number }

/** `bytes` is everything the backend said, up to ReadyForQuery; absent for a lock. */
export interface Reply {
  readonly id: number
  readonly bytes?: Uint8Array
}

/** What the host tells a client over the port it was given: the database thread comes and goes, that port stays. */
export type HostNews =
  | { readonly kind: 'up'; readonly port: MessagePort }
  | { readonly kind: 'down' }
  | { readonly kind: 'failed'; readonly reason: string }

/** What a client tells the host: a statement that may be running is not wanted any more since its time is up. */
export interface Overdue {
  readonly id: number
}

/** What the database thread is told when it starts. */
export interface DatabaseThreadData {
  readonly folder: string
  readonly bundle: string
  readonly running: SharedArrayBuffer
}

/** The statement at work, shared between the database thread, which is deaf meanwhile, and the host, which watches it. */
export class RunningStatement {
  readonly #numbers: Float64Array

  constructor(buffer: SharedArrayBuffer) {
    this.#numbers = new Float64Array(buffer)
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(3 * Float64Array.BYTES_PER_ELEMENT)
  }

  begin(client: number, id: number, until: number): void {
    this.#numbers.set([until, client, id])
  }

  end(): void {
    this.#numbers.set([0, 0, 0])
  }

  /** When it must have ended, in milliseconds of `core/clock.ts`; 0 when nothing runs. */
  get until(): number {
    return this.#numbers[0]!
  }

  is(client: number, id: number): boolean {
    return this.#numbers[0] !== 0 && this.#numbers[1] === client && this.#numbers[2] === id
  }
}
