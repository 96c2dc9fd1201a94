import type { RasterFile } from './atlas.js'
import type { CollectionSettings } from './publication.js'
import { timeOfName } from './raster-time.js'

/** What a collection says of one of its files, in the place of what the file says itself. */
export interface RasterAttributes {
  /** Milliseconds since the epoch. */
  readonly time?: number
  /** Accuracy class. */
  readonly accuracy?: string
}

const none: RasterAttributes = {}

/** Longest accuracy class: it is a word or two. */
const longest = 100

/** A text as an accuracy class, without what databases refuse (NUL, half characters); undefined when nothing is left of it. */
export function accuracyText(text: string): string | undefined {
  const clean = text
    .slice(0, longest)
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
  return clean === '' ? undefined : clean
}

/** What `settings` say of the file of a path below the root: one class for all, or what patterns find in the path. */
export function attributesBy({
  timePattern,
  accuracy,
  accuracyPattern,
}: Pick<CollectionSettings, 'timePattern' | 'accuracy' | 'accuracyPattern'>): (path: string) => RasterAttributes {
  if (timePattern === undefined && accuracy === undefined && accuracyPattern === undefined) return () => none
  const timed = timePattern === undefined ? undefined : new RegExp(timePattern)
  const graded = accuracyPattern === undefined ? undefined : new RegExp(accuracyPattern)
  return path => {
    const time = timed && timeOfName(timed, path)
    const found = accuracyText(accuracy ?? graded?.exec(path)?.groups?.accuracy ?? '')
    return { ...(time !== undefined && { time }), ...(found !== undefined && { accuracy: found }) }
  }
}

export function withAttributes(file: RasterFile, { time }: RasterAttributes): RasterFile {
  return time === undefined || time === file.time ? file : { ...file, time }
}
