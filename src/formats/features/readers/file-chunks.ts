import { createReadStream } from 'node:fs'
import { unreadable } from './archives/unpack.js'
import type { PlainFile } from './reader.js'

const chunkBytes = 512 * 1024

/** The bytes of a file in order, one chunk in memory at a time. */
export async function* fileChunks(file: PlainFile, signal?: AbortSignal, start = 0): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: chunkBytes, start, signal })) yield chunk as Buffer
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error) throw unreadable(file.label, error)
    throw error
  }
}
