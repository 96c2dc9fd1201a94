/** Boxes that are taken, in a grid of squares: whether another finds room is asked of the few squares it lies in. */
export interface CollisionGrid {
  add(boxes: readonly number[]): void
  /**
   * Whether a box of whole pixels has one in common with a box that is taken: ink of two texts in one would mix. Boxes that only touch between pixels do
   * not. Whole, because numbers with fractions are objects on their way into a function.
   */
  isTaken(left: number, top: number, right: number, bottom: number): boolean
}

/** Least side of a square, in pixels: labels are some 60 by 15. */
const leastSquare = 32
/** Those of the largest map; a frame that has all the room there is, as sketches have, gets larger squares. */
const mostSquares = 65_536

/** A grid over a frame; what lies outside counts with the squares at its border. */
export function createCollisionGrid(minX: number, minY: number, maxX: number, maxY: number): CollisionGrid {
  const square = Math.max(leastSquare, Math.sqrt(((maxX - minX) * (maxY - minY)) / mostSquares))
  const columns = Math.max(1, Math.ceil((maxX - minX) / square))
  const rows = Math.max(1, Math.ceil((maxY - minY) / square))
  // lists of boxes: in each square the first link; a link is a box and the next link
  const first = new Int32Array(columns * rows).fill(-1)
  let links = new Int32Array(4096)
  let linkCount = 0
  let taken = new Float64Array(4096)
  let boxCount = 0
  const column = (x: number) => Math.min(columns - 1, Math.max(0, Math.floor((x - minX) / square)))
  const row = (y: number) => Math.min(rows - 1, Math.max(0, Math.floor((y - minY) / square)))

  function addBox(x0: number, y0: number, x1: number, y1: number) {
    if (boxCount * 4 === taken.length) taken = grown(taken, new Float64Array(taken.length * 2))
    const at = boxCount * 4
    taken[at] = Math.floor(x0)
    taken[at + 1] = Math.floor(y0)
    taken[at + 2] = Math.ceil(x1)
    taken[at + 3] = Math.ceil(y1)
    for (let r = row(y0), endRow = row(y1); r <= endRow; r++) {
      for (let c = column(x0), end = column(x1); c <= end; c++) {
        if (linkCount * 2 === links.length) links = grown(links, new Int32Array(links.length * 2))
        links[linkCount * 2] = boxCount
        links[linkCount * 2 + 1] = first[r * columns + c]
        first[r * columns + c] = linkCount++
      }
    }
    boxCount++
  }

  return {
    add(boxes) {
      for (let i = 0; i < boxes.length; i += 4) addBox(boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3])
    },
    isTaken(left, top, right, bottom) {
      for (let r = row(top), endRow = row(bottom); r <= endRow; r++) {
        for (let c = column(left), end = column(right); c <= end; c++) {
          for (let link = first[r * columns + c]; link >= 0; link = links[link * 2 + 1]) {
            const at = links[link * 2] * 4
            if (taken[at] < right && taken[at + 2] > left && taken[at + 1] < bottom && taken[at + 3] > top) return true
          }
        }
      }
      return false
    },
  }
}

function grown<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from)
  return to
}
