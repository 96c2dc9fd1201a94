import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { brokenFile } from '../reader.js'

/** Most an archive may unpack to, and how much more than itself: text compresses 50 times at best, bombs 1000 times. */
export interface UnpackLimits {
  readonly bytes: number
  readonly ratio: number
  /** Below this many bytes the ratio does not matter. */
  readonly freeBytes: number
}

export const defaultUnpackLimits: UnpackLimits = { bytes: 64e9, ratio: 200, freeBytes: 100e6 }

/** A temporary folder, made on first use. */
export interface Scratch {
  folder(): Promise<string>
  remove(): Promise<void>
}

export function scratchFolder(parent = tmpdir()): Scratch {
  let folder: Promise<string> | undefined
  const make = async () => {
    await mkdir(parent, { recursive: true })
    return mkdtemp(join(parent, 'arpent-'))
  }
  return {
    folder: () => {
      folder ??= make()
      return folder
    },
    remove: async () => {
      const made = await folder?.catch(() => undefined)
      if (made) await rm(made, { recursive: true, force: true })
    },
  }
}

/** Writes an unpacked stream to `target`, counting against `budget`; a bomb is cut off while it explodes. */
export async function unpackTo(source: Readable, target: string, { label, packedBytes, limits, budget, signal }: UnpackJob): Promise<void> {
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      budget.used += chunk.length
      if (budget.used > limits.bytes)
        done(brokenFile(label, `unpacks to more than ${Math.round(limits.bytes / 1e6)} MB, which is the limit.`))
      else if (bytes > limits.freeBytes && bytes > packedBytes * limits.ratio)
        done(brokenFile(label, `unpacks to more than ${limits.ratio} times its size, as only a bomb does.`))
      else done(null, chunk)
    },
  })
  await pipeline(source, meter, createWriteStream(target), { signal })
}

export interface UnpackJob {
  readonly label: string
  readonly packedBytes: number
  readonly limits: UnpackLimits
  /** Bytes unpacked so far, over all entries of an archive. */
  readonly budget: { used: number }
  readonly signal?: AbortSignal | undefined
}

/** Name without folder and without its last extensions, `.gz` included: `communes.geojson.gz` is `communes`. */
export function stemOf(path: string): string {
  const name = basename(path).replace(/\.(gz|gzip|zip)$/i, '')
  return (
    name.replace(
      /\.(gpkg|geojsonl?|geojsons|ndjson|jsonl|json|csv|tsv|txt|fgb|shp|dbf|gml|kml|kmz|tab|mif|dxf|dgn|gpx|topojson|jml|e00|sqlite|gxt|xlsx|ods|parquet|geoparquet)$/i,
      '',
    ) || name
  )
}

export async function sizeOf(path: string, label: string): Promise<number> {
  try {
    const info = await stat(path)
    if (!info.isFile()) throw brokenFile(label, 'is not a file.')
    return info.size
  } catch (error) {
    throw error instanceof Error && 'code' in error ? unreadable(label, error) : error
  }
}

/** The error of a file that the system does not let us read. */
export function unreadable(label: string, error: Error & { code?: unknown }) {
  const reasons: Record<string, string> = { ENOENT: 'does not exist.', EACCES: 'may not be read by this account (permission denied).' }
  return brokenFile(label, reasons[String(error.code)] ?? `cannot be read (${String(error.code)}).`, error)
}
