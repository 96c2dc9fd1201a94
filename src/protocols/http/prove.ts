import { createHmac, randomBytes } from 'node:crypto'
import type { Caller } from '#core/access.js'
import type { Access } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { hashKey, matchesPassword, nobodysHash } from '#core/secret-hash.js'
import { createTurns } from './turns.js'

/** Headers of a request that may prove an account. */
export interface Credentials {
  readonly authorization?: string | undefined
  readonly 'x-api-key'?: string | undefined
}

/**
 * The account a request proves: undefined where it tries none. Throws `unauthorized` for what is wrong, whatever was wrong with it, and
 * `overloaded` while too many passwords wait to be tried.
 */
export type Prover = (credentials: Credentials, access: Access, signal?: AbortSignal) => Promise<Caller>

/** Proven passwords remembered, so that not every request costs 50 ms. */
const remembered = 1000

/** Passwords tried at a time, each 16 MB and a thread of the pool, and how many may wait for that. */
const atATime = 2
const waiting = 16

/**
 * Proves accounts by HTTP Basic (RFC 7617) or by a key in X-API-Key. What was proven is remembered under a digest whose key never leaves this
 * process and which contains the hash it was proven against: a changed config counts at once. `matches` is for tests.
 */
export function createProver(matches: typeof matchesPassword = matchesPassword): Prover {
  const secret = randomBytes(32)
  const proven = new Set<string>()
  const underWay = new Map<string, Promise<boolean>>()
  const inTurn = createTurns(atATime, waiting)

  const isRight = async (digest: string, password: string, hash: string, signal: AbortSignal | undefined): Promise<boolean> => {
    if (proven.delete(digest)) {
      proven.add(digest) // the oldest are forgotten first
      return true
    }
    const attempt = underWay.get(digest) ?? inTurn(() => matches(password, hash)).finally(() => underWay.delete(digest))
    underWay.set(digest, attempt)
    const isMatch = await attempt
    signal?.throwIfAborted()
    if (isMatch) proven.add(digest)
    for (const oldest of proven) {
      if (proven.size <= remembered) break
      proven.delete(oldest)
    }
    return isMatch
  }

  return async ({ authorization, 'x-api-key': key }, access, signal) => {
    if (access.accounts.size === 0) return undefined // then these headers are somebody else's: a proxy's in front, for one
    if (key !== undefined) {
      const hash = hashKey(key) // comparing digests tells nothing about the key
      for (const [name, { keys }] of access.accounts) if (keys.includes(hash)) return name
      throw wrong()
    }
    const basic = readBasic(authorization)
    if (!basic) return undefined
    const { name, password } = basic
    const account = access.accounts.get(name)?.password
    const hash = account ?? nobodysHash // so that it takes as long to learn that there is no such account
    const digest = createHmac('sha256', secret)
      .update(JSON.stringify([name, password, hash]))
      .digest('base64')
    if ((await isRight(digest, password, hash, signal)) && account !== undefined) return name
    throw wrong()
  }
}

const wrong = () =>
  new Problem('unauthorized', 'This name and password, or this key, is not known here. Without them, everything can be read.')

/** Name and password; undefined for other schemes, which prove nothing here. */
function readBasic(authorization: string | undefined): { readonly name: string; readonly password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]{0,2000}={0,2})$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) {
    if (/^basic\b/i.test(authorization ?? '')) throw wrong()
    return undefined
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) throw wrong()
  return { name: text.slice(0, colon), password: text.slice(colon + 1) }
}
