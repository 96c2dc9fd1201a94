import { createHash } from 'node:crypto'
import { ConnectionLost, readDatabaseError } from '../wire/database-error.js'
import type { MessageReader } from '../wire/message-reader.js'
import { MessageWriter } from '../wire/message-writer.js'
import type { NativeAddress } from './address.js'
import { type Scram, startScram } from './scram.js'

/** What CancelRequest needs. */
export interface BackendKey {
  readonly process: number
  readonly secret: number
}

/** A socket as the handshake sees it. */
export interface HandshakeSocket {
  readonly reader: MessageReader
  send(bytes: Uint8Array): void
  more(): Promise<void>
}

/**
 * Startup and authentication (PostgreSQL manual, 55.2.1): trust, cleartext, md5, SCRAM-SHA-256. Throws DatabaseError as the server says it,
 * ConnectionLost for a method that is not known here.
 */
export async function authenticate(socket: HandshakeSocket, address: NativeAddress): Promise<BackendKey> {
  const { reader } = socket
  const writer = new MessageWriter()
  const send = (message: MessageWriter) => socket.send(message.take())
  const { user, database, applicationName } = address
  send(
    writer.startup({ user, database, application_name: applicationName, client_encoding: 'UTF8', DateStyle: 'ISO, YMD', TimeZone: 'UTC' }),
  )
  let key: BackendKey = { process: 0, secret: 0 }
  let scram: Scram | undefined
  for (;;) {
    while (!reader.next()) await socket.more()
    const { bytes, start, end } = reader
    if (reader.type === 0x45) throw readDatabaseError(bytes, start)
    if (reader.type === 0x5a) return key
    if (reader.type === 0x4b) key = { process: bytes.readInt32BE(start), secret: bytes.readInt32BE(start + 4) }
    if (reader.type !== 0x52) continue
    const method = bytes.readInt32BE(start)
    const data = bytes.toString('utf8', start + 4, end)
    if (method === 0) continue
    const password = address.password
    if (password === undefined) throw new ConnectionLost('the server asks for a password and the URL has none')
    if (method === 3) send(writer.password(password))
    else if (method === 5) send(writer.password(md5Answer(user, password, bytes.subarray(start + 4, start + 8))))
    else if (method === 10 && data.split('\0').includes('SCRAM-SHA-256')) {
      scram = startScram(password)
      send(writer.saslInitial('SCRAM-SHA-256', scram.first))
    } else if (method === 11 && scram) send(writer.saslResponse(await scram.answer(data)))
    else if (method === 12 && scram) scram.check(data)
    else
      throw new ConnectionLost(
        `the server asks for authentication method ${method}, which is not known; password (SCRAM-SHA-256, md5) and trust are`,
      )
  }
}

function md5Answer(user: string, password: string, salt: Uint8Array): string {
  const md5 = (...parts: (string | Uint8Array)[]) => parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest('hex')
  return `md5${md5(md5(password, user), salt)}`
}
