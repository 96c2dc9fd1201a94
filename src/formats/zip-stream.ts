import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** A file of an archive that is made while it is sent. */
export interface StreamedEntry {
  readonly name: string
  /** A text or bytes, or what yields them: asked for only when it is this file's turn, and not faster than the archive is read. */
  readonly content: string | Uint8Array | AsyncIterable<Uint8Array>
  /** Not compressed. */
  readonly isStored?: boolean
}

/** Of zlib, 1 to 9: what the tables of spreadsheets gain above it is a tenth of the size for twice the time. */
const compressionLevel = 3

/**
 * A ZIP archive (PKWARE APPNOTE 6.3; ZIP64 where it must be) of entries in their order, piece by piece in constant memory. The same entries give the same
 * bytes. What a content throws, this throws; to leave the loop ends the content that was being read, and waits until it has ended.
 */
export async function* zipStream(entries: readonly StreamedEntry[]): AsyncGenerator<Uint8Array, void> {
  const zip = new ZipFile()
  const out = zip.outputStream as Readable
  const opened: Promise<void>[] = []
  let reading: Readable | undefined
  zip.on('error', error => out.destroy(error as Error))
  for (const { name, content, isStored } of entries) {
    const options = { mtime: dosEpoch, forceDosTimestamp: true, mode: 0o100644, compressionLevel: isStored ? 0 : compressionLevel }
    if (typeof content === 'string' || content instanceof Uint8Array) zip.addBuffer(Buffer.from(content as string), name, options)
    else
      zip.addReadStreamLazy(name, options, give => {
        reading = Readable.from(content, { objectMode: false, highWaterMark: 1 })
        reading.on('error', error => out.destroy(error))
        opened.push(new Promise(resolve => reading?.once('close', resolve)))
        give(null, reading)
      })
  }
  zip.end()
  try {
    for await (const piece of out) yield piece
  } finally {
    reading?.destroy()
    await Promise.all(opened)
  }
}

/** The first moment that the dates of archives know, in local time as they count. */
const dosEpoch = new Date(1980, 0, 1)
