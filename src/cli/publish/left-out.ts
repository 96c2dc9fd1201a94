import { relative } from 'node:path'
import { printable } from '#core/collection-id.js'
import { toProblem } from '#core/problem.js'
import type { Publication } from '#core/publication.js'
import { isRemote, maskLocation } from '#stores/cog/locations.js'

/** A publication that comes to nothing, because of `error`. Its code is `unavailable` where trying again makes sense. */
export function leftOut(source: string, error: unknown, changes: Partial<Publication> = {}): Publication {
  const { kind, message } = toProblem(error)
  const code =
    kind === 'unavailable' || kind === 'deadline' || kind === 'overloaded'
      ? 'unavailable'
      : kind === 'unsupported'
        ? 'unsupported'
        : 'unreadable'
  return { source, name: source, settings: {}, found: { kind: 'nothing' }, findings: [{ severity: 'error', code, message }], ...changes }
}

/** A path as the operator knows it: from the working directory where it lies below, on one line. */
export function displayPath(path: string): string {
  if (isRemote(path)) return printable(maskLocation(path))
  const short = relative(process.cwd(), path)
  return printable(short === '' ? '.' : short.startsWith('..') ? path : short)
}
