import { open } from 'node:fs/promises'
import { blockSide, type CogBlock, type CogSpec, type EncodedCogBlock, imageSizes } from './cog-spec.js'
import { blockEncoder, encodeMask } from './encode-blocks.js'
import { bitsOf, imagesOf, type TiffField, type TiffImage } from './tiff-directories.js'

/** Asked for in the order of the file: the smallest image first, row by row. Undefined where a block holds nothing at all. */
export type BlockSource<Block = CogBlock> = (level: number, column: number, row: number) => Promise<Block | undefined>

/** Bytes of pixels from which offsets need 64 bits, whatever compression makes of them. */
const bigBytes = 3.9e9

const typeBytes: Readonly<Record<TiffField['type'], number>> = { 2: 1, 3: 2, 4: 4, 5: 8, 12: 8, 16: 8 }

/**
 * Writes a Cloud-Optimized GeoTIFF to a new file, block by block: memory holds one block and the list of positions. Directories come first,
 * then the blocks of the smallest image up to the largest, each with its size before and its last bytes repeated after it and followed by
 * that of its mask, as GDAL's ghost header says. The file is whole when this resolves, and worthless before.
 */
export async function writeCog(path: string, spec: CogSpec, blocks: BlockSource, signal?: AbortSignal): Promise<void> {
  await writeEncodedCog(path, spec, encoding(spec, blocks), signal)
}

/** The blocks of `blocks` as the file stores them. */
function encoding(spec: CogSpec, blocks: BlockSource): BlockSource<EncodedCogBlock> {
  const encode = blockEncoder(spec)
  return async (level, column, row) => {
    const block = await blocks(level, column, row)
    if (!block) return undefined
    const mask = spec.hasMask && block.mask && (await encodeMask(block.mask, spec.blockSide ?? blockSide))
    return { image: await encode(block), ...(mask && { mask }) }
  }
}

/** The same of blocks that `blockEncoder` and `encodeMask` have encoded already. */
export async function writeEncodedCog(
  path: string,
  spec: CogSpec,
  blocks: BlockSource<EncodedCogBlock>,
  signal?: AbortSignal,
): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await write((bytes, at) => file.write(bytes, 0, bytes.length, at), spec, blocks, signal)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The same file in memory, for small ones. */
export async function encodeCog(spec: CogSpec, blocks: BlockSource, signal?: AbortSignal): Promise<Uint8Array> {
  const parts: [number, Uint8Array][] = []
  const length = await write((bytes, at) => parts.push([at, bytes]), spec, encoding(spec, blocks), signal)
  const whole = new Uint8Array(length)
  for (const [at, bytes] of parts) whole.set(bytes, at)
  return whole
}

/** Writes a file whose bytes go where `put` brings them, the head at last; says how long it is. */
async function write(
  put: (bytes: Uint8Array, at: number) => unknown,
  spec: CogSpec,
  blocks: BlockSource<EncodedCogBlock>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const images = imagesOf(spec)
  const isBig = spec.width * spec.height * spec.bands.length * bytesOf(spec) * 1.4 > bigBytes
  const positions = new Map(images.map(image => [image, emptyPositions(image)]))
  let end = headOf(spec, images, positions, isBig).length
  const fullMask = await encodeMask(undefined, spec.blockSide ?? blockSide)
  const append = async (image: TiffImage, column: number, row: number, bytes: Uint8Array) => {
    const framed = new Uint8Array(bytes.length + 8)
    new DataView(framed.buffer).setUint32(0, bytes.length, true)
    framed.set(bytes, 4)
    framed.set(bytes.subarray(-4), 4 + bytes.length)
    const { offsets, counts } = positions.get(image)!
    const i = row * image.columns + column
    offsets[i] = end + 4
    counts[i] = bytes.length
    await put(framed, end)
    end += framed.length
  }
  for (let level = imageSizes(spec).length - 1; level >= 0; level--) {
    const [image, mask] = images.filter(image => image.level === level)
    for (let row = 0; row < image.rows; row++)
      for (let column = 0; column < image.columns; column++) {
        signal?.throwIfAborted()
        const block = await blocks(level, column, row)
        if (!block) continue
        await append(image, column, row, block.image)
        if (mask) await append(mask, column, row, block.mask ?? fullMask)
      }
  }
  await put(headOf(spec, images, positions, isBig), 0)
  return end
}

const bytesOf = ({ bands: [{ sampleType }] }: CogSpec) => bitsOf(sampleType) / 8

/** Of the blocks of one image, row by row; zero where a block was never written. */
interface Positions {
  readonly offsets: Float64Array
  readonly counts: Float64Array
}

