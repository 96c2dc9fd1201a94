/**
 * A colour of the OKLCH space as `#rrggbb`: equal steps of lightness (0 to 1), chroma and hue (degrees) look equal, whatever the hue.
 * Chroma is lowered until sRGB can show the colour. (Björn Ottosson, "A perceptual color space for image processing", 2020.)
 */
export function oklch(lightness: number, chroma: number, hue: number): string {
  for (let c = chroma; c > 0; c -= 0.005) {
    const rgb = linearRgb(lightness, c, hue)
    if (rgb.every(v => v >= -0.0005 && v <= 1.0005)) return hex(rgb)
  }
  return hex(linearRgb(lightness, 0, hue))
}

function linearRgb(lightness: number, chroma: number, hue: number): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

function hex(rgb: readonly number[]): string {
  return `#${rgb.map(v => byteOf(v).toString(16).padStart(2, '0')).join('')}`
}

/** The transfer curve of sRGB (IEC 61966-2-1), to a byte. */
function byteOf(linear: number): number {
  const v = Math.min(1, Math.max(0, linear))
  return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055))
}
