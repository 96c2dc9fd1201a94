import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** What becomes of the bytes between the two sides. */
export type Weather =
  | { readonly kind: 'clear' }
  /** Every piece arrives so much later. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Connections open, and nothing ever arrives. */
  | { readonly kind: 'silent' }
  /** Every connection is reset after so many more bytes of answer. */
  | { readonly kind: 'cut'; readonly afterBytes: () => number }

export interface TcpProxy {
  readonly port: number
  set(weather: Weather): void
  /** Bytes that never arrived. */
  lost(): number
  close(): Promise<void>
}

/** A network on 127.0.0.1 in front of `target`, whose weather changes for open connections, too. */
export async function tcpProxy(target: number): Promise<TcpProxy> {
  let weather: Weather = { kind: 'clear' }
  let lost = 0
  const pairs = new Set<{ left: number; end(): void }>()
  const server = createServer(client => {
    const database = connect(target, '127.0.0.1')
    const pair = {
      left: weather.kind === 'cut' ? weather.afterBytes() : 0,
      end() {
        pairs.delete(pair)
        client.resetAndDestroy()
        database.resetAndDestroy()
      },
    }
    pairs.add(pair)
    const carry = (from: Socket, to: Socket, isAnswer: boolean) => {
      let last = Promise.resolve()
      from.on('data', bytes => {
        const now = weather
        if (now.kind === 'silent') {
          lost += bytes.length
          return
        }
        if (now.kind === 'slow') {
          const later = new Promise(resolve => setTimeout(resolve, now.milliseconds))
          last = last.then(() => later).then(() => void (to.writable && to.write(bytes)))
          return
        }
        if (now.kind === 'cut' && isAnswer) {
          if (bytes.length >= pair.left) {
            to.write(bytes.subarray(0, pair.left), () => pair.end())
            return
          }
          pair.left -= bytes.length
        }
        last = last.then(() => void (to.writable && to.write(bytes)))
      })
      from.on('end', () => weather.kind !== 'silent' && last.then(() => to.end()))
      from.on('error', () => pair.end())
      from.on('close', () => weather.kind !== 'silent' && last.then(() => to.destroy()))
    }
    carry(client, database, false)
    carry(database, client, true)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    set(next) {
      weather = next
      if (next.kind === 'cut') for (const pair of pairs) pair.left = next.afterBytes()
    },
    lost: () => lost,
    async close() {
      for (const pair of pairs) pair.end()
      server.close()
      await once(server, 'close')
    },
  }
}
