/** What of a stream was there before its answer begins: all of it, or its beginning and the rest. */
export type Buffered =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'begun'; readonly pieces: AsyncIterable<Uint8Array> }

/** Bytes up to which an answer is made before its head is sent, so that what is told there is exact (contract, section 5). */
export const pageBufferBytes = 8_000_000
/** The same of files, whose heads tell no more than that: what fails at once is still told, and the rest comes as it is made. */
export const fileBufferBytes = 256 * 1024

/** Memory of answers that wait for their heads, and of how much of it is kept for the next. */
const blockBytes = 1024 * 1024
const mostSpare = 32
const spare: Uint8Array[] = []
const takeBlock = () => spare.pop() ?? Buffer.allocUnsafeSlow(blockBytes)
const giveBack = (block: Uint8Array) => void (spare.length < mostSpare && spare.push(block))

/**
 * Reads a stream up to its end or so many bytes. What fails by then is thrown here; the rest is read as it is asked for. A piece that comes is copied or
 * passed on, and read by whoever takes it before the next is asked for.
 */
export async function bufferPage(pieces: AsyncIterable<Uint8Array>, most: number): Promise<Buffered> {
  const iterator = pieces[Symbol.asyncIterator]()
  const blocks: { readonly block: Uint8Array; used: number }[] = []
  let bytes = 0
  const keep = (piece: Uint8Array) => {
    for (let at = 0; at < piece.length; ) {
      let last = blocks.at(-1)
      if (!last || last.used === blockBytes) {
        last = { block: takeBlock(), used: 0 }
        blocks.push(last)
      }
      const part = piece.subarray(at, at + blockBytes - last.used)
      last.block.set(part, last.used)
      last.used += part.length
      at += part.length
    }
    bytes += piece.length
  }
  const free = () => {
    for (const { block } of blocks.splice(0)) giveBack(block)
  }
  try {
    while (bytes <= most) {
      const next = await iterator.next()
      if (next.done) {
        const whole = Buffer.concat(blocks.map(({ block, used }) => block.subarray(0, used)))
        free()
        return { kind: 'whole', bytes: whole }
      }
      keep(next.value)
    }
  } catch (error) {
    free()
    throw error
  }
  return { kind: 'begun', pieces: resumed(blocks, iterator) }
}

/** All of a stream. */
export async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all = await bufferPage(pieces, Number.POSITIVE_INFINITY)
  return all.kind === 'whole' ? all.bytes : new Uint8Array()
}

/** Not a generator: one that was never begun would not tell the stream that nobody wants it. */
function resumed(
  read: { readonly block: Uint8Array; readonly used: number }[],
  rest: AsyncIterator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  let last: Uint8Array | undefined
  const free = () => {
    if (last) giveBack(last)
    last = undefined
  }
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      free()
      const one = read.shift()
      if (!one) return rest.next()
      last = one.block
      return { done: false, value: one.block.subarray(0, one.used) }
    },
    async return() {
      free()
      for (const { block } of read.splice(0)) giveBack(block)
      await rest.return?.()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
