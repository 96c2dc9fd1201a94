import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that is kept, and what it was made from. */
export interface KeptFile {
  /** Collection and extension. */
  readonly key: string
  /** Of the data it was made from. */
  readonly version: string
  readonly size: number
  readonly etag: string
  /** Milliseconds since the epoch. */
  readonly modified: number
  /** Name in the folder. */
  readonly name: string
}

/** The files of a folder, with a note beside each; both appear whole, the note last, so that a kill leaves nothing that counts. */
export interface KeptFiles {
  find(key: string): KeptFile | undefined
  /** The same without counting as a use. */
  peek(key: string): KeptFile | undefined
  /** Where a file that is not whole yet is written. */
  place(name: string): string
  /** Takes a file that was written at `place(name)` in, instead of the one of the same key, and removes the longest unused above `maxBytes`. */
  take(file: KeptFile): Promise<void>
  read(file: KeptFile, start: number, end: number): AsyncIterable<Uint8Array>
}

/** Opens a folder; what is not whole is removed. */
export async function openKeptFiles(folder: string, maxBytes: () => number): Promise<KeptFiles> {
  await mkdir(folder, { recursive: true })
  // in the order of last use
  const files = new Map<string, KeptFile>()
  for (const file of await notes(folder)) files.set(file.key, file)
  const known = new Set([...files.values()].flatMap(({ name }) => [name, `${name}.json`]))
  for (const name of await readdir(folder)) if (!known.has(name)) await rm(join(folder, name), { force: true, recursive: true })

  const remove = async ({ key, name }: KeptFile) => {
    if (files.get(key)?.name === name) files.delete(key)
    await rm(join(folder, `${name}.json`), { force: true })
    await rm(join(folder, name), { force: true })
  }

  return {
    find(key) {
      const file = files.get(key)
      if (!file) return undefined
      files.delete(key)
      files.set(key, file)
      return file
    },
    peek: key => files.get(key),
    place: name => join(folder, `${name}.part`),
    async take(file) {
      const before = files.get(file.key)
      await rename(join(folder, `${file.name}.part`), join(folder, file.name))
      await writeFile(join(folder, `${file.name}.json.part`), JSON.stringify(file))
      await rename(join(folder, `${file.name}.json.part`), join(folder, `${file.name}.json`))
      files.delete(file.key)
      files.set(file.key, file)
      if (before && before.name !== file.name) await remove(before)
      let bytes = [...files.values()].reduce((sum, { size }) => sum + size, 0)
      for (const oldest of [...files.values()]) {
        if (bytes <= maxBytes() || oldest === file) break
        bytes -= oldest.size
        await remove(oldest)
      }
    },
    // opened at once: it may be removed while it is read
    read: ({ name }, start, end) =>
      end > start ? createReadStream(join(folder, name), { start, end: end - 1, highWaterMark: 256 * 1024 }) : none(),
  }
}

async function* none(): AsyncGenerator<Uint8Array, void> {}

/** Oldest first. */
async function notes(folder: string): Promise<readonly KeptFile[]> {
  const found: KeptFile[] = []
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.json')) continue
    try {
      const file = JSON.parse(await readFile(join(folder, name), 'utf8')) as KeptFile
      if (`${file.name}.json` === name && (await stat(join(folder, file.name))).size === file.size) found.push(file)
    } catch {
      // neither whole nor ours: it is removed
    }
  }
  return found.sort((a, b) => a.modified - b.modified)
}
