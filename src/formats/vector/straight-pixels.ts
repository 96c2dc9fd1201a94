import type { PixelPicture } from '#render/vector/scene.js'

/** The RGBA of a picture with straight alpha, as image formats want it. */
export function straightPixels({ bytes }: PixelPicture): Uint8Array {
  const out = new Uint8Array(bytes)
  for (let i = 0; i < out.length; i += 4) {
    const alpha = out[i + 3]
    if (alpha === 255 || alpha === 0) continue
    for (let k = 0; k < 3; k++) out[i + k] = Math.min(255, Math.round((out[i + k] * 255) / alpha))
  }
  return out
}
