import type { Sharp } from 'sharp'
import type { PreparedImage } from './pens.js'
import { RenderError } from './render-error.js'
import { readSvgIcon, type SvgParameters } from './svg-icon.js'

export interface IconLook {
  /** Height in pixels; absent: that of the picture, times `pixelRatio`. */
  readonly size?: number
  readonly pixelRatio?: number
  /** Of SVGs that take parameters. */
  readonly parameters?: SvgParameters
}

/** Pixels of an icon: a kernel holds no more. */
const mostPixels = 1 << 20
/** Pixels of a picture that is scaled down to an icon. */
const mostInputPixels = 1 << 24
/** Seconds: no picture of an icon's size takes that long. */
const timeout = { seconds: 3 }

/** A picture (SVG, PNG, JPEG, WebP, GIF) as pixels of the size in which it is drawn. Throws `RenderError` for what is none, or too large. */
export async function prepareIcon(bytes: Uint8Array, { size, pixelRatio = 1, parameters }: IconLook): Promise<PreparedImage> {
  const { default: sharp } = await import('sharp')
  const isSvg = looksLikeSvg(bytes)
  const input = isSvg ? Buffer.from(readSvgIcon(bytes, parameters)) : bytes
  const options = { limitInputPixels: isSvg ? false : mostInputPixels, failOn: 'error' } as const
  const natural = await decoding(() => sharp(input, options).metadata())
  if (!isSvg && !['png', 'jpeg', 'webp', 'gif'].includes(natural.format)) {
    throw new RenderError('invalid', `An icon of the format ${natural.format} cannot be drawn; SVG, PNG, JPEG, WebP and GIF can.`)
  }
  const isUpright = (natural.orientation ?? 1) < 5
  const [naturalWidth, naturalHeight] = isUpright ? [natural.width, natural.height] : [natural.height, natural.width]
  const height = Math.max(1, Math.round(size ?? naturalHeight * pixelRatio))
  const width = Math.max(1, Math.round((naturalWidth * height) / naturalHeight))
  if (!(width * height <= mostPixels)) {
    throw new RenderError('too-large', `An icon of ${width} x ${height} pixels was asked; at most ${mostPixels} pixels can be drawn.`)
  }
  const pixels = await decoding(() => raster(sharp(input, options).rotate(), width, height))
  return { kind: 'image', width, height, bytes: premultiply(pixels) }
}

async function raster(picture: Sharp, width: number, height: number): Promise<Uint8Array> {
  const { data, info } = await picture
    .timeout(timeout)
    .resize({ width, height, fit: 'fill' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 4 || data.length !== width * height * 4) throw new Error('not RGBA')
  return data
}

async function decoding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0].slice(0, 120) : 'it is broken'
    throw new RenderError('invalid', `The icon cannot be read: ${reason}.`)
  }
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  return /^\uFEFF?\s*<(\?xml|!--|!DOCTYPE|svg|\w+:svg)/i.test(new TextDecoder().decode(bytes.subarray(0, 200)))
}

function premultiply(straight: Uint8Array): Uint8Array {
  const out = new Uint8Array(straight)
  for (let i = 0; i < out.length; i += 4) {
    const alpha = out[i + 3]
    if (alpha === 255) continue
    for (let k = 0; k < 3; k++) out[i + k] = Math.round((out[i + k] * alpha) / 255)
  }
  return out
}
