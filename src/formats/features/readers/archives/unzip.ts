import { basename, extname, join } from 'node:path'
import type yauzl from 'yauzl'
import { Problem } from '#core/problem.js'
import { printable } from '../column-names.js'
import { brokenFile } from '../reader.js'
import { type UnpackLimits, unpackTo } from './unpack.js'

/** More entries than any delivery of data has. */
const maxEntries = 10_000

/** One file of an archive, unpacked. */
export interface UnzippedFile {
  /** As in the archive, folders included. */
  readonly name: string
  readonly path: string
}

export interface UnzipOptions {
  readonly label: string
  readonly bytes: number
  readonly folder: () => Promise<string>
  readonly limits: UnpackLimits
  /** Only entries of these names are unpacked. */
  readonly wants: (name: string) => boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Unpacks the wanted entries of a zip file into a folder of one's own, each under a number and its base name: no name in the archive
 * decides where anything is written. Refused: encrypted entries, paths that leave the archive, too many entries, bombs.
 */
export async function unzip(path: string, { label, bytes, folder, limits, wants, signal }: UnzipOptions): Promise<UnzippedFile[]> {
  const archive = await open(path, label)
  try {
    if (archive.entryCount > maxEntries) throw brokenFile(label, `holds ${archive.entryCount} entries; at most ${maxEntries} would work.`)
    const entries: yauzl.Entry[] = []
    for await (const entry of archive.eachEntry()) {
      if (entries.length >= maxEntries) throw brokenFile(label, `holds more than ${maxEntries} entries.`)
      entries.push(entry)
    }
    const wanted = entries.filter(entry => !entry.fileName.endsWith('/') && !isResourceFork(entry.fileName) && wants(entry.fileName))
    const budget = { used: 0 }
    const folders = new Map<string, string>()
    const files: UnzippedFile[] = []
    for (const entry of wanted) {
      signal?.throwIfAborted()
      const name = entry.fileName
      const entryLabel = `${label}/${printable(name)}`
      if (entry.isEncrypted()) throw brokenFile(entryLabel, 'is encrypted; pack it without a password.')
      if (entry.uncompressedSize > limits.bytes)
        throw brokenFile(entryLabel, `claims ${entry.uncompressedSize} bytes, more than the limit.`)
      const parent = name.slice(0, -basename(name).length)
      if (!folders.has(parent)) folders.set(parent, String(folders.size))
      const target = join(await folder(), `${folders.get(parent)}-${files.length}${extname(name).toLowerCase()}`)
      const packedBytes = Math.min(entry.compressedSize, bytes)
      await unpackTo(await archive.openReadStreamPromise(entry), target, { label: entryLabel, packedBytes, limits, budget, signal })
      files.push({ name, path: target })
    }
    return files
  } catch (error) {
    throw zipProblem(label, error)
  } finally {
    archive.close()
  }
}

/** Finder's shadows of files: `__MACOSX/._name`. */
const isResourceFork = (name: string) => name.startsWith('__MACOSX/') || basename(name).startsWith('._')

async function open(path: string, label: string): Promise<yauzl.ZipFile> {
  try {
    const { default: yauzl } = await import('yauzl')
    return await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: false })
  } catch (error) {
    throw zipProblem(label, error)
  }
}

function zipProblem(label: string, error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error) || error.name === 'AbortError') return error
  return brokenFile(label, `cannot be unpacked: ${printable(error.message)}.`, error)
}
