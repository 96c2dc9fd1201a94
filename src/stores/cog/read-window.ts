import type { Pixels, PixelWindow, SampleArray } from '#core/ports.js'
import { sampleArray } from '#core/sample-array.js'
import type { BandsBlock } from './block.js'
import { decodeBlock } from './decode-block.js'
import type { PyramidImage } from './pyramid.js'
import { maskOf } from './validity.js'
import { type BlockDecoder, type BlockPart, clampWindow, eachBlock, emptyBands, type WindowReader } from './window-blocks.js'

/** Pixels of a window of a level as they are stored, all bands, with their mask. The window is clamped to the level. */
export async function readWindow(reader: WindowReader, level: number, window: PixelWindow, signal?: AbortSignal): Promise<Pixels> {
  const { image, mask } = reader.pyramid.levels[level]
  const inside = clampWindow(window, image.layout)
  // At once: masks lie beside their image, and are fetched together.
  const [bands, stored] = await Promise.all([readBands(reader, image, inside, signal), mask && readMask(reader, mask, inside, signal)])
  const validity = maskOf(bands, reader.bands, stored)
  return {
    width: inside.width,
    height: inside.height,
    bands,
    ...(validity && { mask: validity }),
    ...(reader.palette && { palette: reader.palette }),
  }
}

/** All bands of an image in a window that lies inside of it. */
export async function readBands(
  reader: WindowReader,
  image: PyramidImage,
  window: PixelWindow,
  signal: AbortSignal | undefined,
): Promise<SampleArray[]> {
  const { layout } = image
  const bands = Array.from({ length: layout.samples }, () => sampleArray(layout.sampleType, window.width * window.height))
  await eachBlock(reader, image, window, bandsDecoder(reader), part => copyBands(part, bands, window.width), signal)
  return bands
}

/** Samples of a mask in a window that lies inside of it, 0 where nothing is; blocks that were never written are 0, whatever the nodata value. */
export async function readMask(
  reader: WindowReader,
  mask: PyramidImage,
  window: PixelWindow,
  signal: AbortSignal | undefined,
): Promise<SampleArray> {
  return (await readBands({ ...reader, bands: [] }, mask, window, signal))[0]
}

const bandsDecoder = ({ bands }: WindowReader): BlockDecoder<BandsBlock> => ({
  name: '/',
  decode: decodeBlock,
  empty: (layout, height) => emptyBands(layout, height, bands[0]?.nodata),
})

/** Copies the part of a block that lies in the window, row by row. Hot. */
function copyBands(
  { block, plane, fromX, fromY, toX, toY, width, height }: BlockPart<BandsBlock>,
  bands: readonly SampleArray[],
  stride: number,
) {
  for (let b = 0; b < block.bands.length; b++) {
    const [from, to] = [block.bands[b], bands[plane + b]]
    for (let y = 0; y < height; y++) {
      const start = (fromY + y) * block.width + fromX
      to.set(from.subarray(start, start + width), (toY + y) * stride + toX)
    }
  }
}
