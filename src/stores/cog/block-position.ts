import type { ByteFile } from './byte-file.js'
import type { SourceFile } from './sources/byte-source.js'
import { listEntries, listEntriesNow } from './tiff-directory.js'
import { blockRows, type TiffLayout } from './tiff-layout.js'

/** Where the bytes of a block lie; `length` 0 means that it was never written (a sparse file). */
export interface BlockPosition {
  readonly offset: number
  readonly length: number
  /** What lies there is the block's size and then the block (`blockWithin`), up to where the next one may begin. */
  readonly hasLeader?: boolean
}

/** Bytes before a block that hold its size, and after it that repeat its end. */
const leaderBytes = 4

/**
 * Where a block lies. In a file with leaders, two neighbouring offsets are enough; elsewhere its length comes from the list of byte counts,
 * which `exactly` asks for in any case.
 */
export async function blockPosition(
  file: ByteFile,
  layout: TiffLayout,
  column: number,
  row: number,
  plane: number,
  exactly = false,
): Promise<BlockPosition> {
  const { columns, rows, partsPerStrip, offsets, byteCounts } = layout
  const index = (plane * (rows / partsPerStrip) + Math.floor(row / partsPerStrip)) * columns + column
  const [offset, following = 0] = await listEntries(file, offsets, index, layout.hasLeaders && !exactly ? 2 : 1)
  const gap = following - offset
  if (gap > leaderBytes && gap <= longestBlock(layout) && offset > leaderBytes)
    return { offset: offset - leaderBytes, length: gap, hasLeader: true }
  const [length] = await listEntries(file, byteCounts, index)
  if (partsPerStrip === 1 || length === 0) return { offset, length }
  const rowBytes = Math.ceil((layout.width * layout.bits * (layout.samples / layout.planes)) / 8)
  const skipped = (row % partsPerStrip) * layout.blockHeight * rowBytes
  return { offset: offset + skipped, length: Math.min(length - skipped, blockRows(layout, row).height * rowBytes) }
}

/**
 * The block inside the bytes that lie at its position; undefined when its leader and trailer contradict each other, because a program that
 * knows nothing of them changed the file: then the exact position is to be read.
 */
export function blockWithin(bytes: Uint8Array, { hasLeader }: BlockPosition): Uint8Array | undefined {
  if (!hasLeader) return bytes
  const size = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24)
  const end = leaderBytes + size
  if (size <= 0 || end + leaderBytes > bytes.length) return undefined
  for (let i = end; i < end + leaderBytes; i++) if (bytes[i] !== bytes[i - leaderBytes]) return undefined
  return bytes.subarray(leaderBytes, end)
}

/** The last four bytes of a block, and its trailer; used again for each. */
const joint = new Uint8Array(2 * leaderBytes)

/**
 * Where a block of a file with one plane lies by what is in memory; of one with leaders, these and the trailer are read at once. Undefined where that
 * would take waiting, and for what is not plainly so.
 */
export function blockPositionNow(file: SourceFile, layout: TiffLayout, column: number, row: number): BlockPosition | undefined {
  const { columns, partsPerStrip, offsets, byteCounts, hasLeaders } = layout
  const index = row * columns + column
  const [offset = 0, following = 0] = (partsPerStrip === 1 && listEntriesNow(offsets, index, hasLeaders ? 2 : 1)) || []
  const gap = following - offset
  if (offset <= leaderBytes || gap > longestBlock(layout)) return undefined
  if (gap <= leaderBytes) {
    const [length = 0] = listEntriesNow(byteCounts, index) ?? []
    return length > 0 && length <= longestBlock(layout) ? { offset, length } : undefined
  }
  if (!file.readNow?.(offset - leaderBytes, joint, 0, leaderBytes)) return undefined
  const length = joint[0] | (joint[1] << 8) | (joint[2] << 16) | (joint[3] << 24)
  if (length < leaderBytes || length + 2 * leaderBytes > gap) return undefined
  if (!file.readNow(offset + length - leaderBytes, joint, 0, joint.length)) return undefined
  for (let i = 0; i < leaderBytes; i++) if (joint[i] !== joint[i + leaderBytes]) return undefined
  return { offset, length }
}

/** No codec makes a block more than twice as long as its samples; whoever claims that is not believed. */
export function longestBlock({ blockWidth, blockHeight, samples, bits }: TiffLayout): number {
  return Math.ceil((blockWidth * blockHeight * samples * bits) / 8) * 2 + 65536
}

/** The bytes of a block, and where they begin in the file. */
export interface FoundBlock {
  readonly bytes: Uint8Array
  readonly offset: number
}

/** Reads one block; undefined when it was never written. `refuse` makes the Problem of a length that cannot be. */
export async function readBlock(
  file: ByteFile,
  layout: TiffLayout,
  column: number,
  row: number,
  plane: number,
  refuse: (reason: string) => Error,
  signal?: AbortSignal,
): Promise<FoundBlock | undefined> {
  for (const exactly of [false, true]) {
    const position = await blockPosition(file, layout, column, row, plane, exactly)
    if (position.length === 0) return undefined
    if (position.length > longestBlock(layout)) throw refuse(`a block claims ${position.length} bytes`)
    const [bytes] = await file.readMany([position], signal)
    const block = blockWithin(bytes, position)
    if (block) return { bytes: block, offset: position.offset + block.byteOffset - bytes.byteOffset }
  }
  throw refuse('a block is not where it should be')
}
