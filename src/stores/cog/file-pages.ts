import type { ByteFile, ByteRange } from './byte-file.js'

/** Small pieces of one version of a file, read through pages of it that stay in memory, the least recently used leaving first. */
export interface FilePages {
  /** Exactly `length` bytes from `offset`; pages that are missing are read from `file`, neighbours at once. */
  read(file: ByteFile, offset: number, length: number): Promise<Uint8Array>
  /** The same, where they lie in one page that is in memory. */
  now(offset: number, length: number): Uint8Array | undefined
  /** Gives up the pages that hold nothing of these parts; what was handed out of them may not be used any more. */
  keepOnly(parts: readonly ByteRange[]): void
  /** Bytes that are in memory now. */
  readonly bytes: number
}

/** One page of a list of block positions covers 2,000 blocks or more, and is small enough to be read for one of them. */
export const pageBytes = 16 * 1024

/** Memory of pages that were given up, for those that come: thousands of heads that are read one after the other need no more than a few pages. */
const spare: Uint8Array[] = []
const mostSpare = 32

/** Pages of at most `maxBytes`, beyond what a single read asks for. */
export function createFilePages(maxBytes = 16 * pageBytes): FilePages {
  const pages = new Map<number, Uint8Array>()

  async function load(file: ByteFile, first: number, last: number) {
    const start = first * pageBytes
    const bytes = await file.read(start, Math.min(file.size, (last + 1) * pageBytes) - start)
    // Copies: what was read may be part of something larger.
    for (let page = first; page <= last; page++) {
      const part = bytes.subarray((page - first) * pageBytes, (page - first + 1) * pageBytes)
      const memory = (part.length === pageBytes && spare.pop()) || new Uint8Array(part.length)
      memory.set(part)
      pages.set(page, memory)
    }
  }

  async function read(file: ByteFile, offset: number, length: number): Promise<Uint8Array> {
    const isOutside = !(offset >= 0 && length >= 0 && offset + length <= file.size)
    if (isOutside || length > maxBytes / 2) return file.read(offset, length)
    const [first, last] = [Math.floor(offset / pageBytes), Math.floor(Math.max(offset, offset + length - 1) / pageBytes)]
    let [missingFirst, missingLast] = [-1, -1]
    for (let page = first; page <= last; page++) {
      const known = pages.get(page)
      if (known) {
        pages.delete(page)
        pages.set(page, known)
      } else {
        if (missingFirst < 0) missingFirst = page
        missingLast = page
      }
    }
    if (missingFirst >= 0) await load(file, missingFirst, missingLast)
    const bytes = first === last ? pages.get(first)?.subarray(offset - first * pageBytes, offset - first * pageBytes + length) : undefined
    const whole = bytes ?? joined(first, last, offset, length)
    for (const oldest of pages.keys()) {
      if (pages.size * pageBytes <= maxBytes) break
      pages.delete(oldest)
    }
    return whole
  }

  function joined(first: number, last: number, offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let page = first; page <= last; page++) {
      const from = Math.max(offset, page * pageBytes)
      const to = Math.min(offset + length, (page + 1) * pageBytes)
      bytes.set(pages.get(page)!.subarray(from - page * pageBytes, to - page * pageBytes), from - offset)
    }
    return bytes
  }

  return {
    read,
    now(offset, length) {
      const page = Math.floor(offset / pageBytes)
      const known = pages.get(page)
      const start = offset - page * pageBytes
      return known && length > 0 && start + length <= known.length ? known.subarray(start, start + length) : undefined
    },
    keepOnly(parts) {
      for (const [page, memory] of pages) {
        const start = page * pageBytes
        if (parts.some(({ offset, length }) => offset < start + pageBytes && offset + length > start)) continue
        pages.delete(page)
        if (memory.length === pageBytes && spare.length < mostSpare) spare.push(memory)
      }
    },
    get bytes() {
      return pages.size * pageBytes
    },
  }
}
