import type { FeatureLayer, LoadOptions } from '#core/ports.js'
import type { Session } from '../session.js'
import { type CopyLayout, copyFiles } from './copy-files.js'

/** Copies a layer into `table`, writing the next file while the database takes the one before. Returns the number of rows. */
export async function copyLayer(
  session: Session,
  table: string,
  layer: FeatureLayer,
  layout: CopyLayout,
  { onProgress, signal, isFrozen }: LoadOptions & { readonly isFrozen: boolean },
): Promise<number> {
  const text = `COPY ${table} FROM STDIN (FORMAT binary${isFrozen ? ', FREEZE' : ''})`
  let taken: Promise<number> = Promise.resolve(0)
  let rows = 0
  for await (const file of copyFiles(layer, layout, signal)) {
    await taken
    signal?.throwIfAborted()
    onProgress?.(rows, file.share)
    taken = session.copyIn(text, file.bytes)
    taken.catch(() => {}) // looked at in the next turn
    rows = file.rows
  }
  await taken
  onProgress?.(rows, 1)
  return rows
}
