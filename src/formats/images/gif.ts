import type { ImageFormat, Picture } from './index.js'
import { packLzw } from './lzw.js'
import { hasFewColors, paletteSize } from './png8.js'
import { reduceColors } from './reduce-colors.js'

/** GIF89a knows pixels that are there and pixels that are not: less than half of a colour is none. */
const leastAlpha = 128

/** GIF89a: 256 colours, one of them transparent where anything is. Exact for maps that have no more. */
export const gif: ImageFormat = {
  mediaType: 'image/gif',
  hasAlpha: true,
  isPrompt: true,
  encode(picture) {
    const whole = { ...picture, rgba: allOrNothing(picture) }
    const rgba = hasFewColors(whole) ? whole.rgba : reduceColors(whole, paletteSize)
    const { indexes, colors } = indexed(rgba)
    const bits = Math.max(2, Math.ceil(Math.log2(colors.length)))
    const { width, height } = picture
    return new Uint8Array(Buffer.concat([headOf(width, height, colors, bits), packLzw(indexes, bits), Buffer.from([0x3b])]))
  },
}

/** A copy with each pixel opaque or not there, so that colours are chosen for what is seen. */
function allOrNothing({ rgba }: Picture): Uint8Array {
  const pixels = Uint8Array.from(rgba)
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] >= leastAlpha) pixels[i + 3] = 255
    else pixels.fill(0, i, i + 4)
  }
  return pixels
}

/** Pixels as numbers of colours, which are RGBA. */
function indexed(rgba: Uint8Array): { readonly indexes: Uint8Array; readonly colors: readonly number[] } {
  const pixels = new DataView(rgba.buffer, rgba.byteOffset, rgba.length)
  const indexes = new Uint8Array(rgba.length / 4)
  const numbers = new Map<number, number>()
  let [last, number] = [-1, 0]
  for (let i = 0; i < indexes.length; i++) {
    const color = pixels.getUint32(i * 4)
    if (color !== last) {
      number = numbers.get(color) ?? numbers.size
      numbers.set(color, number)
      last = color
    }
    indexes[i] = number
  }
  return { indexes, colors: [...numbers.keys()] }
}

/** All before the pixels: screen, colours, which of them is transparent, and where the image lies (GIF89a, 17 to 23). */
function headOf(width: number, height: number, colors: readonly number[], bits: number): Buffer {
  const size = [width & 255, width >> 8, height & 255, height >> 8]
  const table = Array.from({ length: 1 << bits }, (_, i) => colors[i] ?? 0).flatMap(color => [
    color >>> 24,
    (color >> 16) & 255,
    (color >> 8) & 255,
  ])
  const clear = colors.findIndex(color => (color & 255) === 0)
  const control = clear < 0 ? [] : [0x21, 0xf9, 4, 1, 0, 0, clear, 0]
  return Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    Buffer.from([...size, 0xf0 | (bits - 1), 0, 0, ...table, ...control, 0x2c, 0, 0, 0, 0, ...size, 0]),
  ])
}
