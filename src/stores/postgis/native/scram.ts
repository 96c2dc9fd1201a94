import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** A server that asks for more rounds wants to keep us busy, not to be safe. */
const maxIterations = 10_000_000

/** One SCRAM-SHA-256 conversation (RFC 7677, RFC 5802), without channel binding. */
export interface Scram {
  readonly first: string
  /** The client's final message, in answer to the server's first one. */
  answer(serverFirst: string): Promise<string>
  /** Throws unless the server knew the password, too. */
  check(serverFinal: string): void
}

export function startScram(password: string, nonce = randomBytes(18).toString('base64')): Scram {
  const bare = `n=,r=${nonce}`
  let expected: Buffer | undefined
  return {
    first: `n,,${bare}`,
    async answer(serverFirst) {
      const { r, s, i } = attributes(serverFirst)
      const iterations = Number(i)
      if (!r?.startsWith(nonce) || r === nonce || !s || !(iterations >= 1 && iterations <= maxIterations))
        throw new Error('SCRAM: odd first answer')
      const salted = await promisify(pbkdf2)(password.normalize('NFKC'), Buffer.from(s, 'base64'), iterations, 32, 'sha256')
      const clientKey = hmac(salted, 'Client Key')
      const final = `c=${Buffer.from('n,,').toString('base64')},r=${r}`
      const signed = `${bare},${serverFirst},${final}`
      const signature = hmac(createHash('sha256').update(clientKey).digest(), signed)
      expected = hmac(hmac(salted, 'Server Key'), signed)
      return `${final},p=${Buffer.from(clientKey.map((byte, at) => byte ^ signature[at]!)).toString('base64')}`
    },
    check(serverFinal) {
      const proof = Buffer.from(attributes(serverFinal).v ?? '', 'base64')
      if (!expected || proof.length !== expected.length || !timingSafeEqual(proof, expected))
        throw new Error('SCRAM: the server does not know the password')
    },
  }
}

const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const attributes = (message: string): Record<string, string | undefined> =>
  Object.fromEntries(message.split(',').map(part => [part.slice(0, 1), part.slice(2)]))
