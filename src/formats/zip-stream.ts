import { Readable } from 'node:stream'
import { begun } from './begun.js'

/** A file of an archive that is made while it is sent. */
export interface StreamedEntry {
  readonly name: string
  /** A text or bytes, or what yields them: begun before the archive, so that what fails at once fails there, and not read faster than the archive is. */
  readonly content: string | Uint8Array | AsyncIterable<Uint8Array>
  /** Not compressed. */
  readonly isStored?: boolean
}

/** Of zlib, 1 to 9. XML of tables becomes hardly smaller above it, and takes twice the time. */
const compressionLevel = 3

/** Bytes that are made ahead while others are compressed, which happens on another thread. */
const highWaterMark = 256 * 1024

/**
 * A ZIP archive (PKWARE APPNOTE 6.3; ZIP64 where it must be) of entries in their order, piece by piece in constant memory. The same entries give the same
 * bytes. What a content throws, this throws; to leave the loop ends all contents, and waits until they have ended.
 */
export async function* zipStream(entries: readonly StreamedEntry[]): AsyncGenerator<Uint8Array, void> {
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  const out = zip.outputStream as Readable
  const closed: Promise<void>[] = []
  const open: Readable[] = []
  zip.on('error', error => out.destroy(error as Error))
  try {
    for (const { name, content, isStored } of entries) {
      const options = { mtime: dosEpoch, forceDosTimestamp: true, mode: 0o100644, compressionLevel: isStored ? 0 : compressionLevel }
      if (typeof content === 'string' || content instanceof Uint8Array) zip.addBuffer(Buffer.from(content as string), name, options)
      else {
        const stream = Readable.from(await begun(content), { objectMode: false, highWaterMark })
        stream.on('error', error => out.destroy(error))
        closed.push(new Promise(resolve => stream.once('close', resolve)))
        open.push(stream)
        // read only once it is piped
        zip.addReadStreamLazy(name, options, give => give(null, stream))
      }
    }
    zip.end()
    for await (const piece of out) yield piece
  } finally {
    for (const stream of open) stream.destroy()
    await Promise.all(closed)
  }
}

/** The first moment that the dates of archives know, in local time as they count. */
const dosEpoch = new Date(1980, 0, 1)
