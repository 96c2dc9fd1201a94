// The colours of an image: whether it has few, and whether all are opaque.

const SLOTS: i32 = 1024
/** Hash table of colours and their index, open addressing. */
const slotColors = memory.data(1024 * 4, 16)
const slotIndexes = memory.data(1024 * 2, 16)
export const palette = memory.data(256 * 4, 16)
/** Colours found; 257 when there are more than 256. */
export let colorCount: i32 = 0
export let isOpaque: bool = true

function slotOf(color: u32): i32 {
  let slot = <i32>((color * 0x9e3779b1) >>> 22)
  while (load<u16>(slotIndexes + ((<usize>slot) << 1)) != 0xffff && load<u32>(slotColors + ((<usize>slot) << 2)) != color)
    slot = (slot + 1) & (SLOTS - 1)
  return slot
}

/** Looks at every pixel, where all are known to be opaque until there are too many colours; transparent ones count as one colour, black. */
export function countColors(pixels: usize, count: i32, isKnown: bool): void {
  memory.fill(slotIndexes, 0xff, (<usize>SLOTS) << 1)
  lastAsked = load<u32>(pixels)
  lastIndex = 0
  colorCount = 0
  isOpaque = true
  let last: u32 = 0
  const end = pixels + ((<usize>count) << 2)
  for (let p = pixels; p < end; p += 4) {
    // four of the same, or four that have no more to tell
    if (p > pixels) while (p + 16 <= end && isSettled(v128.load(p), last)) p += 16
    if (p >= end) return
    let color = load<u32>(p)
    if (color == last && p > pixels) continue
    if (color >>> 24 != 255) {
      isOpaque = false
      if (color >>> 24 == 0) {
        color = 0
        store<u32>(p, 0)
      }
    }
    last = color
    if (colorCount > 256) {
      if (!isOpaque) {
        // nothing more to learn, but transparent pixels still become one colour
        for (; p < end; p += 4) if (load<u8>(p, 3) == 0) store<u32>(p, 0)
        return
      }
      continue
    }
    const slot = slotOf(color)
    if (load<u16>(slotIndexes + ((<usize>slot) << 1)) != 0xffff) continue
    if (colorCount < 256) {
      store<u32>(palette + ((<usize>colorCount) << 2), color)
      store<u32>(slotColors + ((<usize>slot) << 2), color)
      store<u16>(slotIndexes + ((<usize>slot) << 1), <u16>colorCount)
    }
    colorCount++
    if (isKnown && colorCount > 256) return
  }
}

function isSettled(four: v128, last: u32): bool {
  if (i32x4.all_true(i32x4.eq(four, i32x4.splat(last)))) return true
  const opaque = i32x4.splat(0xff000000)
  return colorCount > 256 && i32x4.all_true(i32x4.eq(v128.and(four, opaque), opaque))
}

let lastAsked: u32 = 0
let lastIndex: u32 = 0

/** Index of a colour that has been counted. Neighbours are often alike. */
export function indexOf(color: u32): u32 {
  if (color == lastAsked) return lastIndex
  lastAsked = color
  lastIndex = load<u16>(slotIndexes + ((<usize>slotOf(color)) << 1))
  return lastIndex
}
