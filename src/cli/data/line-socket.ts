import { connect, type Socket } from 'node:net'
import type { Greeting } from './data-directory.js'

/** Longest line either side accepts, in characters. */
const longestLine = 1_000_000

/** How long a listener may take to greet, in milliseconds: a busy process is slow, a dead one refuses at once. */
const slowest = 5_000

/** Who listens on `address`; `nobody` when the socket is a leftover of a dead process. A listener that does not greet counts as settled. */
export async function askSocket(address: string): Promise<Greeting | 'nobody'> {
  const socket = connect(address)
  socket.setTimeout(slowest, () => socket.destroy())
  try {
    for await (const line of linesOf(socket)) {
      const greeting = line as Greeting
      return greeting.arpent === 1 ? greeting : unknownOwner
    }
    return unknownOwner
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return code === 'ECONNREFUSED' || code === 'ENOENT' ? 'nobody' : unknownOwner
  } finally {
    socket.destroy()
  }
}

const unknownOwner: Greeting = { arpent: 1, pid: 0, state: 'owner' }

/**
 * The JSON values a socket sends, one a line. Ends with the other side's last word; throws when the socket breaks or is destroyed, on lines
 * too long and on lines that are not JSON. Leaving the loop leaves the socket open.
 */
export async function* linesOf(socket: Socket): AsyncGenerator<unknown> {
  let rest = ''
  socket.setEncoding('utf8')
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line)
    if (rest.length > longestLine) throw new Error('a line is too long')
  }
}

/** Writes one JSON value as a line; false when the socket wants a pause. */
export function writeLine(socket: Socket, value: unknown): boolean {
  return socket.writable && socket.write(`${JSON.stringify(value)}\n`)
}
