import { createHash, randomBytes, type ScryptOptions, scrypt, scryptSync, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** Cost of scrypt: 16 MB and some 50 ms, which a login may take and a guesser may not. */
const scryptCost = { N: 16_384, r: 8, p: 1 }

/** `scrypt:N:r:p:salt:hash` (base64url) of a password. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16)
  const { N, r, p } = scryptCost
  const hash = scryptSync(password.normalize('NFC'), salt, 32, scryptCost)
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join(':')
}

/** `sha256:hash` (base64url) of an API key: keys are long and random, and checked with every request. */
export function hashKey(key: string): string {
  return `sha256:${createHash('sha256').update(key).digest('base64url')}`
}

/** A new API key of 256 random bits. */
export const newKey = (): string => randomBytes(32).toString('base64url')

/** Whether `text` has the form of a password's hash of this module, with a cost that does not stop the server. */
export function isPasswordHash(text: string): boolean {
  const match = /^scrypt:(\d+):(\d+):(\d+):[\w-]{16,86}:[\w-]{43}$/.exec(text)
  if (!match) return false
  const [N, r, p] = match.slice(1).map(Number)
  return N >= 2 ** 12 && N <= 2 ** 17 && Number.isInteger(Math.log2(N)) && r >= 1 && r <= 8 && p >= 1 && p <= 4
}

/** Whether `text` has the form of a key's hash of this module. */
export const isKeyHash = (text: string): boolean => /^sha256:[\w-]{43}$/.test(text)

/** Whether `password` is what `hash` was made of, compared in constant time, worked out off this thread. False for anything that is no hash. */
export async function matchesPassword(password: string, hash: string): Promise<boolean> {
  if (!isPasswordHash(hash)) return false
  const [, N, r, p, salt, expected] = hash.split(':')
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: 256 * Number(N) * Number(r) }
  const actual = await scryptInPool(password.normalize('NFC'), Buffer.from(salt, 'base64url'), 32, cost)
  return timingSafeEqual(actual, Buffer.from(expected, 'base64url'))
}

/** A hash of no password, which costs as much to try as one that `hashPassword` made. */
export const nobodysHash = ['scrypt', ...Object.values(scryptCost), 'A'.repeat(22), 'A'.repeat(43)].join(':')

const scryptInPool = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)
