import type { ByteRange } from '../byte-file.js'
import { type MergeBounds, mergeRanges } from '../merge-ranges.js'
import { shareWork } from '../shared-work.js'

/** Reads one range; what is asked for in the same turn of the event loop, by whomever, is merged. */
export type GatheredRead = (range: ByteRange, signal?: AbortSignal) => Promise<Uint8Array>

interface Wanted extends ByteRange {
  readonly signal: AbortSignal | undefined
  resolve(bytes: Uint8Array): void
  reject(error: unknown): void
}

/**
 * Gathers reads for `fetch`. Identical fetches under way are shared. Whoever's signal is aborted leaves at once; a fetch ends when all who
 * wanted a part of it have left.
 */
export function gatherReads(bounds: MergeBounds, fetch: (range: ByteRange, signal: AbortSignal) => Promise<Uint8Array>): GatheredRead {
  const shared = shareWork<Uint8Array>()
  let gathering: Wanted[] = []

  async function fetchFor(range: ByteRange, members: readonly Wanted[]) {
    const { signal, dispose } = whenAllLeave(members.map(member => member.signal))
    try {
      const bytes = await shared.join(`${range.offset}+${range.length}`, stop => fetch(range, stop), signal)
      for (const { offset, length, resolve } of members) resolve(bytes.subarray(offset - range.offset, offset - range.offset + length))
    } catch (error) {
      for (const { reject } of members) reject(error)
    } finally {
      dispose()
    }
  }
  const flush = () => {
    const wanted = gathering.filter(({ signal }) => !signal?.aborted)
    gathering = []
    for (const { members, ...range } of mergeRanges(wanted, bounds))
      void fetchFor(
        range,
        members.map(i => wanted[i]),
      )
  }

  return ({ offset, length }, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const leave = () => reject(signal?.reason)
      const settled = () => signal?.removeEventListener('abort', leave)
      signal?.addEventListener('abort', leave, { once: true })
      if (gathering.length === 0) setImmediate(flush)
      gathering.push({
        offset,
        length,
        signal,
        resolve(bytes) {
          settled()
          resolve(bytes)
        },
        reject(error) {
          settled()
          reject(error)
        },
      })
    })
}

/** A signal that is aborted when all of `signals` are: never, when somebody has none. */
function whenAllLeave(signals: readonly (AbortSignal | undefined)[]): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController()
  let staying = signals.length
  const leave = (event: Event) => {
    if (--staying === 0) controller.abort((event.target as AbortSignal).reason)
  }
  for (const signal of signals) signal?.addEventListener('abort', leave, { once: true })
  return {
    signal: controller.signal,
    dispose() {
      for (const signal of signals) signal?.removeEventListener('abort', leave)
    },
  }
}
