import { type FileHandle, open } from 'node:fs/promises'
import { unreadable } from './archives/unpack.js'
import type { PlainFile } from './reader.js'

const windowBytes = 1024 * 1024

/** A file read mostly in order, through one window: what lies in it is answered at once, the rest after a read. */
export interface WindowedFile {
  readonly bytes: number
  /** The bytes of a range, valid until the next `load`; undefined when they must be loaded first. */
  peek(at: number, length: number): Buffer | undefined
  /** Moves the window to `at`. A range beyond the end of the file resolves to undefined: the caller knows what is missing. */
  load(at: number, length: number): Promise<Buffer | undefined>
  close(): Promise<void>
}

export async function openWindowed(path: string, label: PlainFile['label']): Promise<WindowedFile> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    throw error instanceof Error ? unreadable(label, error) : error
  }
  const { size } = await file.stat()
  let window = Buffer.alloc(0)
  let start = 0
  let end = 0
  const peek = (at: number, length: number) =>
    at >= start && at + length <= end ? window.subarray(at - start, at - start + length) : undefined
  return {
    bytes: size,
    peek,
    load: async (at, length) => {
      if (at < 0 || length < 0 || at + length > size) return undefined
      // a fresh buffer each time: parts of the old one may still be held by rows
      window = Buffer.allocUnsafeSlow(Math.min(size - at, Math.max(windowBytes, length)))
      const { bytesRead } = await file.read(window, 0, window.length, at)
      start = at
      end = at + bytesRead
      return peek(at, length)
    },
    close: () => file.close(),
  }
}
