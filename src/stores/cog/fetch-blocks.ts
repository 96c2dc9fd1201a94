import { Problem } from '#core/problem.js'
import { type FoundBlock, readBlock } from './block-position.js'
import type { Pyramid, PyramidImage } from './pyramid.js'

/** Position of a block in an image: its column and row of blocks, and the plane where bands are stored apart. */
export interface BlockPlace {
  readonly column: number
  readonly row: number
  readonly plane: number
}

/**
 * A block as it is stored; undefined when it was never written. Blocks that are asked for in the same turn of the event loop are fetched
 * together where that saves requests. Throws `unavailable` when the file is another than it was, `invalid-data` for absurd lengths.
 */
export function fetchBlock(
  { parts, name }: Pyramid,
  { part, layout }: PyramidImage,
  { column, row, plane }: BlockPlace,
  signal?: AbortSignal,
): Promise<FoundBlock | undefined> {
  return readBlock(parts[part], layout, column, row, plane, reason => damaged(name, reason), signal)
}

export function damaged(name: string, reason: string, cause?: unknown): Problem {
  return new Problem('invalid-data', `"${name}" is damaged: ${reason}.`, { cause })
}
