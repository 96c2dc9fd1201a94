/** Codes have 12 bits at most. */
const mostCodes = 4096
/** Bytes of a block. */
const blockBytes = 255

/** Numbers of `bits` bits as the image data of a GIF (GIF89a, 22 and appendix F): code size, blocks, and the empty block. Hot path. */
export function packLzw(numbers: Uint8Array, bits: number): Uint8Array {
  const [clear, end] = [1 << bits, (1 << bits) + 1]
  // by the code of what is before and the number that follows: the code of both, 0 where there is none
  const codes = new Uint16Array(mostCodes << 8)
  const out = openBlocks()
  let size = bits + 1
  let next = end + 1
  out.byte(bits)
  out.code(clear, size)
  let before = numbers[0]
  for (let i = 1; i < numbers.length; i++) {
    const pair = (before << 8) | numbers[i]
    const known = codes[pair]
    if (known !== 0) {
      before = known
      continue
    }
    out.code(before, size)
    before = numbers[i]
    if (next === mostCodes) {
      out.code(clear, size)
      codes.fill(0)
      size = bits + 1
      next = end + 1
      continue
    }
    // the reader learns a code one step later
    if (next === 1 << size) size++
    codes[pair] = next++
  }
  if (numbers.length > 0) out.code(before, size)
  out.code(end, size)
  return out.finish()
}

/** Bits, the lowest first, cut into blocks that say how long they are. */
function openBlocks() {
  let bytes = new Uint8Array(1 << 16)
  let length = 0
  let [start, held, count] = [0, 0, 0]
  const byte = (value: number) => {
    if (length === bytes.length) {
      const grown = new Uint8Array(bytes.length * 2)
      grown.set(bytes)
      bytes = grown
    }
    bytes[length++] = value
  }
  const closeBlock = () => {
    bytes[start] = length - start - 1
  }
  const put = (value: number) => {
    if (start === 0) {
      start = length
      byte(0)
    } else if (length - start - 1 === blockBytes) {
      closeBlock()
      start = length
      byte(0)
    }
    byte(value)
  }
  return {
    byte,
    code(value: number, size: number) {
      held |= value << count
      count += size
      for (; count >= 8; count -= 8, held >>>= 8) put(held & 255)
    },
    finish() {
      if (count > 0) put(held & 255)
      if (start > 0) closeBlock()
      byte(0)
      return bytes.subarray(0, length)
    },
  }
}
