import { fontAliases } from './font-aliases.js'
import type { FontNames } from './font-face.js'

const styleWords: Readonly<Record<string, number | 'italic'>> = {
  thin: 100,
  extralight: 200,
  light: 300,
  book: 400,
  regular: 400,
  normal: 400,
  medium: 500,
  semibold: 600,
  demibold: 600,
  bold: 700,
  extrabold: 800,
  black: 900,
  italic: 'italic',
  oblique: 'italic',
}

const plain = (family: string) => family.replaceAll(/["']/g, '').trim().replaceAll(/\s+/g, ' ').toLowerCase()

/**
 * The face of `family` nearest to a weight and slope, by its index in `fonts`. The family may be known by an alias, or carry its style in its
 * name, as MapLibre's font stacks do ("Open Sans Bold Italic"). Undefined when there is none.
 */
export function matchFamily(fonts: readonly FontNames[], family: string, weight: number, isItalic: boolean): number | undefined {
  const words = plain(family).split(' ')
  let [wantedWeight, wantsItalic] = [weight, isItalic]
  while (words.length > 0) {
    const name = words.join(' ')
    const found = nearest(fonts, name, wantedWeight, wantsItalic) ?? nearest(fonts, fontAliases[name], wantedWeight, wantsItalic)
    if (found !== undefined) return found
    const style = styleWords[words.pop()!]
    if (style === undefined) return undefined
    if (style === 'italic') wantsItalic = true
    else wantedWeight = style
  }
  return undefined
}

function nearest(fonts: readonly FontNames[], name: string | undefined, weight: number, isItalic: boolean): number | undefined {
  let best: number | undefined
  let least = Infinity
  for (const [i, font] of fonts.entries()) {
    if (plain(font.family) !== name) continue
    // of two equally far, the bolder for bold text and the lighter for the rest (CSS Fonts 4, 5.2)
    const side = font.weight > weight === weight > 500 ? 0 : 1
    const distance = Math.abs(font.weight - weight) * 2 + side + (font.isItalic === isItalic ? 0 : 5000)
    if (distance < least) [best, least] = [i, distance]
  }
  return best
}
