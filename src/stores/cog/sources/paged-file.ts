import { shareWork } from '../shared-work.js'
import type { SourceFile } from './byte-source.js'

/** Pages of headers by file and number, the least recently used leaving first. */
export interface Pages {
  get(key: string): Uint8Array | undefined
  put(key: string, bytes: Uint8Array): void
  clear(): void
}

export function keepPages(mostBytes: number): Pages {
  const pages = new Map<string, Uint8Array>()
  let held = 0
  return {
    get(key) {
      const bytes = pages.get(key)
      if (bytes) {
        pages.delete(key)
        pages.set(key, bytes)
      }
      return bytes
    },
    put(key, bytes) {
      held += bytes.length - (pages.get(key)?.length ?? 0)
      pages.delete(key)
      pages.set(key, bytes)
      for (const [oldest, { length }] of pages) {
        if (held <= mostBytes) break
        pages.delete(oldest)
        held -= length
      }
    },
    clear() {
      pages.clear()
      held = 0
    },
  }
}

/** Pages that each of the first reads of a file fetches: its head, then the images after a long list, which lie together. Later reads fetch one. */
const readAhead = [1, 4, 4, 4]
/** Reads of this many pages are for somebody who keeps the result: they pass the pages by. */
const longRead = 4

/** `file`, whose small reads fetch whole pages and share them. `key` names the file and its version. */
export function pagedFile(file: SourceFile, key: string, pages: Pages, pageBytes: number): SourceFile {
  const fetching = shareWork<void>()
  let fetches = 0

  function keep(first: number, bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; at += pageBytes) {
      const page = bytes.subarray(at, at + pageBytes)
      // the last page ends with the file; any other one that is short ends where the fetch did
      if (page.length === pageBytes || (first * pageBytes + at + page.length === file.size && page.length > 0))
        pages.put(`${key}#${first + at / pageBytes}`, page)
    }
  }
  if (file.head) {
    keep(0, file.head)
    fetches++
  }

  async function fetch(first: number, last: number, signal: AbortSignal | undefined): Promise<void> {
    const end = Math.min(file.size, Math.max(last + 1, first + (readAhead[fetches] ?? 1)) * pageBytes)
    fetches++
    const offset = first * pageBytes
    await fetching.join(
      `${offset}-${end}`,
      async shared => keep(first, (await file.readMany([{ offset, length: end - offset }], shared))[0]),
      signal,
    )
  }

  /** The bytes where all pages are there, else the number of the first one that is not. */
  function collect(offset: number, length: number): Uint8Array | number {
    const first = Math.floor(offset / pageBytes)
    const last = Math.floor((offset + length - 1) / pageBytes)
    const found: Uint8Array[] = []
    for (let number = first; number <= last; number++) {
      const page = pages.get(`${key}#${number}`)
      if (!page) return number
      found.push(page)
    }
    const start = offset - first * pageBytes
    if (found.length === 1) return found[0].subarray(start, start + length)
    return new Uint8Array(Buffer.concat(found).subarray(start, start + length))
  }

  return {
    ...file,
    async read(offset, length, signal) {
      const isInside = offset >= 0 && length > 0 && offset + length <= file.size
      if (!isInside || length >= longRead * pageBytes) return (await file.readMany([{ offset, length }], signal))[0]
      const last = Math.floor((offset + length - 1) / pageBytes)
      const found = collect(offset, length)
      if (typeof found !== 'number') return found
      await fetch(found, last, signal)
      const fetched = collect(offset, length)
      // where everything is crowded out at once, reading past the pages still works
      return typeof fetched === 'number' ? (await file.readMany([{ offset, length }], signal))[0] : fetched
    },
  }
}
