import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

/** A file that is being written, and that others read meanwhile. */
export interface GrowingFile {
  /** Resolves when it is whole; rejects with what ended it. */
  readonly done: Promise<{ readonly size: number; readonly etag: string }>
  /**
   * Its bytes from the beginning, waiting for those that are not there yet. It may be renamed or removed meanwhile. Undefined when it is whole, or has failed,
   * and nobody reads it any more: then it is closed.
   */
  follow(): AsyncIterable<Uint8Array> | undefined
}

const pieceBytes = 256 * 1024

/** Writes a stream to a file. Whoever follows it is never ahead of it, and a failure is thrown at all of them. */
export async function growFile(path: string, pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<GrowingFile> {
  const file = await open(path, 'w+')
  let [written, users] = [0, 1]
  let end: { readonly error?: unknown } | undefined
  let wake: () => void = () => {}
  let grown = new Promise<void>(resolve => {
    wake = resolve
  })
  const tell = () => {
    wake()
    grown = new Promise(resolve => {
      wake = resolve
    })
  }
  const leave = async () => {
    users--
    if (users === 0) await file.close()
  }

  const write = async () => {
    const hash = createHash('sha1')
    try {
      for await (const piece of pieces) {
        signal.throwIfAborted()
        for (let at = 0; at < piece.length; ) at += (await file.write(piece, at, piece.length - at, written + at)).bytesWritten
        hash.update(piece)
        written += piece.length
        tell()
      }
      await file.sync()
      end = {}
    } catch (error) {
      end = { error }
      throw error
    } finally {
      tell()
      await leave()
    }
    return { size: written, etag: hash.digest('base64url') }
  }
  const done = write()
  // whoever waits for it is told; nobody has to wait
  done.catch(() => {})

  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    try {
      for (let read = 0; ; ) {
        while (read >= written && !end) await grown
        if (end && 'error' in end) throw end.error
        if (read >= written) return
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(pieceBytes, written - read)), 0, undefined, read)
        read += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      await leave()
    }
  }

  return {
    done,
    follow() {
      if (users === 0) return undefined
      users++
      return begun(bytes(), leave)
    },
  }
}

/** A generator that was never begun runs no `finally`: `leave` is called for it. */
function begun(bytes: AsyncGenerator<Uint8Array, void>, leave: () => Promise<void>): AsyncIterable<Uint8Array> {
  let isBegun = false
  const iterator: AsyncIterator<Uint8Array, void> = {
    next() {
      isBegun = true
      return bytes.next()
    },
    async return() {
      if (isBegun) return bytes.return()
      isBegun = true
      await leave()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
