import type { Background } from '#core/queries.js'
import { encoded, type StillType } from './encoded.js'
import { glyphHeight, glyphsOf, glyphWidth } from './glyphs.js'

export interface ImageFrame {
  readonly width: number
  readonly height: number
  readonly background: Background
  readonly mediaType: StillType
}

const margin = 6

/**
 * An image of nothing but background, with `message` written on it where one is given (OGC 06-042, 7.3.3.11). The letters are drawn here: a server
 * need not have fonts. Memory is that of the letters, not of the image.
 */
export async function exceptionImage({ width, height, background, mediaType }: ImageFrame, message = ''): Promise<Uint8Array> {
  const { isTransparent } = background
  const [r, g, b] = channels(background.color)
  const { default: sharp } = await import('sharp')
  const image = sharp({ create: { width, height, channels: isTransparent ? 4 : 3, background: { r, g, b, alpha: isTransparent ? 0 : 1 } } })
  const label = message === '' ? undefined : writing(message, width, height, background.color)
  if (label) {
    const { data, ...size } = label
    image.composite([{ input: data, raw: { ...size, channels: 4 }, left: margin - 1, top: margin - 1 }])
  }
  return encoded(image, mediaType)
}

const channels = (color: number) => [color >> 16, (color >> 8) & 255, color & 255] as const

/** Pixels of the wrapped message with a halo of one pixel, as much of it as fits; undefined when not a letter does. */
function writing(message: string, width: number, height: number, background: number) {
  const scale = width >= 400 ? 2 : 1
  const columnsOfText = Math.min(80, Math.floor((width - 2 * margin) / (scale * (glyphWidth + 1))))
  const lineHeight = scale * (glyphHeight + 3)
  const lines = wrapped(message, columnsOfText).slice(0, Math.max(0, Math.floor((height - 2 * margin) / lineHeight)))
  if (columnsOfText < 1 || lines.length === 0) return undefined

  const size = { width: Math.min(width - margin, columnsOfText * scale * (glyphWidth + 1) + 2), height: lines.length * lineHeight + 2 }
  const data = Buffer.alloc(size.width * size.height * 4)
  const [r, g, b] = channels(background)
  const isDark = 0.3 * r + 0.6 * g + 0.1 * b < 128
  const dots = lines.flatMap((line, row) => dotsOf(line, scale, row * lineHeight))
  const set = (x: number, y: number, value: number) => {
    if (x < 0 || y < 0 || x >= size.width || y >= size.height) return
    data.set([value, value, value, 255], 4 * (y * size.width + x))
  }
  for (const [x, y] of dots)
    for (let dy = -1; dy <= scale; dy++) for (let dx = -1; dx <= scale; dx++) set(x + 1 + dx, y + 1 + dy, isDark ? 0 : 255)
  for (const [x, y] of dots)
    for (let dy = 0; dy < scale; dy++) for (let dx = 0; dx < scale; dx++) set(x + 1 + dx, y + 1 + dy, isDark ? 255 : 0)
  return { data, ...size }
}

/** Upper left corners of the ink of one line. */
function dotsOf(line: string, scale: number, top: number): [number, number][] {
  return glyphsOf(line).flatMap((rows, index) =>
    rows.flatMap((row, y) =>
      Array.from(row, (ink, x): [number, number] | undefined =>
        ink === '#' ? [(index * (glyphWidth + 1) + x) * scale, top + y * scale] : undefined,
      ).filter(dot => dot !== undefined),
    ),
  )
}

/** Lines of at most `length` characters, broken between words where there are any. */
function wrapped(message: string, length: number): string[] {
  if (length < 1) return []
  const pieces = message
    .slice(0, 2000)
    .split(/\s+/)
    .flatMap(word => word.match(new RegExp(`.{1,${length}}`, 'gu')) ?? [])
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + piece.length <= length) lines[lines.length - 1] = `${last} ${piece}`
    else lines.push(piece)
  }
  return lines
}
