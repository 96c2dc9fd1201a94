import { type FileHandle, open } from 'node:fs/promises'
import { Problem } from '#core/problem.js'

/** A local file open for reading, with its head in memory. The owner closes it. */
export interface ByteFile {
  readonly size: number
  /** Changes when the file's content does: inode, size and modification time. */
  readonly version: string
  /** Exactly `length` bytes from `offset`; `invalid-data` when the file ends before. */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Headers of most GeoTIFFs and every COG fit in one read of this many bytes. */
const headBytes = 32 * 1024

/** Opens `path`, or throws `not-found`, `forbidden` or `invalid-data` naming `name` (never the path). */
export async function openByteFile(path: string, name: string): Promise<ByteFile> {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw openingProblem(cause, name)
  })
  try {
    return await fromHandle(handle, name)
  } catch (error) {
    await handle.close()
    throw error instanceof Problem ? error : openingProblem(error as NodeJS.ErrnoException, name)
  }
}

async function fromHandle(handle: FileHandle, name: string): Promise<ByteFile> {
  const stat = await handle.stat()
  if (!stat.isFile()) throw new Problem('invalid-data', `"${name}" is not a file.`)
  const head = await readExactly(handle, 0, Math.min(headBytes, stat.size), name)
  return {
    size: stat.size,
    version: fileVersion(stat),
    async read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= stat.size))
        throw new Problem('invalid-data', `"${name}" is cut off: it points beyond its own end (${stat.size} bytes).`)
      return offset + length <= head.length ? head.subarray(offset, offset + length) : readExactly(handle, offset, length, name)
    },
    close: () => handle.close(),
  }
}

/** What identifies one state of a file, from its `stat`. */
export function fileVersion(stat: { readonly ino: number; readonly size: number; readonly mtimeMs: number }): string {
  return `${stat.ino.toString(36)}-${stat.size.toString(36)}-${Math.round(stat.mtimeMs * 1000).toString(36)}`
}

async function readExactly(handle: FileHandle, offset: number, length: number, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled)
    if (bytesRead === 0) throw new Problem('invalid-data', `"${name}" became shorter while it was read.`)
    filled += bytesRead
  }
  return bytes
}

function openingProblem(cause: NodeJS.ErrnoException, name: string): Problem {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return new Problem('not-found', `"${name}" does not exist.`, { cause })
  if (cause.code === 'EACCES' || cause.code === 'EPERM')
    return new Problem('forbidden', `"${name}" cannot be read: the server has no permission on the file.`, { cause })
  if (cause.code === 'EISDIR') return new Problem('invalid-data', `"${name}" is a folder, not a file.`, { cause })
  return new Problem('unavailable', `"${name}" cannot be read just now.`, { cause })
}
