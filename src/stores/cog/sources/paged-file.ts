import { againWhenLeft, shareWork } from '../shared-work.js'
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

/** Pages that are fetched at once: from `first` to before `end`. */
interface Run {
  readonly first: number
  readonly end: number
}

/** `file`, whose small reads fetch whole pages and share them. `key` names the file and its version; `head` are the first bytes, where they are there already. */
export function pagedFile(file: SourceFile, key: string, pages: Pages, pageBytes: number, head: Uint8Array = new Uint8Array()): SourceFile {
  const fetching = shareWork<void>()
  const underWay = new Map<number, Run>()
  let fetches = 0

  function keep(first: number, bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; at += pageBytes) {
      // a copy: a page must not keep all that was fetched with it
      const page = bytes.slice(at, at + pageBytes)
      // the last page ends with the file; any other one that is short ends where the fetch did
      if (page.length === pageBytes || (first * pageBytes + at + page.length === file.size && page.length > 0))
        pages.put(`${key}#${first + at / pageBytes}`, page)
    }
  }
  if (head.length > 0) {
    keep(0, head)
    fetches++
  }

  /** Fetches the missing page `number` and some more, up to those that are under way; or waits for it, where it is. */
  function fetch(number: number, last: number, signal: AbortSignal | undefined): Promise<void> {
    const run = underWay.get(number) ?? startRun(number, last)
    const start = async (shared: AbortSignal) => {
      const range = { offset: run.first * pageBytes, length: Math.min(file.size, run.end * pageBytes) - run.first * pageBytes }
      try {
        keep(run.first, (await file.readMany([range], shared))[0])
      } finally {
        for (let page = run.first; page < run.end; page++) if (underWay.get(page) === run) underWay.delete(page)
      }
    }
    return fetching.join(`${run.first}-${run.end}`, start, signal)
  }

  function startRun(first: number, last: number): Run {
    const wanted = Math.min(Math.ceil(file.size / pageBytes), Math.max(last + 1, first + (readAhead[fetches++] ?? 1)))
    let end = first + 1
    while (end < wanted && !underWay.has(end) && !pages.get(`${key}#${end}`)) end++
    const run = { first, end }
    for (let page = first; page < end; page++) underWay.set(page, run)
    return run
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
      for (let round = 0; round <= longRead; round++) {
        const found = collect(offset, length)
        if (typeof found !== 'number') return found
        await againWhenLeft(fetch(found, last, signal), () => fetch(found, last, signal), signal)
      }
      // where everything is crowded out at once, reading past the pages still works
      return (await file.readMany([{ offset, length }], signal))[0]
    },
  }
}
