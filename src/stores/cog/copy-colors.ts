import type { PixelMemory } from '#render/pixel-memory.js'
import type { ColorsBlock } from './block.js'
import type { BlockPart } from './window-blocks.js'

/** Copies the part of a block that lies in the window `into`, whose rows have `stride` pixels: by a kernel where both lie in `memory`. */
export function copyColors(part: BlockPart<ColorsBlock>, into: Uint8Array, stride: number, memory?: PixelMemory): void {
  const { block, fromX, fromY, toX, toY, width, height } = part
  const { rgba } = block
  if (memory && rgba.buffer === memory.buffer && into.buffer === memory.buffer && width > 0) {
    const from = rgba.byteOffset + (fromY * block.width + fromX) * 4
    memory.copyRows(from, block.width * 4, into.byteOffset + (toY * stride + toX) * 4, stride * 4, width * 4, height)
  } else copyByRow(part, into, stride)
}

/**
 * Hot. Blocks lie in shared memory, out of which `set` copies word by word or byte by byte; `fill` of a Buffer is the system's own copy. Blocks are
 * many more than processors keep close by, and a copy of row after row waits for the first bytes of each: rows are fetched before.
 */
function copyByRow({ block, fromX, fromY, toX, toY, width, height }: BlockPart<ColorsBlock>, into: Uint8Array, stride: number) {
  const { rgba } = block
  const buffer = Buffer.from(into.buffer, into.byteOffset, into.byteLength)
  const words = new Int32Array(rgba.buffer, rgba.byteOffset, rgba.byteLength >> 2)
  const rowBytes = width * 4
  const rows = Math.ceil(fetchedBytes / rowBytes)
  for (let y = 0; y < height; y++) {
    const first = (fromY + y) * block.width + fromX
    if (y % rows === 0) fetchRows(words, first, width, block.width, Math.min(rows, height - y))
    const to = ((toY + y) * stride + toX) * 4
    buffer.fill(rgba.subarray(first * 4, first * 4 + rowBytes), to, to + rowBytes)
  }
}

/** Fetched at once: what is close by for sure when it is copied. */
const fetchedBytes = 32 << 10
/** Numbers in what a processor fetches together: 64 bytes. */
const line = 16
/** Of all that was fetched, so that no compiler leaves out reading it. */
const fetched = { bits: 0 }

/** Has a rectangle of pixels brought close by: what is read without use for it is read side by side. */
function fetchRows(words: Int32Array, first: number, width: number, stride: number, rows: number) {
  let all = 0
  for (let row = first; row < first + rows * stride; row += stride) for (let at = row; at < row + width; at += line) all |= words[at]
  fetched.bits |= all
}
