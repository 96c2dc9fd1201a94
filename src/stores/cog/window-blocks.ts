import type { RasterBand } from '#core/atlas.js'
import type { PixelWindow } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { sampleArray } from '#core/sample-array.js'
import type { BandsBlock, Block } from './block.js'
import type { BlockCache, BlockRoom } from './block-cache.js'
import type { FoundBlock } from './block-position.js'
import { type BlockPlace, damaged, fetchBlock } from './fetch-blocks.js'
import type { JpegPartToRgba, PartPlace } from './jpeg-part.js'
import type { JpegToRgba } from './jpeg-to-rgba.js'
import type { Pyramid, PyramidImage } from './pyramid.js'
import { againWhenLeft } from './shared-work.js'
import { blockRowAt, blockRows, type TiffLayout } from './tiff-layout.js'

/** Samples of one window beyond which a read is refused: nobody draws that many at once. */
const maxWindowSamples = 256e6
/** Bits of a block that was never written beyond which it is taken for damage: 16 MB, which is 2048 x 2048 in four bands. */
const maxEmptyBits = 16 * 1024 * 1024 * 8
/** Blocks that are loaded at the same time: enough for the tile that lies over a corner, and for every core. */
const parallelBlocks = 8

/** What reading needs besides the window. */
export interface WindowReader {
  readonly pyramid: Pyramid
  readonly bands: readonly RasterBand[]
  readonly palette?: Uint32Array
  /** Changes with the file: part of the key of every block. */
  readonly key: string
  readonly cache: BlockCache
  readonly jpegToRgba: JpegToRgba
  /** Absent where it would make other pixels than `jpegToRgba`, and where whole blocks are wanted in any case. */
  readonly jpegPartToRgba?: JpegPartToRgba
}

/** A way to decode the blocks of an image; `name` keeps their blocks apart in the cache. */
export interface BlockDecoder<B extends Block> {
  readonly name: string
  decode(bytes: Uint8Array, layout: TiffLayout, height: number, room: BlockRoom): Promise<B>
  /** Puts a part of a block where it belongs without decoding the whole of it; false, and nothing done, where that is impossible. */
  decodePart?(bytes: Uint8Array, layout: TiffLayout, height: number, part: PartPlace): boolean
  /** Of a block that was never written: nodata, or zero. */
  empty(layout: TiffLayout, height: number, room: BlockRoom): B
}

/** A block, or its size, and what of it lies in a window. */
export interface BlockPart<B extends BlockSize> extends PartPlace {
  readonly block: B
  readonly plane: number
}
type BlockSize = Pick<Block, 'width' | 'height'>

/** Of a block, the share beyond which a part takes nearly as long as the whole, which can be kept. */
const smallShare = 1 / 2

/** `window` cut to the inside of `layout`; a window outside has no width or no height. */
export function clampWindow({ left, top, width, height }: PixelWindow, layout: { width: number; height: number }): PixelWindow {
  const x0 = Math.min(layout.width, Math.max(0, Math.floor(left)))
  const y0 = Math.min(layout.height, Math.max(0, Math.floor(top)))
  const x1 = Math.min(layout.width, Math.max(x0, Math.ceil(left + width)))
  const y1 = Math.min(layout.height, Math.max(y0, Math.ceil(top + height)))
  return { left: x0, top: y0, width: x1 - x0, height: y1 - y0 }
}

/**
 * Hands every block of a window (inside the image) to `use`, in any order; `use` may keep nothing of it. What is in memory comes at once,
 * the rest as it is loaded: all of a small window at the same time, a large one in turns, between which `signal` ends it. Where nobody looked
 * lately, `decoder` is asked for the parts that are needed first: whoever looks there again will have whole blocks, which are kept. Throws Problems.
 */
