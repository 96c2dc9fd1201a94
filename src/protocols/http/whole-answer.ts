import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http'
import { spellingOf } from './spelled-response.js'

/** Whether `sendWhole` may answer: earlier answers of the connection are out, and it takes more. */
export function takesWhole({ socket }: ServerResponse): boolean {
  return socket?.writable === true
}

/**
 * Sends an answer that is complete, head included, as one piece; `sent` is called when the system has taken all of it, and never where the client has
 * left. Node makes heads anew and gathers the pieces of an answer again, which takes as long as all else it does for a small one. What it does when an
 * answer is out hangs on `finish`: that is told here. Only where `takesWhole` says so.
 */
export function sendWhole(response: ServerResponse, message: Uint8Array, sent: () => void): void {
  const { socket, shouldKeepAlive } = response
  socket?.write(message, error => {
    if (error) return
    response.emit('finish')
    sent()
  })
  if (!shouldKeepAlive) socket?.destroySoon()
}

/** Characters that may not be in a header (RFC 9110, 5.5). */
const unfit = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Sends an answer whose body is all there as `sendWhole` does: half the time of what Fastify and Node do between them. False, and nothing done, where
 * they are to do it: for connections that are closing, and for headers that they refuse or that say how the body is sent. `sent` as in `sendWhole`.
 */
export function sendAtOnce(
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  body: Uint8Array,
  keepAliveSeconds: number,
  sent?: () => void,
): boolean {
  const { socket, statusCode, shouldKeepAlive } = response
  if (
    !socket ||
    !takesWhole(response) ||
    !shouldKeepAlive ||
    statusCode === 304 ||
    'connection' in headers ||
    'transfer-encoding' in headers
  )
    return false
  let [lines, values] = ['', '']
  for (const name in headers) {
    const value = headers[name]
    if (name === 'content-length') continue
    if (typeof value !== 'string') return false
    lines += `${spellingOf(name)}: ${value}\r\n`
    values += value
  }
  if (unfit.test(values)) return false
  const start = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${lines}Content-Length: ${body.byteLength}\r\n`
  socket.cork()
  socket.write(start + endOfHead(response, keepAliveSeconds), 'latin1')
  socket.write(body, error => {
    if (error) return
    response.emit('finish')
    sent?.()
  })
  socket.uncork()
  return true
}

/** The end of a head: when it was sent, and what becomes of the connection, which is kept for `keepAliveSeconds`. */
export function endOfHead({ shouldKeepAlive }: ServerResponse, keepAliveSeconds: number): string {
  return `Date: ${httpDate()}\r\nConnection: ${shouldKeepAlive ? `keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}` : 'close'}\r\n\r\n`
}

let [second, text] = [0, '']

/** The time of day (RFC 9110, 6.6.1), written once a second. */
function httpDate(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) [second, text] = [now, new Date(now * 1000).toUTCString()]
  return text
}
