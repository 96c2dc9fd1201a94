import type { ImageFormat, Picture } from './index.js'
import { reduceColors } from './reduce-colors.js'

/** Colours of a palette. */
export const paletteSize = 256

/** PNG with a palette of 256 colours, which may be transparent to any degree. Maps that have no more are exact. */
export function startPng8(png: ImageFormat): ImageFormat {
  return {
    mediaType: 'image/png; mode=8bit',
    writtenType: 'image/png',
    hasAlpha: true,
    isPrompt: png.isPrompt ?? false,
    // of so few colours the other format makes a palette, too
    encode: (picture, options) =>
      png.encode(hasFewColors(picture) ? picture : { ...picture, rgba: reduceColors(picture, paletteSize) }, options),
  }
}

/** Whether a palette holds all colours. Photographs are told by their first rows. Hot path. */
export function hasFewColors({ rgba }: Pick<Picture, 'rgba'>): boolean {
  const colors = new Set<number>()
  let last = -1
  for (let i = 0; i < rgba.length; i += 4) {
    // transparent pixels are one colour
    const color = rgba[i + 3] === 0 ? 0 : ((rgba[i] << 24) | (rgba[i + 1] << 16) | (rgba[i + 2] << 8) | rgba[i + 3]) >>> 0
    if (color === last) continue
    last = color
    colors.add(color)
    if (colors.size > paletteSize) return false
  }
  return true
}
