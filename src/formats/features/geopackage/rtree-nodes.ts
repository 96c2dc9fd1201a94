/** Cells of a node, and its bytes: what SQLite itself chooses for two dimensions and pages of 4096 bytes (sqlite.org/rtree.html, 7.1). */
export const mostCells = 51
const cellBytes = 24
const nodeBytes = 4 + mostCells * cellBytes

/** A packed R-tree that is fed with the boxes of its leaves in their order. Nodes are numbered from the root, 1, level by level. */
export interface RtreeNodes {
  /** Returns the number of the leaf it went to. */
  add(id: bigint, minX: number, minY: number, maxX: number, maxY: number): number
  /** All boxes are in: the last nodes are written. */
  end(): void
}

export function rtreeNodes(
  count: number,
  putNode: (node: number, data: Uint8Array) => void,
  putParent: (node: number, parent: number) => void,
): RtreeNodes {
  const lengths = [Math.max(1, Math.ceil(count / mostCells))]
  while (lengths[lengths.length - 1] > 1) lengths.push(Math.ceil(lengths[lengths.length - 1] / mostCells))
  const starts = lengths.map((_, level) => 1 + lengths.slice(level + 1).reduce((sum, length) => sum + length, 0))
  const levels = lengths.map(() => ({ view: new DataView(new ArrayBuffer(nodeBytes)), cells: 0, written: 0 }))

  const add = (level: number, id: bigint, minX: number, minY: number, maxX: number, maxY: number): number => {
    const node = levels[level]
    if (node.cells === mostCells) write(level)
    const at = 4 + node.cells++ * cellBytes
    const { view } = node
    view.setBigInt64(at, id)
    view.setFloat32(at + 8, floor32(minX))
    view.setFloat32(at + 12, -floor32(-maxX))
    view.setFloat32(at + 16, floor32(minY))
    view.setFloat32(at + 20, -floor32(-maxY))
    return starts[level] + node.written
  }

  /** Writes the node a level is at, and puts its box into the one above. */
  const write = (level: number): void => {
    const node = levels[level]
    const { view, cells } = node
    const number = starts[level] + node.written
    // the root says how deep the tree is
    view.setUint16(0, number === 1 ? levels.length - 1 : 0)
    view.setUint16(2, cells)
    if (number !== 1) {
      const box = [Infinity, -Infinity, Infinity, -Infinity]
      for (let i = 0; i < cells; i++)
        for (let k = 0; k < 4; k++) {
          const ordinate = view.getFloat32(4 + i * cellBytes + 8 + 4 * k)
          box[k] = k % 2 ? Math.max(box[k], ordinate) : Math.min(box[k], ordinate)
        }
      putParent(number, add(level + 1, BigInt(number), box[0], box[2], box[1], box[3]))
    }
    putNode(number, new Uint8Array(view.buffer))
    new Uint8Array(view.buffer).fill(0)
    node.cells = 0
    node.written++
  }

  return {
    add: (id, minX, minY, maxX, maxY) => add(0, id, minX, minY, maxX, maxY),
    end() {
      for (let level = 0; level < levels.length; level++) write(level)
    },
  }
}

/** The greatest float of 32 bits that is not above the value, or one a step below. */
function floor32(value: number): number {
  const float = Math.fround(value)
  return float <= value ? float : Math.fround(value - Math.abs(value) * 2 ** -23 - 1e-45)
}
