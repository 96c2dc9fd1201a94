import { promisify } from 'node:util'
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib'

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

export type ContentCoding = 'br' | 'gzip'
/** `etag`: of the body. */
export type Compress = (body: Uint8Array, coding: ContentCoding, etag: string) => Promise<Uint8Array>

/** The best coding both sides know for a text of this size (RFC 9110, 12.5.3); undefined: send it as it is. */
export function chooseCoding(acceptEncoding: string | undefined, mediaType: string, size: number): ContentCoding | undefined {
  if (!acceptEncoding || size < 1024 || !isText(mediaType)) return undefined
  const weights = new Map<string, number>()
  for (const part of acceptEncoding.split(',')) {
    const [name, ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase())
    const q = parameters.find(parameter => parameter.startsWith('q='))
    weights.set(name, q === undefined ? 1 : Number(q.slice(2)) || 0)
  }
  const weight = (name: string) => weights.get(name) ?? weights.get('*') ?? 0
  const [br, gz] = [weight('br'), weight('gzip')]
  if (br === 0 && gz === 0) return undefined
  return br >= gz ? 'br' : 'gzip'
}

function isText(mediaType: string): boolean {
  return /^text\/|[/+_](json|xml|javascript|yaml)\b|gml/.test(mediaType)
}

/** What compresses a stream: as quickly as it can, and handing on what it has. */
export const compressingStream = (coding: ContentCoding) =>
  coding === 'br'
    ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 }, chunkSize: 128 * 1024 })
    : createGzip({ level: 1, chunkSize: 128 * 1024 })

/**
 * Compresses bodies, and remembers the compressed form of what has a validator, so that a capabilities document is compressed once.
 * Holds at most `maxBytes` of compressed bytes, the oldest go first.
 */
export function compressor(maxBytes = 32e6): Compress {
  const kept = new Map<string, Promise<Buffer>>()
  let bytes = 0
  return (body, coding, etag) => {
    const key = `${coding}:${etag}`
    const known = kept.get(key)
    if (known) return known
    const work = coding === 'br' ? brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }) : gzipped(body, { level: 1 })
    kept.set(key, work)
    work.then(
      compressed => {
        bytes += compressed.length
        for (const [oldest, value] of kept) {
          if (bytes <= maxBytes) break
          kept.delete(oldest)
          value.then(old => {
            bytes -= old.length
          })
        }
      },
      () => kept.delete(key),
    )
    return work
  }
}
