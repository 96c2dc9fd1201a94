import { findCollection } from '#core/atlas-view.js'
import type { ExportFile, ExportShelf, WholeExport } from '#core/export-shelf.js'
import { Problem, toProblem } from '#core/problem.js'
import { begun } from '#formats/begun.js'
import { byteRange, isRangeCurrent } from '../http/byte-range.js'
import { problemAnswer } from '../http/problem-json.js'
import type { Service, ServiceAnswer, ServiceContext, ServiceRequest } from '../http/service.js'

/** `/files/exports/{collection}.{extension}`: whole collections as files, with HEAD, Range and a validator (T-23, T-44). */
export function files({ exports, log }: ServiceContext): Service {
  return async request => {
    try {
      if (!exports) throw new Problem('not-found', 'This server keeps no files.')
      return await exportOf(request, exports)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.kind === 'internal') log.error({ err: problem.cause ?? error }, 'a file failed')
      return problemAnswer(problem)
    }
  }
}

async function exportOf(request: ServiceRequest, exports: ExportShelf): Promise<ServiceAnswer> {
  const { view, path, headers, method, signal, prolong } = request
  const name = path.name ?? ''
  // ids and extensions both may have dots: the longest id there is
  const dots = [...name.matchAll(/\./g)].map(({ index }) => index).reverse()
  const dot = dots.find(at => findCollection(view, name.slice(0, at)))
  const collection = dot === undefined ? undefined : findCollection(view, name.slice(0, dot))
  if (dot === undefined || !collection) throw new Problem('not-found', `There is no file «${name.slice(0, 200)}» here.`)
  const offered = exports.offered(collection).some(({ extension }) => extension === name.slice(dot + 1))
  const file = await exports.open(collection, name.slice(dot + 1), signal)
  prolong(view.atlas.limits.exportSeconds)
  const common = {
    'content-disposition': `attachment; filename="${name.replace(/[^\w.-]+/g, '_')}"`,
    vary: 'Accept-Encoding',
  }
  // what takes long is sent as it is made; a part of it, and what a HEAD tells, are known only at its end
  if (!file.isWhole && (method === 'GET' ? headers.range === undefined && !offered : !offered)) return growing(file, common, method)
  return whole(request, file.mediaType, await file.whole(signal), common)
}

/** What fails before the first bytes are there is told as a problem, what fails later breaks the connection. */
const growing = async (file: ExportFile, headers: Readonly<Record<string, string>>, method: string): Promise<ServiceAnswer> => ({
  status: 200,
  mediaType: file.mediaType,
  body: '',
  ...(method === 'GET' && { stream: await begun(file.follow()) }),
  headers,
  cacheSeconds: 0,
  isEncoded: true,
})

function whole(
  { headers, method }: ServiceRequest,
  mediaType: string,
  { size, etag, modified, read }: WholeExport,
  common: Readonly<Record<string, string>>,
): ServiceAnswer {
  const asked = byteRange(isRangeCurrent(headers['if-range'], etag, modified) ? headers.range : undefined, size)
  const facts = { ...common, 'accept-ranges': 'bytes', 'last-modified': modified.toUTCString() }
  if (asked.kind === 'unsatisfiable') {
    const answer = problemAnswer(new Problem('invalid-parameter', `The file has ${size} bytes.`, { locator: 'Range' }))
    return { ...answer, status: 416, headers: { ...common, 'content-range': `bytes */${size}` } }
  }
  const { start, end } = asked.kind === 'range' ? asked : { start: 0, end: size }
  return {
    status: asked.kind === 'range' ? 206 : 200,
    mediaType,
    body: '',
    etag,
    isEncoded: true,
    stream: method === 'HEAD' ? read(0, 0) : read(start, end),
    headers: {
      ...facts,
      'content-length': String(end - start),
      ...(asked.kind === 'range' && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    },
  }
}
