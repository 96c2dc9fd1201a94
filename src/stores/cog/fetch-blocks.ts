import { Problem } from '#core/problem.js'
import { readBlock } from './block-position.js'
import { type ByteFile, openByteFile } from './byte-file.js'
import type { Pyramid, PyramidImage } from './pyramid.js'

/** Position of a block in an image: its column and row of blocks, and the plane where bands are stored apart. */
export interface BlockPlace {
  readonly column: number
  readonly row: number
  readonly plane: number
}

/** Stored bytes of blocks, for one read. */
export interface BlockFetcher {
  /** Undefined for a block that was never written. Throws `unavailable` when the file is another than it was, `invalid-data` for absurd lengths. */
  fetch(image: PyramidImage, place: BlockPlace): Promise<Uint8Array | undefined>
  /** Closes the files when nothing that was asked for is under way any more: others may be waiting for it, too. */
  close(): Promise<void>
}

/** Files are opened when the first byte of them is wanted. */
export function startFetching(pyramid: Pyramid): BlockFetcher {
  const parts = new Map<number, Promise<ByteFile>>()
  const running = new Set<Promise<unknown>>()

  async function fetch({ part, layout }: PyramidImage, { column, row, plane }: BlockPlace): Promise<Uint8Array | undefined> {
    const opening = parts.get(part) ?? openPart(pyramid, part)
    parts.set(part, opening)
    const file = await opening
    return readBlock(file, layout, column, row, plane, reason => damaged(pyramid.name, reason))
  }

  return {
    fetch(image, place) {
      const fetching = fetch(image, place)
      running.add(fetching)
      return fetching
    },
    async close() {
      await Promise.allSettled(running)
      for (const opening of parts.values()) await opening.then(file => file.close()).catch(() => undefined)
    },
  }
}

async function openPart(pyramid: Pyramid, part: number): Promise<ByteFile> {
  const file = await openByteFile(pyramid.paths[part], pyramid.name)
  if (file.version === pyramid.versions[part]) return file
  await file.close()
  throw replaced(pyramid.name)
}

/** The Problem of a file that is not the one it was when it was published. */
export function replaced(name: string): Problem {
  return new Problem('unavailable', `"${name}" was replaced since it was published; it is served again after the next reload.`, {
    retryAfter: 10,
  })
}

export function damaged(name: string, reason: string, cause?: unknown): Problem {
  return new Problem('invalid-data', `"${name}" is damaged: ${reason}.`, { cause })
}
