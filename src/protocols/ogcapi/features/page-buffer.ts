/** What of a stream was there before its answer begins: all of it, or its beginning and the rest. */
export type Buffered =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'begun'; readonly pieces: AsyncIterable<Uint8Array> }

/** Bytes up to which an answer is made before its head is sent, so that what is told there is exact (contract, section 5). */
export const pageBufferBytes = 8_000_000
/** The same of files, whose heads tell no more than that: what fails at once is still told, and the rest comes as it is made. */
export const fileBufferBytes = 256 * 1024

/** Reads a stream up to its end or so many bytes. What fails by then is thrown here; the rest is read as it is asked for. */
export async function bufferPage(pieces: AsyncIterable<Uint8Array>, most: number): Promise<Buffered> {
  const iterator = pieces[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let bytes = 0
  while (bytes <= most) {
    const next = await iterator.next()
    if (next.done) return { kind: 'whole', bytes: read.length === 1 ? read[0] : Buffer.concat(read) }
    read.push(next.value)
    bytes += next.value.length
  }
  return { kind: 'begun', pieces: resumed(read, iterator) }
}

/** All of a stream. */
export async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

/** Not a generator: one that was never begun would not tell the stream that nobody wants it. */
function resumed(read: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = {
    next: () => {
      const piece = read.shift()
      return piece ? Promise.resolve({ done: false, value: piece }) : rest.next()
    },
    return: async () => {
      read.length = 0
      await rest.return?.()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
