import type { ServerResponse } from 'node:http'

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
