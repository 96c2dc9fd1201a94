import { readFile } from 'node:fs/promises'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { ConnectionLost } from '../wire/database-error.js'
import { MessageWriter } from '../wire/message-writer.js'
import type { NativeAddress } from './address.js'

const connectMilliseconds = 10_000

/** Takes bytes that came in, which are overwritten afterwards; false pauses the socket. */
export type Take = (bytes: Uint8Array) => boolean

/** What all sockets of this thread that are not encrypted read into, one after the other: PostgreSQL sends 8 KB at a time, and a buffer for each would be much garbage. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * Opens a socket to PostgreSQL, encrypted as the address asks; nothing is authenticated yet. `isDirect`: what comes in is given to `take`, and nothing
 * can be read. Throws ConnectionLost.
 */
export async function openSocket(address: NativeAddress, take: Take): Promise<{ readonly socket: Socket; readonly isDirect: boolean }> {
  const { host, port } = address
  const isLocal = host.startsWith('/')
  const isDirect = isLocal || address.tls === 'disable'
  const onread = { buffer: readBuffer, callback: (count: number, buffer: Uint8Array) => take(buffer.subarray(0, count)) }
  const reading = isDirect ? { onread } : {}
  const socket = isLocal
    ? connect({ path: `${host}/.s.PGSQL.${port}`, ...reading })
    : connect({ host, port, noDelay: true, keepAlive: true, ...reading })
  await settled(socket, 'connect')
  return { socket: isDirect ? socket : await encrypted(socket, address), isDirect }
}

async function encrypted(socket: Socket, address: NativeAddress): Promise<Socket> {
  const { host } = address
  socket.write(new MessageWriter().tlsRequest().take())
  await settled(socket, 'readable')
  // More than the one byte would be text smuggled in before encryption began.
  const answer: Buffer | null = socket.read()
  if (answer?.length === 1 && answer[0] === 0x4e && address.tls === 'prefer') return socket
  if (answer?.length !== 1 || answer[0] !== 0x53) {
    socket.destroy()
    throw new ConnectionLost(`the server does not encrypt, and sslmode=${address.tls} insists`)
  }
  const secured = connectTls({
    socket,
    ...(isIP(host) ? {} : { servername: host }),
    ...(address.rootCertificate ? { ca: await readFile(address.rootCertificate) } : {}),
    rejectUnauthorized: address.tls.startsWith('verify'),
    ...(address.tls === 'verify-full' ? { host } : { checkServerIdentity: () => undefined }),
  })
  await settled(secured, 'secureConnect')
  return secured
}

/** Resolves at `event`; on failure or after a while the socket is destroyed. */
function settled(socket: Socket, event: 'connect' | 'readable' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: unknown) => {
      clearTimeout(timer)
      socket.off(event, done).off('error', fail).off('close', fail)
      if (error === undefined) resolve()
      else {
        socket.on('error', () => {}).destroy()
        reject(new ConnectionLost('the connection could not be made', error))
      }
    }
    const fail = (error?: unknown) => done(error instanceof Error ? error : new Error('closed'))
    const timer = setTimeout(() => fail(new Error(`no answer within ${connectMilliseconds / 1000} s`)), connectMilliseconds)
    socket
      .once(event, () => done())
      .once('error', fail)
      .once('close', fail)
  })
}
