import type { BlockAgain, EncodedBlock } from '#core/ports.js'
import { codecOf } from './codecs.js'
import { decodeBlock } from './decode-block.js'
import { jpegSize } from './decode-jpeg.js'
import { fetchBlock } from './fetch-blocks.js'
import type { Pyramid, PyramidImage } from './pyramid.js'
import { endsWithEoi, jpegHead, soi, wholeJpeg } from './whole-jpeg.js'
import type { WindowReader } from './window-blocks.js'

/** Answers of mask blocks that are kept: a bit each, for a raster of 100,000 blocks. */
const keptMasks = 100_000

/** Hands out stored blocks as they are. One a store: it remembers which blocks are wholly valid. */
export function blockPassage() {
  const whole = new Map<string, boolean>()
  // one for all blocks of an image, however many are remembered
  const heads = new WeakMap<PyramidImage, Uint8Array>()
  const headOf = (image: PyramidImage): Uint8Array => {
    const head = heads.get(image) ?? jpegHead(image.layout.jpegTables, image.layout.photometric === 2)
    heads.set(image, head)
    return head
  }

  async function isWhole(
    { pyramid, key }: WindowReader,
    mask: PyramidImage,
    column: number,
    row: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const name = `${key}/${mask.number}/${row}/${column}`
    const known = whole.get(name)
    if (known !== undefined) return known
    const found = await fetchBlock(pyramid, mask, { column, row, plane: 0 }, signal)
    const block = found && (await decodeBlock(found.bytes, mask.layout, mask.layout.blockHeight))
    const answer = block?.bands[0].every(value => value !== 0) ?? false
    whole.set(name, answer)
    if (whole.size > keptMasks) whole.delete(whole.keys().next().value as string)
    return answer
  }

  /**
   * The bytes of a block as an image file of its own, nothing decoded. Undefined where they would show something else than drawing does: codecs no
   * browser reads, separate planes, alpha in a JPEG, nodata, masked pixels, blocks over the edge or never written, and
   * blocks that are plainly damaged: what is wrong inside the compressed data, only decoding could tell.
   */
  return async (
    reader: WindowReader,
    level: number,
    column: number,
    row: number,
    signal?: AbortSignal,
  ): Promise<EncodedBlock | undefined> => {
    const { pyramid, bands } = reader
    const { image, mask } = pyramid.levels[level]
    const { layout } = image
    const mediaType = mediaTypeOf(layout)
    if (!mediaType || bands.some(({ nodata }) => nodata !== undefined)) return undefined
    if ((column + 1) * layout.blockWidth > layout.width || (row + 1) * layout.blockHeight > layout.height) return undefined
    if (mask && !(mask.layout.blockWidth === layout.blockWidth && mask.layout.blockHeight === layout.blockHeight)) return undefined
    if (mask && !(await isWhole(reader, mask, column, row, signal))) return undefined
    const found = await fetchBlock(pyramid, image, { column, row, plane: 0 }, signal)
    if (!found) return undefined
    const { bytes, offset } = found
    const isJpeg = mediaType === 'image/jpeg'
    if (!(isJpeg ? isSized(bytes, layout) && endsWithEoi(bytes) : isWholeWebp(bytes))) return undefined
    return {
      mediaType,
      bytes: isJpeg ? wholeJpeg(bytes, layout.jpegTables, layout.photometric === 2) : bytes,
      version: `${pyramid.version}-${image.number}-${row}-${column}`,
      again: isJpeg
        ? readingAgain(pyramid, image, offset + soi.length, bytes.length - soi.length, headOf(image))
        : readingAgain(pyramid, image, offset, bytes.length),
    }
  }
}

/** Reads `length` bytes of the file of an image behind `head`, as long as all of the pyramid is what it was. Hot. */
function readingAgain({ parts }: Pyramid, { part }: PyramidImage, offset: number, length: number, head?: Uint8Array): BlockAgain {
  const { readNow } = parts[part]
  const before = head?.length ?? 0
  return {
    bytes: before + length,
    read(into, at) {
      if (!readNow || !parts.every(one => one.isCurrent())) return false
      if (head) into.set(head, at)
      return readNow(offset, into, at + before, length)
    },
  }
}

/** A block whose own header disagrees with the file's is left to drawing, which says what is wrong with it. */
function isSized(bytes: Uint8Array, { blockWidth, blockHeight, samples }: PyramidImage['layout']): boolean {
  const size = jpegSize(bytes)
  return size?.width === blockWidth && size.height === blockHeight && size.components === samples
}

/** Whether a RIFF file is as long as its head says; the last block of a file that was cut off is not. */
function isWholeWebp(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.length)).toString('latin1')
  return /^RIFF.{4}WEBP$/s.test(head) && new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 <= bytes.length
}

function mediaTypeOf({
  compression,
  planes,
  samples,
  photometric,
  isTiled,
}: PyramidImage['layout']): EncodedBlock['mediaType'] | undefined {
  if (!isTiled || planes > 1) return undefined
  const codec = codecOf(compression)
  if (codec === 'webp' && (samples === 3 || samples === 4)) return 'image/webp'
  if (codec !== 'jpeg') return undefined
  return (samples === 3 && (photometric === 2 || photometric === 6)) || (samples === 1 && photometric === 1) ? 'image/jpeg' : undefined
}
