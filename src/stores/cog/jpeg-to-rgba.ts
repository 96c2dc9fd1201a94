import { createRequire } from 'node:module'
import { isMainThread } from 'node:worker_threads'

/** Decodes a whole JPEG file of three components into `rgba`, which has room for exactly its pixels; alpha becomes 255. Throws on damage. */
export type JpegToRgba = (jpeg: Uint8Array, rgba: Uint8Array) => Promise<void>

/** What is used of the package, which may be missing when this is compiled. */
interface Turbo {
  readonly FORMAT_RGBA: number
  decompress(jpeg: Buffer, rgba: Buffer, options: { format: number }): Promise<unknown>
  decompressSync(jpeg: Buffer, rgba: Buffer, options: { format: number }): unknown
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength)

/**
 * By libjpeg-turbo, a third of the time of libvips. Its quick transform is off by up to 4 of 255, so what is measured is not decoded here.
 * In the main thread, blocks are decoded side by side by the system's pool; in a worker at once, because a worker that is ended while the pool
 * decodes for it would end the process. Undefined where the optional package has no binding for this machine.
 */
export function turboJpegToRgba(): JpegToRgba | undefined {
  try {
    const turbo = createRequire(import.meta.url)('@julusian/jpeg-turbo') as Turbo
    const options = { format: turbo.FORMAT_RGBA }
    return async (jpeg, rgba) => {
      if (isMainThread) await turbo.decompress(asBuffer(jpeg), asBuffer(rgba), options)
      else turbo.decompressSync(asBuffer(jpeg), asBuffer(rgba), options)
    }
  } catch {
    return undefined
  }
}

/** By libvips: everywhere. */
export const sharpJpegToRgba: JpegToRgba = async (jpeg, rgba) => {
  const { default: sharp } = await import('sharp')
  const pixels = await sharp(jpeg, { failOn: 'error', limitInputPixels: rgba.length / 4 })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer()
  if (pixels.length !== rgba.length) throw new Error(`${pixels.length} bytes came out of a JPEG instead of ${rgba.length}`)
  rgba.set(pixels)
}

export function startJpegToRgba(): JpegToRgba {
  return turboJpegToRgba() ?? sharpJpegToRgba
}
