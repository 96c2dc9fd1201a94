import { Problem } from '#core/problem.js'
import { loadKernel } from '#render/kernels/load-kernel.js'
import { keptImage } from './image-memory.js'
import type { BandPlace, ImageFormat } from './index.js'

/** What `assembly/png.kernel.ts` exports. */
interface PngExports {
  readonly memory: WebAssembly.Memory
  pixelsAt(count: number): number
  outputAt(): number
  encode(width: number, height: number, isOpaque: boolean): number
  encodeBand(width: number, rows: number, height: number, isFirst: boolean, isLast: boolean, isOpaque: boolean, pixelBytes: number): number
}

/** Encodes `width * height` pixels, RGBA with straight alpha, row by row from the upper left corner; `isOpaque` when all are known to be. */
export type PngEncoder = (rgba: Uint8Array, width: number, height: number, isOpaque?: boolean) => Uint8Array

/** Addresses of the kernel have 32 bits. */
const mostPixels = 500e6
/** Of bands with fewer pixels the seams weigh too much: some 300 bytes each. */
const leastInBand = 1 << 16
/** Beyond this an instance is dropped after use, because its memory never shrinks. 64 MB. */
const keptBytes = 64 << 20

/** Encodes `rows` rows of an image in a way that `joinPng` joins; of no bytes where that has to wait for the others. See `ImageFormat.encodeBand`. */
export type PngBandEncoder = (rgba: Uint8Array, width: number, rows: number, place: BandPlace, isOpaque?: boolean) => Uint8Array

/**
 * Starts an encoder with an instance of the kernel to itself. Images of up to 256 colours become palette images, opaque ones RGB, all others RGBA.
 * The encoder throws `too-large` for images that do not fit into its memory (some 500 million pixels).
 */
export function startPngEncoder(module?: WebAssembly.Module): PngEncoder {
  return startPngEncoders(module).encode
}

/** The same, and an encoder of bands, with one instance of the kernel for both. */
export function startPngEncoders(module: WebAssembly.Module = loadKernel('png')): {
  readonly encode: PngEncoder
  readonly encodeBand: PngBandEncoder
} {
  const start = () => new WebAssembly.Instance(module).exports as unknown as PngExports
  let kernel = start()
  /** What `run` writes of the pixels; it answers how much that is, or less than nothing where memory does not suffice. */
  const write = (rgba: Uint8Array, width: number, height: number, run: (kernel: PngExports) => number): Uint8Array => {
    if (!(width > 0 && height > 0) || rgba.length < width * height * 4) {
      throw new RangeError(`An image of ${width} x ${height} pixels needs ${width * height * 4} bytes; there are ${rgba.length}.`)
    }
    const at = width * height > mostPixels ? 0 : kernel.pixelsAt(width * height)
    if (at) new Uint8Array(kernel.memory.buffer, at, width * height * 4).set(rgba.subarray(0, width * height * 4))
    const length = at ? run(kernel) : -1
    const png = keptImage(new Uint8Array(kernel.memory.buffer, kernel.outputAt(), Math.max(0, length)))
    if (kernel.memory.buffer.byteLength > keptBytes) kernel = start()
    if (length < 0)
      throw new Problem('too-large', `An image of ${width} x ${height} pixels is too large to be encoded; ask for a smaller one.`)
    return png
  }
  return {
    encode: (rgba, width, height, isOpaque = false) => write(rgba, width, height, ({ encode }) => encode(width, height, isOpaque) || -1),
    encodeBand: (rgba, width, rows, { top, height, pixelBytes = 0 }, isOpaque = false) =>
      pixelBytes === 0 && width * rows < leastInBand
        ? new Uint8Array(0)
        : write(rgba, width, rows, ({ encodeBand }) =>
            encodeBand(width, rows, height, top === 0, top + rows === height, isOpaque, pixelBytes),
          ),
  }
}

/** By libvips: everywhere. RGBA, or RGB where all is opaque; no palettes, because libvips would mix colours for them. */
export const sharpPngEncoder: ImageFormat['encode'] = async ({ rgba, width, height }, { isOpaque = false } = {}) => {
  const image = (await import('sharp')).default(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false })
  return (isOpaque ? image.removeAlpha() : image).png().toBuffer()
}

/** PNG by our kernel, or by libvips where this machine cannot run it. */
export function startPng(start: () => ReturnType<typeof startPngEncoders> = startPngEncoders): ImageFormat {
  const common = { mediaType: 'image/png', hasAlpha: true }
  const encoders = tried(start)
  if (!encoders) return { ...common, isPrompt: false, encode: sharpPngEncoder }
  const { encode, encodeBand } = encoders
  return {
    ...common,
    isPrompt: true,
    encode: ({ rgba, width, height }, { isOpaque } = {}) => encode(rgba, width, height, isOpaque),
    encodeBand: ({ rgba, width, height }, place, { isOpaque } = {}) => encodeBand(rgba, width, height, place, isOpaque),
  }
}

function tried<T>(start: () => T): T | undefined {
  try {
    return start()
  } catch {
    return undefined
  }
}
