import { once } from 'node:events'
import { Readable } from 'node:stream'
import yazl from 'yazl'

/** The same bytes at any time: what ZIP can say is local. */
const beginning = new Date(1980, 0, 1)

/** A ZIP archive of one file as that file comes, whatever its size; whoever stops asking, or a fault, ends the pieces, too. */
export async function* zipPieces(name: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const iterator = pieces[Symbol.asyncIterator]()
  // begun before anything is handed on: what has not begun cannot be ended
  const source = Readable.from(resumed(await iterator.next(), iterator), { objectMode: false, highWaterMark: 65_536 })
  const zip = new yazl.ZipFile()
  const output = zip.outputStream as Readable
  source.once('error', error => output.destroy(error))
  zip.once('error', error => output.destroy(error instanceof Error ? error : new Error(String(error))))
  zip.addReadStream(source, name, { mtime: beginning, forceDosTimestamp: true })
  zip.end()
  try {
    for await (const piece of output) yield piece as Uint8Array
  } finally {
    if (!source.closed) {
      source.destroy()
      await once(source, 'close')
    }
    await iterator.return?.()
  }
}

/** What is left of pieces of which the first was taken. */
async function* resumed(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value
}
