import { emptyBox } from '../hilbert/hilbert-order.js'

/** Children of a node: FlatGeobuf's own choice. */
export const nodeSize = 16

/** The nodes above the leaves of a packed R-tree, the root first: 40 bytes each, a box and the number of the first child. */
export interface InnerNodes {
  readonly bytes: Uint8Array
  /** Widens the boxes above leaf `rank`. */
  grow(rank: number, minX: number, minY: number, maxX: number, maxY: number): void
}

/** Of a tree over `count` leaves, at least one. A single leaf has a root above it, too. */
export function innerNodes(count: number): InnerNodes {
  const lengths = [count]
  do lengths.push(Math.ceil(lengths[lengths.length - 1] / nodeSize))
  while (lengths[lengths.length - 1] !== 1)
  // where each level begins, counted in nodes from the root
  const starts = lengths.map((_, level) => lengths.slice(level + 1).reduce((sum, length) => sum + length, 0))
  const view = new DataView(new ArrayBuffer(40 * starts[0]))
  const box = emptyBox()
  for (let level = 1; level < lengths.length; level++)
    for (let i = 0; i < lengths[level]; i++) {
      const at = 40 * (starts[level] + i)
      for (const [k, ordinate] of [box.minX, box.minY, box.maxX, box.maxY].entries()) view.setFloat64(at + 8 * k, ordinate, true)
      view.setBigUint64(at + 32, BigInt(starts[level - 1] + i * nodeSize), true)
    }
  return {
    bytes: new Uint8Array(view.buffer),
    grow(rank, minX, minY, maxX, maxY) {
      let index = rank
      for (let level = 1; level < lengths.length; level++) {
        index = Math.floor(index / nodeSize)
        const at = 40 * (starts[level] + index)
        if (minX < view.getFloat64(at, true)) view.setFloat64(at, minX, true)
        if (minY < view.getFloat64(at + 8, true)) view.setFloat64(at + 8, minY, true)
        if (maxX > view.getFloat64(at + 16, true)) view.setFloat64(at + 16, maxX, true)
        if (maxY > view.getFloat64(at + 24, true)) view.setFloat64(at + 24, maxY, true)
      }
    },
  }
}
