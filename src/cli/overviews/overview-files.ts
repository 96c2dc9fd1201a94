import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoreAddress } from '#stores/index.js'

/** Id of the store of overviews: no config can name one like it. */
export const overviewStore = '/overviews'

/** Where the overviews of all collections are, below the data folder. */
export const overviewRoot = (dataFolder: string) => join(dataFolder, 'overviews')

export const overviewAddress = (dataFolder: string): StoreAddress => ({ kind: 'cog', id: overviewStore, root: overviewRoot(dataFolder) })

/** Name of a collection's folder, whatever characters its id has. */
export const folderName = (collection: string) => encodeURIComponent(collection).replaceAll('.', '%2E')

/** Whole overview files of every collection, by id, as their store names them; those written last come last. */
export async function listOverviews(dataFolder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = overviewRoot(dataFolder)
  const found = new Map<string, readonly string[]>()
  for (const name of await namesIn(root)) {
    const files: { path: string; time: number }[] = []
    for (const generation of await namesIn(join(root, name)))
      for (const file of await namesIn(join(root, name, generation))) {
        const path = join(name, generation, file)
        const time = (await stat(join(root, path)).catch(() => undefined))?.mtimeMs
        if (isWhole(file) && time !== undefined) files.push({ path, time })
      }
    const ordered = files.sort((a, b) => a.time - b.time || (a.path < b.path ? -1 : 1))
    const paths = ordered.map(({ path }) => path)
    found.set(decodeURIComponent(name), paths)
  }
  return found
}

/** Milliseconds after which an unfinished file is the leftover of a process that was killed. */
const abandoned = 3_600_000

/** Removes the files of a collection's folder that are not `wanted` (`0/3_2-….tif`): outdated tiles and leftovers. */
export async function sweepOverviews(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const generation of await namesIn(folder))
    for (const file of await namesIn(join(folder, generation))) {
      if (wanted.has(`${generation}/${file}`)) continue
      const path = join(folder, generation, file)
      const time = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0
      if (isWhole(file) || Date.now() - time > abandoned) await rm(path, { force: true })
    }
}

const isWhole = (name: string) => /^-?\d+_-?\d+-[0-9a-f]{16}\.tif$/.test(name)

const namesIn = (folder: string) => readdir(folder).catch((): string[] => [])
