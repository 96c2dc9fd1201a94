import { request } from 'node:http'
import type { Answer, Ask } from './suite.js'

/** Longest wait for one answer. */
const milliseconds = 60_000

/** Asks for an address, as the official suites do: HTTP/1.1, no compression, header names kept as they came. */
export function ask(asked: string | Ask): Promise<Answer> {
  const { url, method, headers } = (typeof asked === 'string' ? { url: asked } : asked) as Ask
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { timeout: milliseconds, method, headers }, incoming => {
      const pieces: Buffer[] = []
      incoming.on('data', (piece: Buffer) => pieces.push(piece))
      incoming.on('error', reject)
      incoming.on('end', () =>
        resolve({
          url,
          status: incoming.statusCode ?? 0,
          httpVersion: incoming.httpVersion,
          headers: pairs(incoming.rawHeaders),
          mediaType: (incoming.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase(),
          bytes: Buffer.concat(pieces),
        }),
      )
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${milliseconds / 1000} s`)))
    outgoing.on('error', reject)
    outgoing.end()
  })
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i], raw[2 * i + 1]] as const)
}

/** Value of a header, whatever the case of its name. */
export const headerOf = ({ headers }: Answer, name: string): string | undefined =>
  headers.find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1]
