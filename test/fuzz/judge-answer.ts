import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { XMLValidator } from 'fast-xml-parser'
import sharp from 'sharp'
import type { RawAnswer } from './exchange.js'
import type { Fault } from './target.js'

/** What is wrong with an answer, whatever was asked; undefined when nothing is. `isBroken`: what was asked was no HTTP. */
export async function judgeAnswer(answer: RawAnswer, isBroken: boolean): Promise<Fault | undefined> {
  const { status, headers, head, body } = answer
  if (status === 0) return isBroken && !head ? undefined : { invariant: 'answers', message: `no answer of HTTP: ${head.slice(0, 200)}` }
  const type = headers.get('content-type') ?? ''
  const text = /text|xml|json|javascript|css/.test(type) || type === '' ? contentOf(answer) : Buffer.alloc(0)
  if (text === undefined) return { invariant: 'well-formed', message: `its ${headers.get('content-encoding')} cannot be unpacked` }
  const told = `${head}\n${text}`
  const inside = told.match(/\bat .*\.js:\d+|node_modules|\/(root|home|tmp|var)\/[^\s"<]*|SELECT .* FROM/)
  // what merely repeats the address is not ours
  if (inside && !isBroken) return { invariant: 'answers', message: `it tells of the inside: ${inside[0]}` }
  if (/html|xml/.test(type) && /<script>alert/.test(text.toString())) return { invariant: 'answers', message: 'it repeats a script' }
  if (status >= 500 && status !== 501 && !(status === 503 && /retry-after|longer|try again/i.test(told)))
    return { invariant: 'answers', message: `status ${status}: ${text.toString().slice(0, 500)}` }
  return wellFormed(answer, type, text, body)
}

/** The content with its encoding undone. */
function contentOf({ headers, body }: RawAnswer): Buffer | undefined {
  const undo = { gzip: gunzipSync, br: brotliDecompressSync, deflate: inflateSync }[headers.get('content-encoding') ?? '']
  try {
    return undo && body.length > 0 ? undo(body) : body
  } catch {
    return undefined
  }
}

async function wellFormed({ status, headers }: RawAnswer, type: string, text: Buffer, body: Buffer): Promise<Fault | undefined> {
  const wrong = (message: string): Fault => ({ invariant: 'well-formed', message: `${type}, status ${status}: ${message}` })
  const length = headers.get('content-length')
  if (body.length === 0) return undefined // HEAD, 304, OPTIONS
  if (length !== undefined && Number(length) !== body.length) return wrong(`${body.length} bytes, where ${length} are announced`)
  if (/charset=utf-8|json/.test(type) && text.includes('\ufffd') && !isUtf8(text)) return wrong('it is not UTF-8')
  try {
    if (/problem\+json/.test(type)) {
      const told = JSON.parse(text.toString()) as { readonly status?: unknown; readonly title?: unknown; readonly detail?: unknown }
      if (told.status !== status || !told.title || !told.detail) return wrong('a problem says its status, a title and a detail (RFC 9457)')
    } else if (/json-seq|ndjson/.test(type)) {
      // each on a line of its own, after a record separator where it is RFC 8142
      for (const line of text.toString().split('\n')) if (line !== '') JSON.parse(line.replace('\u001e', ''))
    } else if (/json/.test(type)) JSON.parse(text.toString())
    else if (/[/+]xml|gml/.test(type)) {
      const valid = XMLValidator.validate(text.toString())
      if (valid !== true) return wrong(`${valid.err.msg}, line ${valid.err.line}`)
      // XML 1.0 has no other control characters, and no lone surrogates
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text.toString())) return wrong('it holds characters that XML forbids')
    } else if (/pdf/.test(type)) {
      if (!body.subarray(0, 8).equals(Buffer.from('%PDF-1.7')) || !body.subarray(-6).equals(Buffer.from('%%EOF\n')))
        return wrong('it is no whole PDF')
    } else if (type.startsWith('image/') && !/svg|icon|dxf/.test(type)) await sharp(body).raw().toBuffer()
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
  return undefined
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