const emptyPositions = ({ columns, rows }: TiffImage): Positions => ({
  offsets: new Float64Array(columns * rows),
  counts: new Float64Array(columns * rows),
})

/** Header, ghost area and directories with their values: of the same length whatever the positions are. */
function headOf(spec: CogSpec, images: readonly TiffImage[], positions: ReadonlyMap<TiffImage, Positions>, isBig: boolean): Uint8Array {
  const ghost = ghostOf(spec)
  const start = isBig ? 16 : 8
  let at = (start + ghost.length + 1) & ~1
  const parts: [number, Uint8Array][] = [[start, ghost]]
  const pointers: number[] = []
  const pointerAt: number[] = []
  for (const image of images) {
    const { offsets, counts } = positions.get(image)!
    const fields = [
      ...image.fields,
      { tag: 324, type: isBig ? (16 as const) : (4 as const), values: offsets },
      { tag: 325, type: 4 as const, values: counts },
    ].sort((a, b) => a.tag - b.tag)
    pointers.push(at)
    const { bytes, next } = directoryOf(fields, at, isBig)
    parts.push([at, bytes])
    pointerAt.push(at + next)
    at += bytes.length
  }
  const head = new Uint8Array(at)
  const view = new DataView(head.buffer)
  for (const [position, bytes] of parts) head.set(bytes, position)
  head.set([0x49, 0x49, isBig ? 43 : 42, 0])
  if (isBig) view.setUint16(4, 8, true)
  const point = (position: number, to: number) =>
    isBig ? view.setBigUint64(position, BigInt(to), true) : view.setUint32(position, to, true)
  point(isBig ? 8 : 4, pointers[0])
  for (const [i, position] of pointerAt.entries()) point(position, pointers[i + 1] ?? 0)
  return head
}

/** A directory that lies at `at`, followed by the values that do not fit into it; `next` is where the pointer to the next one is. */
function directoryOf(fields: readonly TiffField[], at: number, isBig: boolean): { readonly bytes: Uint8Array; readonly next: number } {
  const [counted, entry, inline] = isBig ? [8, 20, 8] : [2, 12, 4]
  const next = counted + fields.length * entry
  const values = fields.map(valuesOf)
  const length = values.reduce((sum, { length }) => sum + (length > inline ? (length + 7) & ~7 : 0), (next + inline + 7) & ~7)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  const number = (position: number, value: number) =>
    isBig ? view.setBigUint64(position, BigInt(value), true) : view.setUint32(position, value, true)
  if (isBig) number(0, fields.length)
  else view.setUint16(0, fields.length, true)
  let free = (next + inline + 7) & ~7
  for (const [i, { tag, type, values: list }] of fields.entries()) {
    const position = counted + i * entry
    view.setUint16(position, tag, true)
    view.setUint16(position + 2, type, true)
    number(position + 4, list.length)
    if (values[i].length <= inline) bytes.set(values[i], position + entry - inline)
    else {
      number(position + entry - inline, at + free)
      bytes.set(values[i], free)
      free += (values[i].length + 7) & ~7
    }
  }
  return { bytes, next }
}

function valuesOf({ type, values }: TiffField): Uint8Array {
  const size = typeBytes[type]
  const bytes = new Uint8Array(values.length * size)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < values.length; i++) {
    const [value, position] = [values[i], i * size]
    if (type === 2) bytes[position] = value
    else if (type === 3) view.setUint16(position, value, true)
    else if (type === 12) view.setFloat64(position, value, true)
    else if (type === 16) view.setBigUint64(position, BigInt(value), true)
    else view.setUint32(position, value, true)
    if (type === 5) view.setUint32(position + 4, 1, true)
  }
  return bytes
}

/** What readers may rely on (GDAL's COG driver documents it). */
function ghostOf({ hasMask }: CogSpec): Uint8Array {
  const lines = [
    'LAYOUT=IFDS_BEFORE_DATA',
    'BLOCK_ORDER=ROW_MAJOR',
    'BLOCK_LEADER=SIZE_AS_UINT4',
    'BLOCK_TRAILER=LAST_4_BYTES_REPEATED',
    'KNOWN_INCOMPATIBLE_EDITION=NO',
  ]
  const body = `${lines.join('\n')}\n ${hasMask ? 'MASK_INTERLEAVED_WITH_IMAGERY=YES\n' : ''}`
  return Buffer.from(`GDAL_STRUCTURAL_METADATA_SIZE=${String(body.length).padStart(6, '0')} bytes\n${body}`)
}
