import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Fault } from './target.js'

const root = 'fixtures/fuzz'

/** A case that failed once, kept for ever. */
export interface Regression {
  readonly file: string
  /** What was wrong. */
  readonly found: string
  readonly input: unknown
}

/** The regression files of a target, by name. */
export function readRegressions(target: string): readonly Regression[] {
  const folder = join(root, target)
  const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.json')) : []
  return names.sort().map(name => {
    const { found, input } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { found: string; input: unknown }
    return { file: `${target}/${name}`, found, input: decoded(input) }
  })
}

/** Writes a regression file, named by the invariant and the input, and returns its path. */
export function writeRegression(target: string, { invariant, message }: Fault, input: unknown): string {
  const folder = join(root, target)
  mkdirSync(folder, { recursive: true })
  const plain = encoded(input)
  const digest = createHash('sha256').update(JSON.stringify(plain)).digest('hex').slice(0, 8)
  const path = join(folder, `${invariant}-${digest}.json`)
  const found = `${invariant}: ${message.split('\n')[0]}`.replace(/(file:\/\/)?(\/[\w.@+-]+){2,}/g, '…')
  writeFileSync(path, `${JSON.stringify({ found, input: plain }, null, 2)}\n`)
  return path
}

/** Bytes as readable text where they are, else gzipped in base64. */
function encoded(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    const text = Buffer.from(value).toString('utf8')
    const isText = Buffer.from(text).equals(value) && !/[^\t\n\r\x20-\x7e\xa0-\uffff]/u.test(text)
    return isText ? { text } : { gzip: gzipSync(value, { level: 9 }).toString('base64') }
  }
  if (Array.isArray(value)) return value.map(encoded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encoded(inner)]))
}

function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value)
  if (keys.length === 1 && 'text' in value && typeof value.text === 'string') return Buffer.from(value.text)
  if (keys.length === 1 && 'gzip' in value && typeof value.gzip === 'string') return gunzipSync(Buffer.from(value.gzip, 'base64'))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decoded(inner)]))
}
