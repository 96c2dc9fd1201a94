import { Problem } from '#core/problem.js'
import { loadKernel } from '#render/kernels/load-kernel.js'
import type { ImageFormat } from './index.js'

/** What `assembly/png.kernel.ts` exports. */
interface PngExports {
  readonly memory: WebAssembly.Memory
  pixelsAt(count: number): number
  outputAt(): number
  encode(width: number, height: number, isOpaque: boolean): number
}

/** Encodes `width * height` pixels, RGBA with straight alpha, row by row from the upper left corner; `isOpaque` when all are known to be. */
export type PngEncoder = (rgba: Uint8Array, width: number, height: number, isOpaque?: boolean) => Uint8Array

/** Addresses of the kernel have 32 bits. */
const mostPixels = 500e6
/** Beyond this an instance is dropped after use, because its memory never shrinks. 64 MB. */
const keptBytes = 64 << 20

/**
 * Starts an encoder with an instance of the kernel to itself. Images of up to 256 colours become palette images, opaque ones RGB, all others RGBA.
 * The encoder throws `too-large` for images that do not fit into its memory (some 500 million pixels).
 */
export function startPngEncoder(module: WebAssembly.Module = loadKernel('png')): PngEncoder {
  const start = () => new WebAssembly.Instance(module).exports as unknown as PngExports
  let kernel = start()
  return (rgba, width, height, isOpaque = false) => {
    if (!(width > 0 && height > 0) || rgba.length < width * height * 4) {
      throw new RangeError(`An image of ${width} x ${height} pixels needs ${width * height * 4} bytes; there are ${rgba.length}.`)
    }
    const at = width * height > mostPixels ? 0 : kernel.pixelsAt(width * height)
    if (at) new Uint8Array(kernel.memory.buffer, at, width * height * 4).set(rgba.subarray(0, width * height * 4))
    const length = at && kernel.encode(width, height, isOpaque)
    const png = new Uint8Array(kernel.memory.buffer, kernel.outputAt(), length).slice()
    if (kernel.memory.buffer.byteLength > keptBytes) kernel = start()
    if (length === 0)
      throw new Problem('too-large', `An image of ${width} x ${height} pixels is too large to be encoded; ask for a smaller one.`)
    return png
  }
}

/** By libvips: everywhere. RGBA, or RGB where all is opaque; no palettes, because libvips would mix colours for them. */
export const sharpPngEncoder: ImageFormat['encode'] = async ({ rgba, width, height }, { isOpaque = false } = {}) => {
  const image = (await import('sharp')).default(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false })
  return (isOpaque ? image.removeAlpha() : image).png().toBuffer()
}

/** PNG by our kernel, or by libvips where this machine cannot run it. */
export function startPng(start: () => PngEncoder = startPngEncoder): ImageFormat {
  const encode = kernelEncoder(start)
  return { mediaType: 'image/png', hasAlpha: true, isPrompt: encode !== undefined, encode: encode ?? sharpPngEncoder }
}

function kernelEncoder(start: () => PngEncoder): ImageFormat['encode'] | undefined {
  try {
    const encode = start()
    return ({ rgba, width, height }, { isOpaque } = {}) => encode(rgba, width, height, isOpaque)
  } catch {
    return undefined
  }
}

/** `startPngEncoder` for a single image. Compiles the kernel each time: not for hot paths. */
export function encodePng(rgba: Uint8Array, width: number, height: number): Uint8Array {
  return startPngEncoder()(rgba, width, height)
}
