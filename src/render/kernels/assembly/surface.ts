// The linear memory of the drawing kernel, from the bottom up: constants of the compiler, row bounds, the coverage band, the mask of strokes, the planes
// (RGBA, premultiplied; plane 0 is the map), the control grid, the shelf of graphics, the input bytes, and the path of one shape, which may grow to the end.

/** No growth beyond this, so that addresses stay positive in JavaScript: 67 million pixels in five planes and a geometry of 300 MB fit. */
export const MAX_BYTES: usize = 0x7fff0000
/** Coverage cells held at once; higher shapes are drawn band by band. 4 MB. */
const BAND_CELLS: i32 = 1 << 20
/** What a processor keeps at hand of its own. */
const NEAR_BYTES: usize = 1 << 19

export let width: i32 = 0
export let height: i32 = 0
/** Coverage cells in a row: one more than pixels for what spills to the right, in whole vectors. */
export let stride: i32 = 0
export let bandRows: i32 = 0
/** First and last touched cell of each band row, i32. */
export let rowFirst: usize = 0
export let rowLast: usize = 0
export let cells: usize = 0
/** Opacities of a stroke, u8, with room on both sides of a row; and of each row the first that may be covered and less than nothing by one past the last, i32. */
export let mask: usize = 0
export let maskPitch: usize = 0
export let rowSpans: usize = 0
let planes: usize = 0
/** Nodes of the control grid. */
export let grid: usize = 0
/** Outlines and images that pens use. */
export let shelf: usize = 0
export let layouts: i32 = 0
export let input: usize = 0
export let path: usize = 0

function align(p: usize): usize {
  return (p + 15) & ~15
}

/** Makes the memory reach `end`; false when that is more than allowed or available. */
export function reach(end: usize): bool {
  if (end > MAX_BYTES) return false
  const have = (<usize>memory.size()) << 16
  if (end <= have) return true
  // at least a quarter more than there is, so that growing a long path stays linear
  let pages = <i32>((end - have + 0xffff) >> 16)
  const more = max<i32>(pages, memory.size() >> 2)
  const most = <i32>((MAX_BYTES - have) >> 16)
  pages = min<i32>(more, most)
  return memory.grow(pages) >= 0
}

/** Lays out a surface of `planeCount` planes, a control grid and a shelf; contents of planes are kept when only their number changes. */
export function layOut(w: i32, h: i32, planeCount: i32, gridNodes: i32, shelfBytes: i32): bool {
  layouts++
  // in 64 bits: sizes that wrap around would look small
  if (<u64>w * <u64>h * (4 * <u64>planeCount + 1) + ((<u64>gridNodes) << 4) + <u64>shelfBytes > <u64>MAX_BYTES) {
    width = height = 0
    return false
  }
  const isSame = w == width && h == height
  width = w
  height = h
  stride = (w + 2 + 3) & ~3
  bandRows = min<i32>(h, max<i32>(16, BAND_CELLS / stride))
  rowFirst = align(__heap_base)
  rowLast = rowFirst + ((<usize>bandRows) << 2)
  cells = align(rowLast + ((<usize>bandRows) << 2))
  const cellBytes = <usize>stride * <usize>bandRows * 4
  rowSpans = align(cells + cellBytes)
  mask = align(rowSpans + ((<usize>h) << 3))
  maskPitch = align(<usize>w + 32)
  const maskBytes = maskPitch * <usize>h
  planes = align(mask + maskBytes)
  grid = align(planes + <usize>planeCount * planeBytes())
  shelf = align(grid + ((<usize>gridNodes) << 4))
  input = align(shelf + <usize>shelfBytes)
  path = input
  if (!reach(path + 0x10000)) {
    width = height = 0
    return false
  }
  if (!isSame) {
    memory.fill(cells, 0, cellBytes)
    memory.fill(mask, 0, maskBytes)
    for (let row = 0; row < h; row++) {
      store<i32>(rowSpans + ((<usize>row) << 3), w)
      store<i32>(rowSpans + ((<usize>row) << 3), 0, 4)
    }
    for (let row = 0; row < bandRows; row++) {
      store<i32>(rowFirst + ((<usize>row) << 2), w)
      store<i32>(rowLast + ((<usize>row) << 2), -1)
    }
  }
  return true
}

/** Room for `bytes` of geometry; the path begins behind it. */
export function layInput(bytes: usize): bool {
  path = align(input + bytes + 8)
  return reach(path + 0x10000)
}

export function planeBytes(): usize {
  return <usize>width * <usize>height * 4
}

/** Whether a plane may stay in a near cache while it is drawn on. */
export function isNearby(): bool {
  return planeBytes() <= NEAR_BYTES
}

export function plane(index: i32): usize {
  return planes + <usize>index * planeBytes()
}
