import type { Font } from '../style.js'
import type { LayerProperties } from './layer.js'

const weights: Readonly<Record<string, number>> = {
  thin: 100,
  hairline: 100,
  extralight: 200,
  ultralight: 200,
  light: 300,
  regular: 400,
  normal: 400,
  book: 400,
  medium: 500,
  semibold: 600,
  demibold: 600,
  bold: 700,
  extrabold: 800,
  ultrabold: 800,
  black: 900,
  heavy: 900,
}

const styleWord = new RegExp(`^(${Object.keys(weights).join('|')}|italic|oblique)$`)

/** A face such as `Open Sans SemiBold Italic`, whose last words are its weight and slant. */
function parseFace(face: string): { family: string; weight: number; isItalic: boolean } {
  const words = face.trim().split(/[\s_]+/)
  let [weight, isItalic] = [400, false]
  while (words.length > 1) {
    const last = words.at(-1)!.toLowerCase()
    const two = words.length > 2 ? `${words.at(-2)!.toLowerCase()}${last}` : ''
    if (two !== '' && Object.hasOwn(weights, two)) {
      weight = weights[two]
      words.pop()
    } else if (!styleWord.test(last)) break
    else if (Object.hasOwn(weights, last)) weight = weights[last]
    else isItalic = true
    words.pop()
  }
  return { family: words.join(' '), weight, isItalic }
}

/** Families of `text-font`; weight and slant are those of the first. */
export function readFont(properties: LayerProperties): Omit<Font, 'size'> {
  const stack = properties.constant('text-font')
  const names = Array.isArray(stack) ? stack.filter(name => typeof name === 'string') : []
  const faces = (names.length > 0 ? names : ['Open Sans Regular', 'Arial Unicode MS Regular']).slice(0, 20).map(parseFace)
  const [{ weight, isItalic }] = faces
  return {
    families: [...new Set(faces.map(({ family }) => family))],
    ...(weight !== 400 && { weight }),
    ...(isItalic && { isItalic }),
  }
}
