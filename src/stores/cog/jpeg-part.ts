import { loadKernel } from '#render/kernels/load-kernel.js'
import { type PlainJpeg, plainJpeg, scanData } from './plain-jpeg.js'
import { jpegHead, soi } from './whole-jpeg.js'

/** What `assembly/jpeg.kernel.ts` exports. Addresses are bytes in `memory`; booleans come back as numbers. */
interface JpegExports {
  readonly memory: WebAssembly.Memory
  definitionAt(): number
  buildHuffman(table: number): number
  stepsAt(): number
  setSteps(table: number, isWide: boolean): void
  setImage(width: number, height: number, ratioX: number, ratioY: number, isYcc: boolean, restart: number): void
  setTables(component: number, steps: number, dc: number, ac: number): void
  inputAt(bytes: number): number
  decode(bytes: number, left: number, top: number, columns: number, rows: number): number
  pixelsAt(): number
  strideOf(): number
}

/** A JPEG block of a TIFF: `tables` are those that blocks share, `isRgb` says that its components are no luminance and chrominance. */
export interface StoredJpeg {
  readonly bytes: Uint8Array
  readonly tables: Uint8Array | undefined
  readonly isRgb: boolean
  readonly width: number
  /** Rows that it has at least, and at most. */
  readonly heights: readonly [number, number]
}

/** A part of a block, and where it goes: in pixels. */
export interface PartPlace {
  readonly fromX: number
  readonly fromY: number
  readonly toX: number
  readonly toY: number
  readonly width: number
  readonly height: number
}

/**
 * Decodes a part of a block into `into`, rows of `stride` pixels: what libjpeg-turbo makes of it, to the bit. What lies behind the part is not looked
 * at. False, and nothing written, for what is damaged, large, or coded in another way than the plainest: libjpeg-turbo is to be asked then.
 */
export type JpegPartToRgba = (jpeg: StoredJpeg, part: PartPlace, into: Uint8Array, stride: number) => boolean

/** Pixels of a part, and bytes of a block, beyond which the kernel, whose memory never becomes less, is not asked. */
const mostPixels = 1 << 20
const mostBytes = 4 << 20

// the kernel of this thread, which every store uses in turn, the tables that came last, and the head that it has been told
let kernel: JpegExports | undefined
let lastTables: (Pick<StoredJpeg, 'tables' | 'isRgb'> & { readonly head: Uint8Array }) | undefined
let lastHead: Buffer | undefined
let lastJpeg: PlainJpeg | undefined

export const jpegPartToRgba: JpegPartToRgba = ({ bytes, tables, isRgb, width, heights: [least, most] }, part, into, stride) => {
  if (part.width * part.height > mostPixels || bytes.length > mostBytes) return false
  const from = scanData(bytes)
  if (from === 0) return false
  if (tables !== lastTables?.tables || isRgb !== lastTables?.isRgb) lastTables = { tables, isRgb, head: jpegHead(tables, isRgb) }
  const head = Buffer.concat([lastTables.head, bytes.subarray(soi.length, from)])
  kernel ??= new WebAssembly.Instance(loadKernel('jpeg'), {}).exports as unknown as JpegExports
  if (!lastHead?.equals(head)) {
    lastJpeg = plainJpeg(head)
    lastHead = head
    if (lastJpeg && !setUp(kernel, lastJpeg)) lastJpeg = undefined
  }
  if (lastJpeg?.width !== width || lastJpeg.height < least || lastJpeg.height > most) return false
  const data = bytes.subarray(from)
  const at = kernel.inputAt(data.length)
  if (at === 0) return false
  new Uint8Array(kernel.memory.buffer, at, data.length).set(data)
  if (!kernel.decode(data.length, part.fromX, part.fromY, part.width, part.height)) return false
  const pixels = new Uint8Array(kernel.memory.buffer)
  // pixels begin at an even column
  const first = kernel.pixelsAt() + (part.fromX & 1) * 4
  const rowBytes = part.width * 4
  // as in `copy-colors.ts`: into shared memory, `set` takes three times as long
  const buffer = Buffer.from(into.buffer, into.byteOffset, into.byteLength)
  for (let y = 0; y < part.height; y++) {
    const row = first + y * kernel.strideOf()
    const to = ((part.toY + y) * stride + part.toX) * 4
    buffer.fill(pixels.subarray(row, row + rowBytes), to, to + rowBytes)
  }
  return true
}

/** Gives the kernel what it has to know of an image; false for tables that cannot be. */
function setUp(kernel: JpegExports, { width, height, ratio, isYcc, restart, huffman, steps, components }: PlainJpeg): boolean {
  kernel.setImage(width, height, ...ratio, isYcc, restart)
  for (const [i, { steps, dc, ac }] of components.entries()) kernel.setTables(i, steps, dc, ac)
  for (const { number, bytes } of steps) {
    new Uint8Array(kernel.memory.buffer, kernel.stepsAt(), bytes.length).set(bytes)
    kernel.setSteps(number, bytes.length > 64)
  }
  for (const { isAc, number, bytes } of huffman) {
    new Uint8Array(kernel.memory.buffer, kernel.definitionAt(), bytes.length).set(bytes)
    if (!kernel.buildHuffman(isAc ? 4 + number : number)) return false
  }
  return true
}
