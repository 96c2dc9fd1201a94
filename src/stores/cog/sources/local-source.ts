import { fstatSync, read, readSync, type Stats, statSync } from 'node:fs'
import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'
import type { ByteRange } from '../byte-file.js'
import { fingerprintsOf } from '../fingerprints.js'
import { readMerged } from '../merge-ranges.js'
import { Replaced } from '../replaced.js'
import type { ByteSource, SourceFile } from './byte-source.js'
import { checkRanges } from './check-ranges.js'
import { type Descriptors, openDescriptors } from './descriptors.js'

/** Files kept open in one thread: with 16 threads far below what systems allow, and enough for the files of a city. */
const keptOpen = 256
/** Neighbours on disk are read at once; what lies between others costs more than a second read. */
const bounds = { gap: 0, most: 4 << 20 }
/** Milliseconds between two looks whether a file in use was replaced. */
const checkMilliseconds = 1000
/** Up to this many bytes are read at once, in the thread that asks: out of the page cache that takes less than asking another thread. */
const promptBytes = 512 * 1024
/** Reads that usually take longer, in milliseconds, come from a disk and are left to the system's threads. */
const promptMilliseconds = 1
/** Weight of the last read in what is usual, and the most it counts for: a thread that had to wait for a processor says nothing about the disk. */
const lastWeight = 1 / 8
const mostMilliseconds = 8

/** Files on local disks, kept open between reads within bounds. */
export function localSource(): ByteSource {
  const descriptors = openDescriptors(keptOpen)
  const reading = startReading()
  return {
    isRemote: false,
    open: (path, name) => openLocalFile(descriptors, reading, path, name),
    fingerprints: fingerprintsOf,
    async close() {
      descriptors.close()
    },
  }
}

async function openLocalFile(descriptors: Descriptors, reading: Reading, path: string, name: string): Promise<SourceFile> {
  const stat = await guarded(name, () => descriptors.use(path, async descriptor => fstatSync(descriptor)))
  if (!stat.isFile()) {
    descriptors.drop(path)
    throw new Problem('invalid-data', `"${name}" is not a file.`)
  }
  const version = fileVersion(stat)
  let checkedAt = steadyNow()
  const { ino, size, mtimeMs } = stat
  const isThis = (now: Stats | undefined) =>
    now !== undefined && now.nlink > 0 && now.ino === ino && now.size === size && now.mtimeMs === mtimeMs

  /** A `fstat` takes a microsecond, and no replaced file gets past it. */
  const withDescriptor = <T>(use: (descriptor: number) => Promise<T>): Promise<T> =>
    guarded(name, async () => {
      for (let isSecond = false; ; isSecond = true) {
        const result = await descriptors.use(path, async descriptor => (isThis(fstatSync(descriptor)) ? use(descriptor) : undefined))
        if (result !== undefined) return result
        descriptors.drop(path)
        if (isSecond) throw new Replaced(name)
      }
    })
  const readAll = async (ranges: readonly ByteRange[]) => {
    checkRanges(ranges, size, name)
    return withDescriptor(async descriptor => {
      // the hot case: one block
      if (ranges.length === 1) return [await reading.exactly(descriptor, ranges[0].offset, ranges[0].length, name)]
      return readMerged(ranges, bounds, ({ offset, length }) => reading.exactly(descriptor, offset, length, name))
    })
  }

  return {
    size,
    version,
    read: async (offset, length) => (await readAll([{ offset, length }]))[0],
    readMany: readAll,
    readNow(offset, into, at, length) {
      const descriptor = descriptors.now(path)
      return descriptor !== undefined && isThis(fstatSync(descriptor)) && reading.now(descriptor, offset, into, at, length)
    },
    isCurrent() {
      const now = steadyNow()
      if (now - checkedAt < checkMilliseconds) return true
      checkedAt = now
      // Microseconds in the page cache: less than handing it to another thread.
      return isThis(statSync(path, { throwIfNoEntry: false }))
    },
    async close() {
      descriptors.drop(path)
    },
  }
}

/** What identifies one state of a file, from its `stat`. */
function fileVersion({ ino, size, mtimeMs }: Stats): string {
  return `${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}`
}

interface Reading {
  exactly(descriptor: number, offset: number, length: number, name: string): Promise<Uint8Array>
  /** Fills `length` bytes of `into` from `at` on in this very moment; false where the disk is slow, or has less. */
  now(descriptor: number, offset: number, into: Uint8Array, at: number, length: number): boolean
}

/** Reads at once as long as the disk is quick, else on the system's threads; either way it learns how quick it is. */
function startReading(): Reading {
  let usual = 0
  const isPrompt = (length: number) => length <= promptBytes && usual < promptMilliseconds
  const learn = (started: number) => {
    usual += lastWeight * (Math.min(mostMilliseconds, steadyNow() - started) - usual)
  }
  const exactly: Reading['exactly'] = async (descriptor, offset, length, name) => {
    // not cleared: every byte is read, or nothing is handed out
    const { buffer, byteOffset } = Buffer.allocUnsafeSlow(length)
    const bytes = new Uint8Array(buffer, byteOffset, length)
    const isAtOnce = isPrompt(length)
    const started = steadyNow()
    for (let filled = 0; filled < length; ) {
      const count = isAtOnce
        ? readSync(descriptor, bytes, filled, length - filled, offset + filled)
        : await readSome(descriptor, bytes, filled, offset + filled)
      if (count === 0) throw new Problem('invalid-data', `"${name}" became shorter while it was read.`)
      filled += count
    }
    learn(started)
    return bytes
  }
  return {
    exactly,
    now(descriptor, offset, into, at, length) {
      if (!isPrompt(length)) return false
      const started = steadyNow()
      const count = readSync(descriptor, into, at, length, offset)
      learn(started)
      return count === length
    },
  }
}

function readSome(descriptor: number, bytes: Uint8Array, at: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, bytes, at, bytes.length - at, position, (error, count) => (error ? reject(error) : resolve(count)))
  })
}

async function guarded<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Problem ? error : openingProblem(error as NodeJS.ErrnoException, name)
  }
}

function openingProblem(cause: NodeJS.ErrnoException, name: string): Problem {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return new Problem('not-found', `"${name}" does not exist.`, { cause })
  if (cause.code === 'EACCES' || cause.code === 'EPERM')
    return new Problem('forbidden', `"${name}" cannot be read: the server has no permission on the file.`, { cause })
  if (cause.code === 'EISDIR') return new Problem('invalid-data', `"${name}" is a folder, not a file.`, { cause })
  return new Problem('unavailable', `"${name}" cannot be read just now.`, { cause })
}
