import { readFile } from 'node:fs/promises'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { ConnectionLost } from '../wire/database-error.js'
import { MessageWriter } from '../wire/message-writer.js'
import type { NativeAddress } from './address.js'

const connectMilliseconds = 10_000

/** Opens a socket to PostgreSQL, encrypted as the address asks; nothing is authenticated yet. Throws ConnectionLost. */
export async function openSocket(address: NativeAddress): Promise<Socket> {
  const { host, port } = address
  const isLocal = host.startsWith('/')
  const socket = isLocal ? connect({ path: `${host}/.s.PGSQL.${port}` }) : connect({ host, port, noDelay: true, keepAlive: true })
  await settled(socket, 'connect')
  if (isLocal || address.tls === 'disable') return socket
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
