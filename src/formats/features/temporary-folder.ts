import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes made with the help of a folder of their own below `parent`, which is gone when they end, fail, or are left in the middle. */
export async function* inTemporaryFolder(
  parent: string,
  write: (folder: string) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const folder = await mkdtemp(join(parent, 'export-'))
  try {
    yield* write(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
