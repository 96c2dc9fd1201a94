/** Heights in metres as opaque colours (0xAABBGGRR) that programs read back; what has no height is at 0 m. */
export function terrainColors(heights: Float32Array, encoding: 'mapbox' | 'terrarium'): Uint32Array {
  const encode = encoding === 'mapbox' ? mapbox : terrarium
  return Uint32Array.from(heights, height => encode(Number.isFinite(height) ? height : 0))
}

/** height = -10000 + (R * 65536 + G * 256 + B) * 0.1 */
function mapbox(height: number): number {
  return opaque(clamp(Math.round((height + 10_000) * 10)))
}

/** height = R * 256 + G + B / 256 - 32768 */
function terrarium(height: number): number {
  return opaque(clamp(Math.round((height + 32_768) * 256)))
}

const clamp = (value: number) => Math.min(0xffffff, Math.max(0, value))

/** 0xRRGGBB to bytes R, G, B, 255. */
function opaque(color: number): number {
  return (0xff000000 | ((color & 0xff) << 16) | (color & 0xff00) | (color >> 16)) >>> 0
}
