import { createRequire } from 'node:module'
import { defaultQuality } from '#core/atlas.js'
import type { EncodeOptions, ImageFormat, Picture } from './index.js'

/** Encodes opaque pixels as JPEG (ITU-T T.81), 4:2:0; alpha is left out. */
export type JpegEncoder = (picture: Picture, options?: EncodeOptions) => Uint8Array | Promise<Uint8Array>

/** What is used of the package, which may be missing when this is compiled. */
interface Turbo {
  readonly FORMAT_RGBA: number
  readonly SAMP_420: number
  bufferSize(options: { width: number; height: number; subsampling: number }): number
  compressSync(
    raw: Buffer,
    out: Buffer,
    options: { format: number; width: number; height: number; subsampling: number; quality: number },
  ): Buffer
}

/** What is kept to encode into from one picture to the next: the system would hand out and take back pages for every tile. 1 MB. */
const keptBytes = 1 << 20

/** Loads a package by its name; throws where it is not there. */
export type Load = (name: string) => unknown

/** By libjpeg-turbo itself, a seventh of the time for a tile; undefined where its optional package has no binding for this machine. */
export function turboJpegEncoder(load: Load = createRequire(import.meta.url)): JpegEncoder | undefined {
  try {
    const turbo = load('@julusian/jpeg-turbo') as Turbo
    let kept = Buffer.alloc(0)
    return ({ rgba, width, height }, { quality = defaultQuality } = {}) => {
      const options = { format: turbo.FORMAT_RGBA, width, height, subsampling: turbo.SAMP_420, quality }
      const most = turbo.bufferSize(options)
      const out = most <= kept.length ? kept : Buffer.allocUnsafeSlow(most)
      if (most <= keptBytes) kept = out
      return new Uint8Array(turbo.compressSync(Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength), out, options))
    }
  } catch {
    return undefined
  }
}

/** By libvips: everywhere. */
export const sharpJpegEncoder: JpegEncoder = async ({ rgba, width, height }, { quality = defaultQuality } = {}) =>
  (await import('sharp'))
    .default(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .removeAlpha()
    .jpeg({ quality })
    .toBuffer()

/** One component: the red one of each pixel. By libvips, which knows gray pictures of one channel. */
export const grayJpeg: JpegEncoder = async ({ rgba, width, height }, { quality = defaultQuality } = {}) => {
  const gray = new Uint8Array(width * height)
  for (let i = 0; i < gray.length; i++) gray[i] = rgba[i * 4]
  const { default: sharp } = await import('sharp')
  return sharp(gray, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .toColourspace('b-w')
    .jpeg({ quality })
    .toBuffer()
}

/** JPEG by the best encoder there is. */
export function startJpeg(load?: Load): ImageFormat {
  const encode = turboJpegEncoder(load)
  return { mediaType: 'image/jpeg', hasAlpha: false, isPrompt: encode !== undefined, encode: encode ?? sharpJpegEncoder }
}
