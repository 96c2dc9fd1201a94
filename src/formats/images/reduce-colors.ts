import { type ColorBuckets, colorBuckets, keyOf, keys } from './color-buckets.js'
import { type Assigned, firstPalette, nearest, placeOf, refined } from './color-palette.js'
import type { Picture } from './index.js'

/** Of an error that goes on to the neighbours: all of it shows as noise on photographs, none as steps on ramps. */
const dither = 0.5
/** Squared distance of colours, in steps of 255. */
const unseen = 12

/**
 * A copy of a picture in at most `most` colours, those that do best: boxes of the colour space are cut where they vary most, then moved to where
 * their pixels are. Opaque pixels stay opaque, clear ones clear, and a colour that covers an area stays as it is. Errors are spread by half (Floyd and
 * Steinberg) where colours run, not into areas that need none.
 */
export function reduceColors(picture: Picture, most: number): Uint8Array {
  const colors = new Uint32Array(picture.rgba.slice().buffer)
  const buckets = colorBuckets(colors)
  const palette = refined(buckets, firstPalette(buckets, most))
  return spread(colors, picture, buckets, palette)
}

/** Every pixel in a colour of the palette. Hot path. */
function spread(colors: Uint32Array, { width, height }: Picture, buckets: ColorBuckets, palette: Assigned): Uint8Array {
  // of colours that were moved by errors: one more than the index
  const known = new Uint16Array(keys)
  let errors = new Float32Array((width + 2) * 3)
  let below = new Float32Array((width + 2) * 3)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const color = colors[i]
      const alpha = color >>> 24
      if (alpha === 0) {
        colors[i] = 0
        continue
      }
      let index = palette.indexes[buckets.of(color)]
      // what is half there lies at borders, where errors do more harm than good
      if (alpha < 255 || isNear(palette.colors[index], color)) {
        colors[i] = palette.colors[index]
        continue
      }
      const at = (x + 1) * 3
      const r = clamped((color & 255) + errors[at])
      const g = clamped(((color >>> 8) & 255) + errors[at + 1])
      const b = clamped(((color >>> 16) & 255) + errors[at + 2])
      const key = keyOf(((255 << 24) | (b << 16) | (g << 8) | r) >>> 0)
      index = known[key] - 1
      if (index < 0) {
        const green = (g & 0xf8) + 3.5
        index = nearest(palette, (r & 0xf8) + 3.5, green, (b & 0xf8) + 3.5, 255, 1, placeOf(palette, green))
        known[key] = index + 1
      }
      const chosen = palette.colors[index]
      colors[i] = chosen
      diffuse(errors, below, at, r - (chosen & 255), g - ((chosen >>> 8) & 255), b - ((chosen >>> 16) & 255))
    }
    ;[errors, below] = [below, errors]
    below.fill(0)
  }
  return new Uint8Array(colors.buffer)
}

/** Whether nobody sees the difference between opaque colours, so that there is nothing to spread. */
function isNear(a: number, b: number): boolean {
  if (a === b) return true
  const [dr, dg, db] = [(a & 255) - (b & 255), ((a >>> 8) & 255) - ((b >>> 8) & 255), ((a >>> 16) & 255) - ((b >>> 16) & 255)]
  return dr * dr + dg * dg + db * db <= unseen
}

const clamped = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value))

function diffuse(errors: Float32Array, below: Float32Array, at: number, r: number, g: number, b: number): void {
  const part = dither / 16
  errors[at + 3] += r * 7 * part
  errors[at + 4] += g * 7 * part
  errors[at + 5] += b * 7 * part
  below[at - 3] += r * 3 * part
  below[at - 2] += g * 3 * part
  below[at - 1] += b * 3 * part
  below[at] += r * 5 * part
  below[at + 1] += g * 5 * part
  below[at + 2] += b * 5 * part
  below[at + 3] += r * part
  below[at + 4] += g * part
  below[at + 5] += b * part
}
