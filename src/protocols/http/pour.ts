import type { Writable } from 'node:stream'

/**
 * Writes pieces as fast as the other end takes them: each has left this process, or was taken in by `to`, before the next is asked for, so that its memory may be
 * used again. Stops asking when `to` closes. Throws what making a piece throws; then `to` is not ended.
 */
export async function pour(pieces: AsyncIterable<Uint8Array>, to: Writable): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]()
  let isOver = false
  let leave: () => void = () => {}
  const closed = new Promise<'closed'>(resolve => {
    leave = () => resolve('closed')
    if (to.destroyed) leave()
    else to.once('close', leave)
  })
  const written = (piece: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      to.write(piece, error => (error ? reject(error) : resolve()))
    })
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), closed])
      if (next === 'closed') return
      if (next.done) break
      const outcome = await Promise.race([written(next.value).catch(() => 'closed' as const), closed])
      if (outcome === 'closed') return
    }
    isOver = true
    to.end()
  } finally {
    to.off('close', leave)
    if (!isOver) await iterator.return?.()
  }
}
