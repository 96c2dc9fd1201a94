import type { BlockAgain, BlockAtHand, EncodedBlock } from '#core/ports.js'
import { blockPositionNow } from './block-position.js'
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
  const nameIn = ({ key }: WindowReader, mask: PyramidImage, column: number, row: number) => `${key}/${mask.number}/${row}/${column}`

  async function isWhole(
    reader: WindowReader,
    mask: PyramidImage,
    column: number,
    row: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const name = nameIn(reader, mask, column, row)
    const known = whole.get(name)
    if (known !== undefined) return known
    const found = await fetchBlock(reader.pyramid, mask, { column, row, plane: 0 }, signal)
    const block = found && (await decodeBlock(found.bytes, mask.layout, mask.layout.blockHeight))
    const answer = block?.bands[0].every(value => value !== 0) ?? false
    whole.set(name, answer)
    if (whole.size > keptMasks) whole.delete(whole.keys().next().value as string)
    return answer
  }

  const found = ({ pyramid }: WindowReader, image: PyramidImage, mediaType: MediaType, column: number, row: number, again: BlockAgain) => ({
    mediaType,
    version: `${pyramid.version}-${image.number}-${row}-${column}`,
    again,
  })

  return {
    /**
     * The bytes of a block as an image file of its own, nothing decoded. Undefined where they would show something else than drawing does: codecs no
     * browser reads, separate planes, alpha in a JPEG, nodata, masked pixels, blocks over the edge or never written, and
     * blocks that are plainly damaged: what is wrong inside the compressed data, only decoding could tell.
     */
    async encoded(
      reader: WindowReader,
      level: number,
      column: number,
      row: number,
      signal?: AbortSignal,
    ): Promise<EncodedBlock | undefined> {
      const { image, mask } = reader.pyramid.levels[level]
      const mediaType = passes(reader, level, column, row)
      if (!mediaType || (mask && !(await isWhole(reader, mask, column, row, signal)))) return undefined
      const block = await fetchBlock(reader.pyramid, image, { column, row, plane: 0 }, signal)
      if (!block || !isSound(block.bytes, image.layout, mediaType)) return undefined
      const { bytes, offset } = block
      const isJpeg = mediaType === 'image/jpeg'
      const again = readingAgain(reader.pyramid, image, offset, bytes.length, isJpeg ? headOf(image) : undefined)
      return {
        ...found(reader, image, mediaType, column, row, again),
        bytes: isJpeg ? wholeJpeg(bytes, image.layout.jpegTables, image.layout.photometric === 2) : bytes,
      }
    },
    /** The same by what is in memory; whether it is damaged is seen when it is read. */
    now(reader: WindowReader, level: number, column: number, row: number): BlockAtHand | undefined {
      const { image, mask } = reader.pyramid.levels[level]
      const mediaType = passes(reader, level, column, row)
      if (!mediaType || (mask && !whole.get(nameIn(reader, mask, column, row)))) return undefined
      const place = blockPositionNow(reader.pyramid.parts[image.part], image.layout, column, row)
      if (!place) return undefined
      const head = mediaType === 'image/jpeg' ? headOf(image) : undefined
      const check = (bytes: Uint8Array) => isSound(bytes, image.layout, mediaType)
      return found(reader, image, mediaType, column, row, readingAgain(reader.pyramid, image, place.offset, place.length, head, check))
    },
  }
}

type MediaType = BlockAtHand['mediaType']

/** In what form a block may go out, as far as its place says. */
function passes({ pyramid, bands }: WindowReader, level: number, column: number, row: number): MediaType | undefined {
  const { image, mask } = pyramid.levels[level]
  const { layout } = image
  const mediaType = mediaTypeOf(layout)
  if (!mediaType || bands.some(({ nodata }) => nodata !== undefined)) return undefined
  if ((column + 1) * layout.blockWidth > layout.width || (row + 1) * layout.blockHeight > layout.height) return undefined
  if (mask && !(mask.layout.blockWidth === layout.blockWidth && mask.layout.blockHeight === layout.blockHeight)) return undefined
  return mediaType
}

const isSound = (bytes: Uint8Array, layout: PyramidImage['layout'], mediaType: MediaType): boolean =>
  mediaType === 'image/jpeg' ? isSized(bytes, layout) && endsWithEoi(bytes) : isWholeWebp(bytes)

/**
 * Reads a block of `length` bytes, of a JPEG behind `head` instead of its first two, as long as all of the pyramid is what it was. `check` looks at what is
 * read the first time. Hot.
 */
function readingAgain(
  { parts }: Pyramid,
  { part }: PyramidImage,
  offset: number,
  length: number,
  head?: Uint8Array,
  check?: (bytes: Uint8Array) => boolean,
): BlockAgain {
  const { readNow } = parts[part]
  const skipped = head ? soi.length : 0
  const before = head?.length ?? 0
  const bytes = before + length - skipped
  let isChecked = !check
  return {
    bytes,
    read(into, at) {
      if (!readNow || !parts.every(one => one.isCurrent())) return false
      if (head) into.set(head, at)
      if (!readNow(offset + skipped, into, at + before, length - skipped)) return false
      isChecked ||= check?.(into.subarray(at, at + bytes)) === true
      return isChecked
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

function mediaTypeOf({ compression, planes, samples, photometric, isTiled }: PyramidImage['layout']): MediaType | undefined {
  if (!isTiled || planes > 1) return undefined
  const codec = codecOf(compression)
  if (codec === 'webp' && (samples === 3 || samples === 4)) return 'image/webp'
  if (codec !== 'jpeg') return undefined
  return (samples === 3 && (photometric === 2 || photometric === 6)) || (samples === 1 && photometric === 1) ? 'image/jpeg' : undefined
}
