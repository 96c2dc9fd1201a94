import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { recognise } from '#formats/features/readers/index.js'
import { styleExtensions } from '#styles/languages.js'
import { refusedRaster } from './raster-files.js'

/** What lies in the files and folders an operator named, sorted by path. All paths are absolute, and each file is there once. */
export interface FoundFiles {
  /** To be loaded into a store of features. */
  readonly features: readonly string[]
  /** GeoTIFFs. */
  readonly rasters: readonly string[]
  /** Files that hold styles. */
  readonly styles: readonly string[]
  /** Data nobody reads here, with what would have worked; `isNamed` when the operator named the very file. */
  readonly refused: readonly { readonly path: string; readonly message: string; readonly isNamed: boolean }[]
  /** Named paths and folders that could not be read. */
  readonly unreadable: readonly { readonly path: string; readonly message: string }[]
  /** Files that hold no data, by extension and how many. */
  readonly ignored: ReadonlyMap<string, number>
}

/** Most files looked at: beyond it somebody named the root of a disk. */
const mostFiles = 100_000
const deepest = 40

/**
 * Looks through `paths`: folders recursively, without hidden files, each real folder once whatever links say. A folder's entries beyond
 * the bounds are reported as unreadable, and what was found so far stays.
 */
export async function findFiles(paths: readonly string[], signal?: AbortSignal): Promise<FoundFiles> {
  const search = new Search(signal)
  for (const path of paths) await search.named(path)
  return search.result()
}

class Search {
  readonly #signal: AbortSignal | undefined
  readonly #features = new Set<string>()
  readonly #rasters = new Set<string>()
  readonly #styles = new Set<string>()
  /** Styles, where data of their name lie beside them. */
  readonly #documents = new Set<string>()
  readonly #refused = new Map<string, { path: string; message: string; isNamed: boolean }>()
  readonly #unreadable: { path: string; message: string }[] = []
  readonly #ignored = new Map<string, number>()
  readonly #folders = new Set<string>()
  readonly #styleExtensions = styleExtensions()
  #files = 0

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
  }

  async named(path: string): Promise<void> {
    try {
      const found = await stat(path)
      if (found.isDirectory()) await this.#folder(path, 0)
      else if (found.isFile()) this.#file(path, true)
      else this.#unreadable.push({ path, message: 'This is neither a file nor a folder.' })
    } catch (error) {
      this.#signal?.throwIfAborted()
      this.#unreadable.push({ path, message: reasonOf(error) })
    }
  }

  result(): FoundFiles {
    return {
      features: [...this.#features].sort(byName),
      rasters: [...this.#rasters].sort(byName),
      styles: [...this.#styles, ...[...this.#documents].filter(path => this.#isBesideData(path))].sort(byName),
      refused: [...this.#refused.values()].sort((a, b) => byName(a.path, b.path)),
      unreadable: this.#unreadable,
      ignored: this.#ignored,
    }
  }

  /** Whether a file has the name of data but for its ending. */
  #isBesideData(path: string): boolean {
    const stem = path.slice(0, path.length - extname(path).length)
    return [...this.#features, ...this.#rasters].some(data => data.slice(0, data.length - extname(data).length) === stem)
  }

  async #folder(path: string, depth: number): Promise<void> {
    this.#signal?.throwIfAborted()
    const real = await realpath(path)
    if (this.#folders.has(real)) return
    this.#folders.add(real)
    if (depth > deepest) return void this.#unreadable.push({ path, message: `Folders are looked into ${deepest} levels deep, no deeper.` })
    const entries = await readdir(path, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => byName(a.name, b.name))) {
      if (entry.name.startsWith('.')) continue
      if (this.#files >= mostFiles) {
        const isSaid = this.#unreadable.some(({ message }) => message === tooMany)
        return isSaid ? undefined : void this.#unreadable.push({ path, message: tooMany })
      }
      await this.#entry(join(path, entry.name), entry, depth)
    }
  }

  async #entry(
    path: string,
    entry: { isDirectory(): boolean; isFile(): boolean; isSymbolicLink(): boolean },
    depth: number,
  ): Promise<void> {
    try {
      const kind = entry.isSymbolicLink() ? await stat(path) : entry
      if (kind.isDirectory()) await this.#folder(path, depth + 1)
      else if (kind.isFile()) this.#file(path, false)
    } catch (error) {
      this.#signal?.throwIfAborted()
      this.#unreadable.push({ path, message: reasonOf(error) })
    }
  }

  #file(path: string, isNamed: boolean): void {
    this.#files++
    const extension = extname(path).toLowerCase()
    if (extension === '.tif' || extension === '.tiff') return void this.#rasters.add(path)
    if (this.#styleExtensions.some(ending => path.toLowerCase().endsWith(ending)) && !isNamed) return void this.#styles.add(path)
    const known = recognise(path)
    if (known?.kind === 'features') return void this.#features.add(path)
    if (known?.kind === 'part') return void this.#features.add(known.of)
    const message = known?.kind === 'refused' ? known.message : refusedRaster(path)
    if (message !== undefined) return void this.#refused.set(path, { path, message, isNamed })
    if (extension === '.json') this.#documents.add(path)
    if (!isNamed) return void this.#ignored.set(extension, (this.#ignored.get(extension) ?? 0) + 1)
    this.#refused.set(path, {
      path,
      message: `${basename(path)} is no data file known here; GeoPackage, GeoJSON or GeoTIFF would have worked.`,
      isNamed,
    })
  }
}

const tooMany = `More than ${mostFiles} files: the rest was not looked at. Name the folders that hold data.`

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'There is no such file or folder.'
  if (code === 'EACCES' || code === 'EPERM') return 'It may not be read: the permissions say no.'
  if (code === 'ELOOP') return 'It is a link to itself.'
  return `It cannot be read (${code ?? 'unknown reason'}).`
}
