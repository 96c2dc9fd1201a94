import { createHash, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { abortable } from '#core/abortable.js'
import type { Atlas, Collection } from '#core/atlas.js'
import type { ExportFile, ExportShelf, OfferedExport } from '#core/export-shelf.js'
import { type FindFeatures, featureHead } from '#core/find-features.js'
import type { Stores } from '#core/ports.js'
import { Problem, toProblem } from '#core/problem.js'
import { type CollectionFormat, collectionFormats, type FeatureWriter, type WriteOptions } from '#formats/features/index.js'
import { type GrowingFile, growFile } from './growing-file.js'
import { type KeptFile, type KeptFiles, openKeptFiles } from './kept-files.js'

/** What the shelf needs. */
export interface ExportShelfOptions {
  /** Where the files are kept; it is only for them. */
  readonly folder: string
  readonly atlas: () => Atlas
  readonly stores: Stores
  readonly writer: FeatureWriter
  readonly log: { warn(details: object, message: string): void }
}

/** Files being made at a time, and how many may wait for that. */
const atATime = 2
const mostWaiting = 16
/** Features up to which a file is offered that is not there yet: it takes a second or two. */
const mostAtOnce = 100_000

interface Making {
  readonly version: string
  /** Changes that were made through this server by then: the statistics of a database tell them a moment later. */
  readonly edits: number
  readonly file: Promise<GrowingFile>
  readonly whole: Promise<KeptFile>
}

/** Opens the shelf of ready-made files. */
export async function openExportShelf({ folder, atlas, stores, writer, log }: ExportShelfOptions): Promise<ExportShelf> {
  const kept = await openKeptFiles(folder, () => atlas().limits.exportBytes)
  const making = new Map<string, Making>()
  /** `edits` of the files that were made since the start. */
  const editsOf = new Map<string, number>()
  /** Versions that there is no room for. */
  const tooLarge = new Map<string, { readonly version: string; readonly problem: Problem }>()
  const closing = new AbortController()
  const turns: (() => void)[] = []
  let running = 0

  const turn = async () => {
    if (running >= atATime) {
      if (turns.length >= mostWaiting)
        throw new Problem('overloaded', 'More files are waiting to be made than this server takes; try again in a moment.', {
          retryAfter: 10,
        })
      await new Promise<void>(resolve => turns.push(resolve))
    } else running++
  }
  const endTurn = () => {
    const next = turns.shift()
    if (next) next()
    else running--
  }

  const make = (collection: Collection, format: CollectionFormat, key: string, version: string): Making => {
    const { edits = 0 } = collection
    const name = `${createHash('sha1').update(key).digest('hex').slice(0, 16)}-${randomUUID()}.${format.extension}`
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(atlas().limits.exportSeconds * 1000)])
    const file = (async () => {
      await turn()
      try {
        return await growFile(
          kept.place(name),
          bounded(written(collection, format, writer, atlas(), folder, signal), atlas().limits.exportBytes),
          signal,
        )
      } catch (error) {
        endTurn()
        throw error
      }
    })()
    const whole = (async () => {
      try {
        const growing = await file
        try {
          const { size, etag } = await growing.done
          const made: KeptFile = { key, version, size, etag, modified: Date.now(), name }
          await kept.take(made)
          editsOf.set(key, edits)
          return made
        } finally {
          endTurn()
        }
      } catch (error) {
        await rm(kept.place(name), { force: true })
        const problem = toProblem(error)
        if (problem.kind === 'too-large') tooLarge.set(key, { version, problem })
        if (!closing.signal.aborted)
          log.warn({ err: error, collection: collection.id, format: format.names[0] }, 'a file could not be made')
        throw problem
      } finally {
        if (making.get(key)?.file === file) making.delete(key)
      }
    })()
    whole.catch(() => {})
    return { version, edits, file, whole }
  }

  return {
    offered(collection) {
      if (collection.source.kind !== 'features' || atlas().limits.exportBytes === 0) return []
      const count = collection.source.count?.value ?? Number.POSITIVE_INFINITY
      return exportFormats.flatMap((format): OfferedExport[] => {
        const file = kept.peek(keyOf(collection, format))
        if ((!file && count > mostAtOnce) || obstacleOf(collection, format, folder) !== undefined) return []
        const { title, extension, mediaTypes } = format
        return [{ title, extension, mediaType: mediaTypes[0], ...(file && { size: file.size }) }]
      })
    },
    async open(collection, extension, signal) {
      if (atlas().limits.exportBytes === 0) throw new Problem('not-found', 'This server keeps no files.')
      const format = exportFormats.find(one => one.extension === extension)
      if (!format || collection.source.kind !== 'features')
        throw new Problem(
          'not-found',
          `There is no file of ${collection.id} in that format; ${exportFormats.map(one => one.extension).join(', ')} would work.`,
        )
      const obstacle = obstacleOf(collection, format, folder)
      if (obstacle !== undefined) throw new Problem('unsupported-format', `${format.title} cannot hold this: ${obstacle}.`)
      const key = keyOf(collection, format)
      const version = await versionOf(collection, stores, signal)
      const { edits = 0 } = collection
      const file = kept.find(key)
      const isCurrent = version !== undefined && file?.version === version && (editsOf.get(key) ?? 0) === edits
      if (file && isCurrent) return wholeFile(file, format, kept)
      const refused = tooLarge.get(key)
      if (refused && refused.version === version) throw refused.problem
      // what is being made of older rows is not what is asked for
      const underWay = making.get(key)
      if (underWay && underWay.version === version && underWay.edits === edits) return growingFile(underWay, format, kept)
      const made = make(collection, format, key, version ?? randomUUID())
      making.set(key, made)
      return growingFile(made, format, kept)
    },
    async close() {
      closing.abort(new DOMException('closing', 'AbortError'))
      await Promise.allSettled([...making.values()].map(({ whole }) => whole))
    },
  }
}

