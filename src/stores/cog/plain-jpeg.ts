/** Huffman table of a JPEG: how many codes there are of each length from 1 to 16, then the symbols. */
export interface HuffmanTable {
  readonly isAc: boolean
  readonly number: number
  readonly bytes: Uint8Array
}

/** Quantisation table of a JPEG: 64 steps of one byte or two. */
export interface StepsTable {
  readonly number: number
  readonly bytes: Uint8Array
}

/** Component of a frame: its tables. */
export interface PlainComponent {
  readonly steps: number
  readonly dc: number
  readonly ac: number
}

/** The head of a JPEG of one scan of three components that is coded in the plainest way. */
export interface PlainJpeg {
  readonly width: number
  readonly height: number
  /** Samples of the first component for one of the others, across and down: 1 and 1, 2 and 1, or 2 and 2. */
  readonly ratio: readonly [number, number]
  readonly isYcc: boolean
  /** MCUs between restart markers; 0 for none. */
  readonly restart: number
  readonly huffman: readonly HuffmanTable[]
  readonly steps: readonly StepsTable[]
  readonly components: readonly PlainComponent[]
}

/** Where the data of the first scan begin; 0 when there is no scan. */
export function scanData(bytes: Uint8Array): number {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3])) {
    if (bytes[at + 1] === 0xda) {
      const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3])
      return end < bytes.length ? end : 0
    }
  }
  return 0
}

/**
 * Reads the head of a JPEG file, up to the data of its first scan (ITU-T T.81, B.2). Undefined for what is damaged or not plain: progressive or
 * arithmetic coding, 12 bits, other numbers of components or of samples, several scans.
 */
export function plainJpeg(head: Uint8Array): PlainJpeg | undefined {
  const word = (at: number) => (head[at] << 8) | head[at + 1]
  const huffman: HuffmanTable[] = []
  const steps: StepsTable[] = []
  const frames: { ids: number[]; steps: number[]; factors: number[]; width: number; height: number }[] = []
  let [restart, isJfif] = [0, false]
  let transform: number | undefined
  for (let at = 2; at + 4 <= head.length; ) {
    const marker = head[at + 1]
    const [from, end] = [at + 4, at + 2 + word(at + 2)]
    if (head[at] !== 0xff || end < from || end > head.length) return undefined
    if (marker === 0xdb) {
      for (let p = from; p < end; ) {
        const [isWide, number] = [head[p] >> 4, head[p] & 15]
        const next = p + 1 + (isWide ? 128 : 64)
        if (isWide > 1 || number > 3 || next > end) return undefined
        steps.push({ number, bytes: head.subarray(p + 1, next) })
        p = next
      }
    } else if (marker === 0xc4) {
      for (let p = from; p < end; ) {
        let count = 0
        for (let i = 1; i <= 16; i++) count += head[p + i]
        const next = p + 17 + count
        if ((head[p] & 0xec) !== 0 || count > 256 || next > end) return undefined
        huffman.push({ isAc: head[p] >> 4 === 1, number: head[p] & 15, bytes: head.subarray(p + 1, next) })
        p = next
      }
    } else if (marker === 0xc0 || marker === 0xc1) {
      if (head[from] !== 8 || head[from + 5] !== 3 || end !== from + 15) return undefined
      const each = [from + 6, from + 9, from + 12]
      frames.push({
        height: word(from + 1),
        width: word(from + 3),
        ids: each.map(p => head[p]),
        factors: each.map(p => head[p + 1]),
        steps: each.map(p => head[p + 2]),
      })
    } else if (marker === 0xdd && end === from + 2) restart = word(from)
    else if (marker === 0xe0 && 'JFIF\0' === text(head, from, from + 5)) isJfif = true
    else if (marker === 0xee && end >= from + 12 && text(head, from, from + 5) === 'Adobe') transform = head[from + 11]
    else if (marker === 0xda) {
      const [frame] = frames
      if (frames.length !== 1 || end !== head.length || end !== from + 10 || head[from] !== 3) return undefined
      if (head[from + 7] !== 0 || head[from + 8] !== 63 || head[from + 9] !== 0) return undefined
      const each = [0, 1, 2]
      if (each.some(i => head[from + 1 + 2 * i] !== frame.ids[i])) return undefined
      const components = each.map(i => ({ steps: frame.steps[i], dc: head[from + 2 + 2 * i] >> 4, ac: head[from + 2 + 2 * i] & 15 }))
      const has = (isAc: boolean, wanted: number) => huffman.some(table => table.isAc === isAc && table.number === wanted)
      for (const one of components)
        if (!has(false, one.dc) || !has(true, one.ac) || !steps.some(({ number }) => number === one.steps)) return undefined
      const ratio = ratioOf(frame.factors)
      const isYcc =
        isJfif || (transform === undefined ? text(frame.ids) !== 'RGB' : transform === 1 ? true : transform === 0 ? false : undefined)
      // odd edges of narrow images are treated in another way
      if (!ratio || isYcc === undefined || frame.width < 16 || frame.height === 0) return undefined
      return { width: frame.width, height: frame.height, ratio, isYcc, restart, huffman, steps, components }
    } else if (!((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe)) return undefined
    at = end
  }
  return undefined
}

/** How often the first component is sampled for one of the others, which are sampled alike. */
function ratioOf([first, ...others]: readonly number[]): readonly [number, number] | undefined {
  if (others.some(factors => factors !== 0x11)) return undefined
  return first === 0x11 ? [1, 1] : first === 0x21 ? [2, 1] : first === 0x22 ? [2, 2] : undefined
}

const text = (bytes: ArrayLike<number>, from = 0, end = bytes.length) =>
  String.fromCharCode(...Array.prototype.slice.call(bytes, from, end))
