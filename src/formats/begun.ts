/**
 * The same pieces, the first of them waited for: what fails at once is thrown here. Not a generator: one that was never begun would not tell those behind
 * it that nobody wants them. `onEnd`: after the last.
 */
export async function begun<T>(pieces: AsyncIterable<T>, onEnd: () => void = () => {}): Promise<AsyncIterable<T>> {
  const rest = pieces[Symbol.asyncIterator]()
  const next = async () => {
    const one = await rest.next()
    if (one.done) onEnd()
    return one
  }
  let waiting: IteratorResult<T> | undefined = await next()
  const iterator: AsyncIterator<T> = {
    async next() {
      const one = waiting
      waiting = undefined
      return one ?? next()
    },
    async return() {
      waiting = undefined
      await rest.return?.()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