/** Formats that whole collections are kept in: those that are files, and not documents. */
const exportFormats = collectionFormats.filter(({ isKept }) => isKept)

const keyOf = ({ id }: Collection, { extension }: CollectionFormat) => `${id}\n${extension}`

function obstacleOf(collection: Collection, format: CollectionFormat, folder: string): string | undefined {
  const find = findAll(collection, format)
  const { count } = collection.source.kind === 'features' ? collection.source : {}
  if (format.mostFeatures !== undefined && count && count.value > format.mostFeatures)
    return `it takes ${format.mostFeatures} features at most`
  return format.obstacle?.(featureHead(find), optionsFor(folder))
}

const findAll = (collection: Collection, format: CollectionFormat): FindFeatures => ({
  collection,
  languages: [],
  ...(format.crs !== undefined && collection.storageCrs !== undefined && { crs: format.crs }),
})

const optionsFor = (temporaryFolder: string): WriteOptions => ({
  languages: [],
  parameters: new Map(),
  isStored: true,
  temporaryFolder,
  namespaces: new Map(),
  namespace: '',
})

/** The rows are asked for when the first byte is. */
async function* written(
  collection: Collection,
  format: CollectionFormat,
  writer: FeatureWriter,
  atlas: Atlas,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const { languages } = atlas.service
  const options = { ...optionsFor(folder), languages, namespaces: atlas.namespaces }
  const { pieces } = await writer.write({ find: { ...findAll(collection, format), languages }, format: format.names[0], options }, signal)
  yield* pieces
}

async function* bounded(pieces: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array, void> {
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > most)
      throw new Problem(
        'too-large',
        'This file is larger than the room this server keeps for such files; parts of it can be asked for by bbox or filter.',
      )
    yield piece
  }
}

/** What changes when a file would: the rows, and what is published of them; not what the database has counted of them, which ANALYZE changes. */
async function versionOf({ source, title }: Collection, stores: Stores, signal?: AbortSignal): Promise<string | undefined> {
  if (source.kind !== 'features') return undefined
  const rows = await stores.features(source.store).version?.(source, signal)
  if (rows === undefined) return undefined
  const { count: _, geometries, ...published } = source
  const columns = geometries.map(({ extent: _e, averageBytes: _b, ...column }) => column)
  return createHash('sha1')
    .update(JSON.stringify([rows, published, columns, title]))
    .digest('base64url')
}

function wholeFile(file: KeptFile, { mediaTypes }: CollectionFormat, kept: KeptFiles): ExportFile {
  const { size, etag, modified } = file
  return {
    mediaType: mediaTypes[0],
    isWhole: true,
    whole: async () => ({ size, etag, modified: new Date(modified), read: (start, end) => kept.read(file, start, end) }),
    follow: () => kept.read(file, 0, size),
  }
}

function growingFile({ file, whole }: Making, format: CollectionFormat, kept: KeptFiles): ExportFile {
  return {
    mediaType: format.mediaTypes[0],
    isWhole: false,
    whole: async signal => wholeFile(await abortable(whole, signal), format, kept).whole(),
    async *follow() {
      const growing = (await file).follow()
      if (!growing) return yield* wholeFile(await whole, format, kept).follow()
      try {
        yield* growing
      } catch (error) {
        // who is told that it failed may ask again at once, and is to meet nothing of it
        await whole
        throw error
      }
    },
  }
}
