import { createReadStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { FeatureFile } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { defaultUnpackLimits, type Scratch, scratchFolder, sizeOf, stemOf, unpackTo, unreadable } from './archives/unpack.js'
import { unzip } from './archives/unzip.js'
import { printable } from './column-names.js'
import { brokenFile, type FeatureReader, type OpenOptions, type PlainFile } from './reader.js'
import { featureReaders } from './reader-list.js'
import { refusal } from './recognise.js'
import { refusedFormats } from './refused-formats.js'

/**
 * Opens a file of features in any format of `featureReaders`, plain, gzipped or zipped (a zip's files become the layers of one). Throws
 * `unsupported` for other formats, naming what would have worked, and `invalid-data` naming the file and the place for broken ones.
 */
export async function openFeatureFile(path: string, options: OpenOptions = {}): Promise<FeatureFile> {
  const label = printable(basename(path))
  const bytes = await sizeOf(path, label)
  const scratch = scratchFolder(options.scratch)
  try {
    const file = await openAny({ path, label, bytes, scratch, options })
    return {
      layers: file.layers,
      close: async () => {
        await file.close()
        await scratch.remove()
      },
    }
  } catch (error) {
    await scratch.remove()
    throw error
  }
}

interface Opening {
  readonly path: string
  readonly label: string
  readonly bytes: number
  readonly scratch: Scratch
  readonly options: OpenOptions
}

async function openAny(opening: Opening): Promise<FeatureFile> {
  const { path, label, scratch, options } = opening
  const name = basename(path)
  const packing = await packingOf(path, label)
  if (packing === 'zip' && !readerOf(name)?.isArchive) return openArchive(opening)
  if (/\.(zip|kmz)$/i.test(name)) throw brokenFile(label, 'is not a zip archive, whatever its name says.')
  const inner = name.replace(/\.(gz|gzip)$/i, '')
  const reader = readerFor(inner, label)
  if (packing === 'zip' || packing === undefined) {
    if (inner !== name) throw brokenFile(label, 'is not gzipped, whatever its name says.')
    return reader.open(plainFile(opening, stemOf(name), beside(path)), options)
  }
  const target = join(await scratch.folder(), `unpacked${extname(inner).toLowerCase()}`)
  await gunzip(opening, target)
  const unpacked = { ...opening, path: target, bytes: await sizeOf(target, label) }
  return reader.open(
    plainFile(unpacked, stemOf(name), async () => undefined),
    options,
  )
}

async function openArchive({ path, label, bytes, scratch, options }: Opening): Promise<FeatureFile> {
  const all: string[] = []
  const wants = (name: string) => {
    all.push(name)
    return isReadable(name) || companionExtensions.includes(extname(name).toLowerCase())
  }
  const folder = () => scratch.folder()
  const unzipped = await unzip(path, { label, bytes, folder, limits: limitsOf(options), wants, signal: options.signal })
  const byName = new Map(unzipped.map(file => [file.name.toLowerCase(), file.path]))
  const isPart = (name: string) => /\.dbf$/i.test(name) && byName.has(name.toLowerCase().replace(/dbf$/, 'shp'))
  const isKmz = /\.kmz$/i.test(path)
  const files: FeatureFile[] = []
  const close = async () => {
    for (const file of files) await file.close()
  }
  try {
    for (const { name, path } of unzipped.filter(file => isReadable(file.name) && !isPart(file.name))) {
      const innerLabel = `${label}/${printable(name)}`
      const inner = { path, label: innerLabel, bytes: await sizeOf(path, innerLabel), scratch: scratchFolder(options.scratch), options }
      const base = name.slice(0, -extname(name).length).toLowerCase()
      // the document of a KMZ is called doc.kml whatever it holds
      const stem = isKmz && /(^|\/)doc\.kml$/i.test(name) ? stemOf(label) : stemOf(name)
      const file = plainFile(inner, stem, async extension => byName.get(base + extension))
      files.push(closing(await readerFor(name, innerLabel).open(file, options), inner.scratch))
    }
    if (files.length === 0) throw nothingReadable(label, all)
  } catch (error) {
    await close()
    throw error
  }
  return { layers: files.flatMap(file => file.layers), close }
}

const companionExtensions = ['.dbf', '.shx', '.prj', '.cpg', ...featureReaders.flatMap(({ companions = [] }) => companions)]

const readerOf = (name: string): FeatureReader | undefined =>
  featureReaders.find(reader => reader.extensions.includes(extname(name).toLowerCase()))

const isReadable = (name: string) => readerOf(name) !== undefined

const closing = (file: FeatureFile, scratch: Scratch): FeatureFile => ({
  layers: file.layers,
  close: async () => {
    await file.close()
    await scratch.remove()
  },
})

function readerFor(name: string, label: string): FeatureReader {
  const reader = readerOf(name)
  if (reader) return reader
  const extension = extname(name).toLowerCase()
  if (Object.hasOwn(refusedFormats, extension)) throw new Problem('unsupported', refusal(label, refusedFormats[extension]))
  throw new Problem('unsupported', `${label}: not a format of features known here. ${readableList()} would have worked.`)
}

const readableList = () => `${featureReaders.map(reader => reader.name).join(', ')} (also gzipped or zipped)`

function nothingReadable(label: string, names: readonly string[]): Problem {
  const refused = names.map(name => extname(name).toLowerCase()).find(extension => Object.hasOwn(refusedFormats, extension))
  if (refused) return new Problem('unsupported', refusal(label, refusedFormats[refused]))
  const found = names.filter(name => !name.endsWith('/')).slice(0, 5)
  const holds =
    found.length === 0 ? 'is empty' : `holds no file of features (${found.map(printable).join(', ')}${names.length > 5 ? ', …' : ''})`
  return new Problem('unsupported', `${label}: ${holds}. ${readableList()} would have worked.`)
}

function plainFile({ path, label, bytes, scratch }: Opening, stem: string, companion: PlainFile['companion']): PlainFile {
  return { path, label, stem, bytes, companion, scratch: () => scratch.folder() }
}

/** Companions of a file on disk, whatever the case of their extension. */
function beside(path: string): PlainFile['companion'] {
  const stem = basename(path, extname(path)).toLowerCase()
  return async extension => {
    const names = await readdir(dirname(path)).catch(() => [])
    const name = names.find(name => name.toLowerCase() === stem + extension)
    return name && join(dirname(path), name)
  }
}

async function packingOf(path: string, label: string): Promise<'zip' | 'gzip' | undefined> {
  try {
    await using file = await open(path)
    const head = Buffer.alloc(4)
    await file.read(head, 0, 4, 0)
    if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
    return head[0] === 0x50 && head[1] === 0x4b && head[2] < 9 && head[3] < 9 ? 'zip' : undefined
  } catch (error) {
    throw error instanceof Error && 'code' in error ? unreadable(label, error) : error
  }
}

function limitsOf({ maxUnpackedBytes }: OpenOptions) {
  return { ...defaultUnpackLimits, bytes: maxUnpackedBytes ?? defaultUnpackLimits.bytes }
}

async function gunzip({ path, label, bytes, options }: Opening, target: string): Promise<void> {
  const packed = createReadStream(path)
  const job = { label, packedBytes: bytes, limits: limitsOf(options), budget: { used: 0 }, signal: options.signal }
  try {
    const unpacked = createGunzip()
    packed.on('error', error => unpacked.destroy(error))
    await unpackTo(packed.pipe(unpacked), target, job)
  } catch (error) {
    if (error instanceof Problem || options.signal?.aborted) throw error
    throw brokenFile(label, `cannot be unpacked: ${error instanceof Error ? printable(error.message) : 'unknown'}.`, error)
  } finally {
    packed.destroy()
  }
}