export async function eachBlock<B extends Block>(
  reader: WindowReader,
  image: PyramidImage,
  window: PixelWindow,
  decoder: BlockDecoder<B>,
  use: (part: BlockPart<B>) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { layout, number } = image
  if (window.width * window.height * layout.samples > maxWindowSamples)
    throw new Problem('too-large', `A window of ${window.width} x ${window.height} pixels is too large to be read at once.`)
  const heightOf = (place: BlockPlace) => (layout.isTiled ? layout.blockHeight : blockRows(layout, place.row).height)
  const fetch = (place: BlockPlace) => fetchBlock(reader.pyramid, image, place, signal)
  const load = async (place: BlockPlace, room: BlockRoom, fetched?: FoundBlock): Promise<B> => {
    const height = heightOf(place)
    const found = fetched ?? (await fetch(place))
    if (!found) return decoder.empty(layout, height, room)
    try {
      return await decoder.decode(found.bytes, layout, height, room)
    } catch (error) {
      throw damaged(reader.pyramid.name, error instanceof Problem ? error.message : 'a block cannot be decoded', error)
    }
  }
  const running = new Set<Promise<void>>()
  // blocks that come after the end, when one has failed, find nobody
  let isOver = false
  try {
    const places = blocksIn(layout, window)
    const keys = places.map(place => keyOf(reader, number, decoder.name, place))
    const isNewPlace = decoder.decodePart !== undefined && reader.cache.isNewPlace(keys)
    for (const [i, place] of places.entries()) {
      const take = (fetched?: FoundBlock) =>
        reader.cache.use<B>(
          keys[i],
          room => load(place, room, fetched),
          block => {
            if (!isOver) use(partOf(block, place, layout, window))
          },
        )
      const takePart = () => {
        const size = { width: layout.blockWidth, height: heightOf(place) }
        const part = partOf(size, place, layout, window)
        if (part.width * part.height >= size.width * size.height * smallShare) return take()
        return fetch(place).then(found => {
          if (!found || !(isOver || decoder.decodePart!(found.bytes, layout, size.height, part))) return take(found)
        })
      }
      const loading = isNewPlace ? takePart() : take()
      if (!loading) continue
      const done = againWhenLeft(loading, () => take(), signal).finally(() => running.delete(done))
      // it is awaited below, but may fail before
      done.catch(() => undefined)
      running.add(done)
      if (running.size >= parallelBlocks) await Promise.race(running)
      signal?.throwIfAborted()
    }
    await Promise.all(running)
  } finally {
    isOver = true
  }
}

/** `eachBlock` where all blocks are in memory, decoded by the decoder of that `name`; else false, and some may have been handed over. */
export function eachBlockNow<B extends Block>(
  reader: WindowReader,
  { layout, number }: PyramidImage,
  window: PixelWindow,
  name: string,
  use: (part: BlockPart<B>) => void,
): boolean {
  return blocksIn(layout, window).every(place =>
    reader.cache.useNow<B>(keyOf(reader, number, name, place), block => use(partOf(block, place, layout, window))),
  )
}

const keyOf = ({ key }: WindowReader, image: number, name: string, { plane, row, column }: BlockPlace) =>
  `${key}/${image}${name}${plane}/${row}/${column}`

function blocksIn(layout: TiffLayout, { left, top, width, height }: PixelWindow): BlockPlace[] {
  const places: BlockPlace[] = []
  if (width === 0 || height === 0) return places
  const lastRow = blockRowAt(layout, top + height - 1)
  const lastColumn = Math.floor((left + width - 1) / layout.blockWidth)
  for (let plane = 0; plane < layout.planes; plane++)
    for (let row = blockRowAt(layout, top); row <= lastRow; row++)
      for (let column = Math.floor(left / layout.blockWidth); column <= lastColumn; column++) places.push({ column, row, plane })
  return places
}

function partOf<B extends BlockSize>(block: B, { column, row, plane }: BlockPlace, layout: TiffLayout, window: PixelWindow): BlockPart<B> {
  const [left, top] = [column * layout.blockWidth, blockRows(layout, row).top]
  const [x0, y0] = [Math.max(window.left, left), Math.max(window.top, top)]
  return {
    block,
    plane,
    fromX: x0 - left,
    fromY: y0 - top,
    toX: x0 - window.left,
    toY: y0 - window.top,
    width: Math.min(window.left + window.width, left + block.width) - x0,
    height: Math.min(window.top + window.height, top + block.height) - y0,
  }
}

/** Bands of a block that was never written. Such blocks are small in honest files; a few bytes may not claim any amount of memory. */
export function emptyBands(layout: TiffLayout, height: number, nodata: number | undefined): BandsBlock {
  if (layout.blockWidth * height * (layout.samples / layout.planes) * layout.bits > maxEmptyBits)
    throw new Problem('invalid-data', `A block of ${layout.blockWidth} x ${height} pixels was never written.`)
  const bands = Array.from({ length: layout.samples / layout.planes }, () => sampleArray(layout.sampleType, layout.blockWidth * height))
  if (nodata !== undefined) for (const band of bands) band.fill(nodata)
  return { kind: 'bands', width: layout.blockWidth, height, bands }
}
