import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'
import type { ByteRange } from '../byte-file.js'
import { Replaced } from '../replaced.js'
import { shareWork } from '../shared-work.js'
import type { ByteBudget } from './byte-budget.js'
import type { SourceFile } from './byte-source.js'
import { checkRanges } from './check-ranges.js'
import { gatherReads } from './gathered-reads.js'
import type { BodySize, HttpClient, HttpHead, HttpRequest } from './http-client.js'
import { statusError } from './http-failure.js'
import { contentRange, type HttpVersion, onlyThis, versionOf, versionText } from './http-version.js'
import type { Pages } from './paged-file.js'

/** What files of one source share. */
export interface HttpTools {
  readonly client: HttpClient
  readonly budget: ByteBudget
  /** Bytes of the first read. */
  readonly headBytes: number
  /** Files that cannot be read in parts, by name and version. */
  readonly wholes: Pages
}

/** A file on another machine. */
export type RemoteTarget = Pick<HttpRequest, 'url' | 'name' | 'authorise'>

/** A file that cannot be read in parts is fetched whole and kept, up to this many bytes. */
const wholeBytes = 16 << 20
/** A round trip of 5 ms at 50 MB/s: bytes in a gap cost less than another request. Merged reads stay small enough to share the line. */
const bounds = { gap: 128 * 1024, most: 4 << 20 }
/** Milliseconds between two looks whether a file in use was replaced; every read notices it anyway, this is for blocks that are kept. */
const checkMilliseconds = 60_000

/** Opens a file with one request, which brings its first bytes along; a file without `head` is in memory whole. */
export async function openHttpFile(
  target: RemoteTarget,
  tools: HttpTools,
  signal?: AbortSignal,
): Promise<{ readonly file: SourceFile; readonly head?: Uint8Array }> {
  const { client, headBytes } = tools
  let found: { version: HttpVersion; isWhole: boolean } | undefined
  const { body } = await client.get({
    ...target,
    headers: { range: `bytes=0-${headBytes - 1}` },
    signal,
    expect(head) {
      const { size, ...expected } = expectHead(head, target.name, headBytes)
      found = { version: versionOf(head, 'exactly' in expected ? size : -1), isWhole: head.status !== 206 }
      return expected
    },
  })
  const { version, isWhole } = found!
  return isWhole
    ? { file: wholeFile(body, { ...version, size: body.length }, target, tools) }
    : { file: rangeFile(version, target, tools), head: body }
}

/** How long the first answer is, and the size of the file; both are open where a server sends everything without saying how much. */
function expectHead(head: HttpHead, name: string, headBytes: number): BodySize & { size: number } {
  const { status, header } = head
  if (status === 416) throw new Problem('invalid-data', `"${name}" is not a usable GeoTIFF: the file is empty.`)
  if (status === 206) {
    const range = contentRange(header('content-range'))
    if (range?.first !== 0 || range.last !== Math.min(headBytes, range.size) - 1) throw otherBytes(name)
    return { exactly: range.last + 1, size: range.size }
  }
  if (status !== 200) throw statusError(status, name)
  const length = header('content-length')
  if (length !== undefined && Number(length) > wholeBytes) throw noRanges(name, Number(length))
  return length === undefined ? { most: wholeBytes, size: 0 } : { exactly: Number(length), size: Number(length) }
}

