import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Logger } from 'pino'

/** Quiet milliseconds after a change before it counts: files are written in pieces. */
const quiet = 700

/** Calls `onChange` when something in the files and folders of `paths()` changed and was then quiet; asks for the paths anew after each call. */
export function watchFiles(paths: () => readonly string[], onChange: () => void, log: Logger): { close(): void } {
  let watchers: FSWatcher[] = []
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      onChange()
      start()
    }, quiet)
  }
  const start = () => {
    for (const watcher of watchers) watcher.close()
    if (isClosed) return
    watchers = paths().flatMap(path => watchPath(path, changed, log) ?? [])
  }
  start()
  return {
    close() {
      isClosed = true
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}

/** A file is watched through its folder: editors put a new file in its place. */
function watchPath(path: string, changed: () => void, log: Logger): FSWatcher | undefined {
  try {
    const isFolder = statSync(path).isDirectory()
    const watcher = isFolder
      ? watch(path, { recursive: true, persistent: false }, changed)
      : watch(dirname(path), { persistent: false }, (_event, name) => (name === null || name === basename(path)) && changed())
    return watcher.on('error', error => log.warn({ err: error }, `${path} is no longer watched`))
  } catch (error) {
    log.warn({ err: error }, `${path} cannot be watched; send SIGHUP after a change`)
    return undefined
  }
}
