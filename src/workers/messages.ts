import { Problem, type ProblemKind, toProblem } from '#core/problem.js'
import type { EncodedImage } from '#core/queries.js'
import type { KernelRoom } from '#render/warp-kernel.js'
import type { LentBlocks, LentSlabs } from '#stores/cog/lent-blocks.js'
import type { StoreAddress } from '#stores/index.js'
import type { PackedJob } from './sent-parts.js'

/** What the pool says to a render worker. */
export type ToWorker =
  /** `left`: one Int32 that becomes 1 when nobody waits for the map any more. `used`: memory of its images that nobody reads any more. */
  | {
      readonly kind: 'draw'
      readonly id: number
      readonly packed: PackedJob
      readonly left: SharedArrayBuffer
      readonly used: readonly ArrayBuffer[]
    }
  /** The same as a message, for a worker that waits. */
  | { readonly kind: 'leave'; readonly id: number }
  | { readonly kind: 'stores'; readonly addresses: readonly StoreAddress[] }
  /** The memory in which the main thread's decoded blocks lie now. */
  | { readonly kind: 'slabs'; readonly slabs: LentSlabs }
  | { readonly kind: 'close' }

/** What a render worker answers. */
export type FromWorker =
  /** It has started, and its code is warm. */
  | { readonly kind: 'ready' }
  /** `isReusable`: the thread wants the memory of the image back. */
  | { readonly kind: 'drawn'; readonly id: number; readonly image: EncodedImage; readonly isReusable: boolean }
  | { readonly kind: 'failed'; readonly id: number; readonly problem: PlainProblem }

/** What a worker is started with. */
export interface WorkerStart {
  readonly addresses: readonly StoreAddress[]
  /** For decoded raster blocks. */
  readonly blockBytes: number
  /** Folders of fonts beside those that come with the program. */
  readonly fonts?: readonly string[]
  /** Blocks that the main thread has decoded. */
  readonly lent?: LentBlocks
  /** Room for a kernel in the memory of those. */
  readonly room?: KernelRoom
}

/** A Problem between threads. */
export interface PlainProblem {
  readonly kind: ProblemKind
  readonly message: string
  readonly locator?: string | undefined
  readonly retryAfter?: number | undefined
  /** For the log. */
  readonly detail?: string | undefined
}

export function plainProblem(error: unknown): PlainProblem {
  const { kind, message, locator, retryAfter, cause } = toProblem(error)
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : cause === undefined ? undefined : String(cause)
  return { kind, message, locator, retryAfter, detail }
}

export function problemOf({ kind, message, locator, retryAfter, detail }: PlainProblem): Problem {
  return new Problem(kind, message, {
    ...(locator !== undefined && { locator }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(detail !== undefined && { cause: detail }),
  })
}

/** The message ports among addresses, which are handed over with them. */
export function portsOf(addresses: readonly StoreAddress[]) {
  return addresses.flatMap(address => (address.kind === 'embedded' ? [address.port] : []))
}
