import type { RasterTones } from '#styles/raster-symbolizer.js'

/** Changes the colours of a raster that is painted (premultiplied, 0xAABBGGRR): brightness and contrast of each channel first, then saturation (HSL). */
export function changeTones(pixels: Uint32Array, { brightness = 0, contrast = 1, saturation = 1, gray }: RasterTones): void {
  const curve = Uint8ClampedArray.from({ length: 256 }, (_, value) => Math.floor((value - 127.5) * contrast + 127.5 + brightness))
  for (let i = 0; i < pixels.length; i++) {
    const color = pixels[i]
    const alpha = color >>> 24
    if (alpha === 0) continue
    const straight = (channel: number) => curve[alpha === 255 ? channel : Math.min(255, Math.round((channel * 255) / alpha))]
    let [r, g, b] = [straight(color & 0xff), straight((color >>> 8) & 0xff), straight((color >>> 16) & 0xff)]
    if (gray) r = g = b = grays[gray](r, g, b)
    else if (saturation !== 1) [r, g, b] = saturated(r, g, b, saturation)
    const back = (channel: number) => Math.round((Math.min(255, Math.max(0, channel)) * alpha) / 255)
    pixels[i] = ((alpha << 24) | (back(b) << 16) | (back(g) << 8) | back(r)) >>> 0
  }
}

const grays: Readonly<Record<NonNullable<RasterTones['gray']>, (r: number, g: number, b: number) => number>> = {
  lightness: (r, g, b) => (Math.max(r, g, b) + Math.min(r, g, b)) / 2,
  luminosity: (r, g, b) => 0.21 * r + 0.72 * g + 0.07 * b,
  average: (r, g, b) => (r + g + b) / 3,
}

/** Of one lightness and hue: channels move to, or away from, the lightness. Above 1 what has least saturation gains most, as in QGIS. */
function saturated(r: number, g: number, b: number, scale: number): readonly [number, number, number] {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  if (most === least) return [r, g, b]
  const lightness = (most + least) / 2
  const was = (most - least) / (255 - Math.abs(2 * lightness - 255))
  const is = scale <= 1 ? was * scale : 1 - (1 - was) ** (scale * scale)
  const factor = is / was
  return [lightness + (r - lightness) * factor, lightness + (g - lightness) * factor, lightness + (b - lightness) * factor]
}