function rangeFile(version: HttpVersion, target: RemoteTarget, { client, budget }: HttpTools): SourceFile {
  const { name } = target
  const conditions = onlyThis(version)

  const read = gatherReads(bounds, ({ offset, length }, signal) =>
    budget.spend(length, signal, async () => {
      const last = offset + length - 1
      const { body } = await client.get({
        ...target,
        headers: { ...conditions, range: `bytes=${offset}-${last}` },
        signal,
        expect(answer) {
          if (!isOf(answer, version)) throw new Replaced(name)
          const range = contentRange(answer.header('content-range'))
          if (range?.first !== offset || range.last !== last) throw otherBytes(name)
          return { exactly: length }
        },
      })
      return body
    }),
  )
  const readMany = async (ranges: readonly ByteRange[], signal?: AbortSignal) => {
    checkRanges(ranges, version.size, name)
    return Promise.all(ranges.map(range => (range.length === 0 ? new Uint8Array() : read(range, signal))))
  }
  return {
    size: version.size,
    version: versionText(version),
    ...(version.etag && { etag: version.etag.slice(1, -1) }),
    read: async (offset, length, signal) => (await readMany([{ offset, length }], signal))[0],
    readMany,
    isCurrent: watchVersion(version, target, client),
    async close() {},
  }
}

function wholeFile(body: Uint8Array, version: HttpVersion, target: RemoteTarget, { client, wholes }: HttpTools): SourceFile {
  const { name, url } = target
  const key = `${url.href}@${versionText(version)}`
  const fetching = shareWork<Uint8Array>()
  wholes.put(key, body)
  const fetchAgain = async (signal: AbortSignal) => {
    const expect = (answer: HttpHead) => {
      if (!isOf(answer, version)) throw new Replaced(name)
      return { exactly: version.size }
    }
    const bytes = (await client.get({ ...target, headers: onlyThis(version), signal, expect })).body
    wholes.put(key, bytes)
    return bytes
  }
  const readMany = async (ranges: readonly ByteRange[], signal?: AbortSignal) => {
    checkRanges(ranges, version.size, name)
    const bytes = wholes.get(key) ?? (await fetching.join('', fetchAgain, signal))
    return ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length))
  }
  return {
    size: version.size,
    version: versionText(version),
    ...(version.etag && { etag: version.etag.slice(1, -1) }),
    read: async (offset, length, signal) => (await readMany([{ offset, length }], signal))[0],
    readMany,
    isCurrent: watchVersion(version, target, client),
    async close() {},
  }
}

/** Asks for one byte now and then, beside the requests: what it learns counts for those that come after. */
function watchVersion(version: HttpVersion, target: RemoteTarget, client: HttpClient): () => boolean {
  let checkedAt = steadyNow()
  let isCurrent = true
  const look = async () => {
    try {
      await client.get({
        ...target,
        headers: { ...onlyThis(version), range: 'bytes=0-0' },
        expect(answer) {
          isCurrent = isOf(answer, version)
          // the rest is of no interest: ending the answer here ends the connection, which is rare enough
          if (answer.status !== 206) throw new Replaced(target.name)
          return { exactly: 1 }
        },
      })
    } catch (error) {
      if (error instanceof Problem && error.kind === 'not-found') isCurrent = false
    }
  }
  return () => {
    const now = steadyNow()
    if (isCurrent && now - checkedAt >= checkMilliseconds) {
      checkedAt = now
      void look()
    }
    return isCurrent
  }
}

/** Whether an answer is of this version, as far as it tells; a size of another one is enough to know. */
function isOf(answer: HttpHead, version: HttpVersion): boolean {
  if (answer.status === 412 || answer.status === 416) return false
  const size =
    answer.status === 206 ? contentRange(answer.header('content-range'))?.size : Number(answer.header('content-length') ?? version.size)
  const { etag, modified } = versionOf(answer, 0)
  const isSame = (now: string | undefined, then: string | undefined) => now === undefined || then === undefined || now === then
  return (size === undefined || size === version.size) && isSame(etag, version.etag) && isSame(modified, version.modified)
}

function otherBytes(name: string): Problem {
  return new Problem('unavailable', `"${name}" cannot be read: its server answers with other bytes than it was asked for.`)
}

function noRanges(name: string, size: number): Problem {
  return new Problem(
    'unsupported',
    `"${name}" (${Math.ceil(size / 1e6)} MB) cannot be read in parts: its server does not answer range requests. A server that does would work, S3, nginx or Apache for example, or a copy on a local disk.`,
  )
}
