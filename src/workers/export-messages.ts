import type { FeatureJob, WrittenEnd } from '#formats/features/index.js'
import type { StoreAddress } from '#stores/index.js'
import type { PlainProblem } from './messages.js'

/** What a thread that writes features is told. */
export type ToExportWorker =
  | { readonly kind: 'write'; readonly id: number; readonly job: FeatureJob }
  /** One more piece may be on its way; `used` is the memory of one that nobody reads any more. */
  | { readonly kind: 'take'; readonly id: number; readonly used?: ArrayBuffer }
  /** Nobody waits for the rest. */
  | { readonly kind: 'leave'; readonly id: number }
  | { readonly kind: 'stores'; readonly addresses: readonly StoreAddress[] }
  | { readonly kind: 'close' }

/** What it answers: pieces, then one of the others. */
export type FromExportWorker =
  | { readonly kind: 'piece'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'written'; readonly id: number; readonly end: WrittenEnd }
  | { readonly kind: 'failed'; readonly id: number; readonly problem: PlainProblem }

/** What a thread that writes features is started with. */
export interface ExportWorkerStart {
  readonly addresses: readonly StoreAddress[]
}

/** Pieces of one answer that are on their way, or wait to be taken: 2 MB at most. */
export const piecesInFlight = 4
