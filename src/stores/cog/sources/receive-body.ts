import { Problem } from '#core/problem.js'
import type { BodySize } from './http-client.js'
import { HttpFailure } from './http-failure.js'

/** The bytes of a body, read no further than they may go. */
export async function receiveBody(body: AsyncIterable<Uint8Array>, size: BodySize, name: string): Promise<Uint8Array> {
  const most = 'exactly' in size ? size.exactly : size.most
  // what may be large and is not announced grows as it comes
  let bytes = new Uint8Array('exactly' in size ? most : Math.min(most, 64 * 1024))
  let filled = 0
  for await (const chunk of body) {
    if (filled + chunk.length > most)
      throw new Problem('unavailable', `"${name}" cannot be read: its server sends more than it was asked for (${most} bytes).`)
    if (filled + chunk.length > bytes.length) {
      const longer = new Uint8Array(Math.min(most, Math.max(bytes.length * 2, filled + chunk.length)))
      longer.set(bytes)
      bytes = longer
    }
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  if ('exactly' in size && filled < most) throw new HttpFailure(`its server sends ${filled} of ${most} bytes`)
  return bytes.subarray(0, filled)
}
