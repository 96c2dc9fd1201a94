import type { PixelBox } from './warp.js'

/**
 * Lays a rectangle of premultiplied RGBA over a larger image of the same kind, in place, as "source over" with an opacity of 0 to 1.
 * Hot: opaque pixels are copied, transparent ones passed over.
 */
export function blendOver(target: Uint8Array, targetWidth: number, image: Uint32Array, box: PixelBox, opacity = 1) {
  const out = new Uint32Array(target.buffer, target.byteOffset, target.byteLength >> 2)
  const weight = Math.round(opacity * 255)
  for (let y = 0, from = 0; y < box.height; y++) {
    let to = (box.top + y) * targetWidth + box.left
    for (let x = 0; x < box.width; x++, from++, to++) {
      const color = image[from]
      if (color >>> 24 === 255 && weight === 255) out[to] = color
      else if (color !== 0) out[to] = over(color, out[to], weight)
    }
  }
}

/** Takes out of a larger image what lies under a rectangle of another, wherever that one is not transparent. Hot. */
export function eraseUnder(target: Uint8Array, targetWidth: number, image: Uint32Array, box: PixelBox) {
  const out = new Uint32Array(target.buffer, target.byteOffset, target.byteLength >> 2)
  for (let y = 0, from = 0; y < box.height; y++) {
    let to = (box.top + y) * targetWidth + box.left
    for (let x = 0; x < box.width; x++, from++, to++) if (image[from] !== 0) out[to] = 0
  }
}

function over(front: number, back: number, weight: number): number {
  const rest = 255 - divide255((front >>> 24) * weight)
  let color = 0
  for (let shift = 0; shift < 32; shift += 8) {
    const channel = divide255(((front >>> shift) & 0xff) * weight) + divide255(((back >>> shift) & 0xff) * rest)
    color |= Math.min(255, channel) << shift
  }
  return color >>> 0
}

/** Rounded division by 255, for products of two bytes. */
function divide255(product: number): number {
  return Math.floor((product + 127) / 255)
}
