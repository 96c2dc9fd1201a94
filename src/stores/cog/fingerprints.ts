import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setImmediate as pause } from 'node:timers/promises'

/** What may lie beside `name.tif` and change what it means: after its whole name, or in the place of its extension. */
const sidecar = /^(.+?)(\.ovr|\.msk|\.aux\.xml|(?<=\.tiff?)w|\.tfw|\.tifw|\.wld|\.prj)$/
/** Files looked at between two pauses: a `stat` in the page cache takes microseconds, less than handing it to another thread. */
const atOnce = 500

/**
 * What identifies the present state of each file with everything beside it, by path; nothing of it is opened. Files that are not there are
 * absent. Folders are read once each, so that sidecars that do not exist cost nothing.
 */
export async function fingerprintsOf(paths: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const folders = new Map<string, Sidecars>()
  let looked = 0
  for (const path of paths) {
    if (looked++ % atOnce === atOnce - 1) await pause()
    signal?.throwIfAborted()
    const folder = dirname(path)
    const names = folders.get(folder) ?? sidecarsIn(folder)
    folders.set(folder, names)
    const state = stateOf(path)
    if (state !== undefined)
      found.set(path, [state, ...besideOf(basename(path), names).map(name => `${name} ${stateOf(join(folder, name))}`)].join('|'))
  }
  return found
}

/** By what they stand beside, in lower case: a whole name or one without extension. */
type Sidecars = ReadonlyMap<string, readonly string[]>

function sidecarsIn(folder: string): Sidecars {
  const found = new Map<string, string[]>()
  for (const name of namesIn(folder)) {
    const base = sidecar.exec(name.toLowerCase())?.[1]
    if (base !== undefined) found.set(base, [...(found.get(base) ?? []), name])
  }
  return found
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function besideOf(name: string, sidecars: Sidecars): readonly string[] {
  if (sidecars.size === 0) return []
  const lower = name.toLowerCase()
  return [...(sidecars.get(lower) ?? []), ...(sidecars.get(lower.replace(/\.[^.]+$/, '')) ?? [])]
}

function stateOf(path: string): string | undefined {
  try {
    const { size, mtimeMs, ctimeMs, ino } = statSync(path, { throwIfNoEntry: false }) ?? {}
    return size === undefined ? undefined : [size, mtimeMs, ctimeMs, ino].join(' ')
  } catch {
    return undefined
  }
}
