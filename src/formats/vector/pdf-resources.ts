import type { PixelPicture, ScenePattern, SceneSymbol } from '#render/vector/scene.js'
import type { BlendMode } from '#styles/style.js'
import { decimal } from './numbers.js'
import type { PdfObjects } from './pdf-objects.js'
import { straightPixels } from './straight-pixels.js'

/** What content names: one dictionary for the whole document. */
export interface PdfResources {
  readonly id: number
  /** `r g b`. */
  color(rgb: number): string
  /** The name of a state of these opacities, and this way of blending. */
  state(fill: number, stroke: number, blend?: BlendMode): string
  picture(picture: PixelPicture): string
  /** A form of that content; nothing of it shows outside of its box, which lies at its origin or around it. */
  form(content: Uint8Array, box: FormBox): string
  /** Named by what is drawn; `content` is asked for once. */
  symbol(symbol: SceneSymbol, content: () => Uint8Array): string
  pattern(pattern: ScenePattern, spread: () => SpreadPattern): string
  finish(fonts: string): void
}

/** A tile as it is written. */
export interface SpreadPattern {
  readonly pattern: Omit<ScenePattern, 'items'>
  readonly content: Uint8Array
}

export interface FormBox {
  readonly width: number
  readonly height: number
  readonly left?: number
  readonly top?: number
  /** Drawn as a whole before it is laid over what is there. */
  readonly isGroup?: boolean
  readonly x?: number
  readonly y?: number
}

/** `add` has no counterpart: what lightens most like it stands for it. */
const blendNames: Readonly<Record<BlendMode, string>> = {
  normal: 'Normal',
  multiply: 'Multiply',
  screen: 'Screen',
  overlay: 'Overlay',
  darken: 'Darken',
  lighten: 'Lighten',
  'color-dodge': 'ColorDodge',
  'color-burn': 'ColorBurn',
  'hard-light': 'HardLight',
  'soft-light': 'SoftLight',
  difference: 'Difference',
  exclusion: 'Exclusion',
  add: 'Screen',
}

/** An empty dictionary, whose streams are put into `objects` as they are named. */
export function openPdfResources(objects: PdfObjects): PdfResources {
  const id = objects.reserve()
  const known = new Map<unknown, string>()
  const [objectNames, patternNames, stateNames]: [string[], string[], string[]] = [[], [], []]
  const named = (key: unknown, make: () => string) => {
    const name = known.get(key) ?? make()
    known.set(key, name)
    return name
  }
  const form: PdfResources['form'] = (content, { width, height, left = 0, top = 0, isGroup = false, x = 0, y = 0 }) => {
    const number = objects.reserve()
    const box = [left, top, left + width, top + height].map(value => decimal(value, 3)).join(' ')
    const group = isGroup ? ' /Group << /S /Transparency /I true /CS /DeviceRGB >>' : ''
    const matrix = x === 0 && y === 0 ? '' : ` /Matrix [1 0 0 1 ${decimal(x, 3)} ${decimal(y, 3)}]`
    objects.putStream(number, `/Type /XObject /Subtype /Form /BBox [${box}]${matrix}${group} /Resources ${id} 0 R`, content)
    objectNames.push(`/X${number} ${number} 0 R`)
    return `X${number}`
  }
  return {
    id,
    color: rgb => [16, 8, 0].map(shift => decimal(((rgb >> shift) & 255) / 255, 4)).join(' '),
    state: (fill, stroke, blend = 'normal') =>
      named(`${decimal(fill, 4)} ${decimal(stroke, 4)} ${blend}`, () => {
        const name = `G${stateNames.length}`
        stateNames.push(`/${name} << /ca ${decimal(fill, 4)} /CA ${decimal(stroke, 4)} /BM /${blendNames[blend]} >>`)
        return name
      }),
    picture: picture =>
      named(picture, () => {
        const number = putPicture(objects, picture)
        objectNames.push(`/X${number} ${number} 0 R`)
        return `X${number}`
      }),
    form,
    symbol: (symbol, content) =>
      named(symbol, () => {
        const side = symbol.reach * 2 + 2
        return form(content(), { width: side, height: side, left: -side / 2, top: -side / 2 })
      }),
    pattern: (pattern, spread) =>
      named(pattern, () => {
        const written = spread()
        const number = objects.reserve()
        const { width, height, turn, x, y } = written.pattern
        const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
        const matrix = [cos, sin, -sin, cos, x, y].map(value => decimal(value, 8)).join(' ')
        const [stepX, stepY] = [decimal(width, 6), decimal(height, 6)]
        const tile = `/BBox [0 0 ${stepX} ${stepY}] /XStep ${stepX} /YStep ${stepY} /Matrix [${matrix}]`
        objects.putStream(number, `/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 2 ${tile} /Resources ${id} 0 R`, written.content)
        patternNames.push(`/P${number} ${number} 0 R`)
        return `P${number}`
      }),
    finish(fonts) {
      const lists = `/Font << ${fonts} >> /XObject << ${objectNames.join(' ')} >> /Pattern << ${patternNames.join(' ')} >>`
      objects.put(id, `<< ${lists} /ExtGState << ${stateNames.join(' ')} >> >>`)
    },
  }
}

/** Colours, and where it is not opaque a mask beside them (ISO 32000-1, 11.6.5.3). */
function putPicture(objects: PdfObjects, picture: PixelPicture): number {
  const { width, height } = picture
  const size = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8 /Interpolate true`
  if (picture.jpeg) {
    const id = objects.reserve()
    objects.putPacked(id, `${size} /ColorSpace /DeviceRGB`, 'DCTDecode', picture.jpeg)
    return id
  }
  const rgba = straightPixels(picture)
  const colors = new Uint8Array(width * height * 3)
  const alpha = new Uint8Array(width * height)
  let isOpaque = true
  for (let i = 0; i < alpha.length; i++) {
    colors[i * 3] = rgba[i * 4]
    colors[i * 3 + 1] = rgba[i * 4 + 1]
    colors[i * 3 + 2] = rgba[i * 4 + 2]
    alpha[i] = rgba[i * 4 + 3]
    if (alpha[i] !== 255) isOpaque = false
  }
  const mask = isOpaque ? undefined : objects.reserve()
  if (mask !== undefined) objects.putStream(mask, `${size} /ColorSpace /DeviceGray`, alpha)
  const id = objects.reserve()
  objects.putStream(id, `${size} /ColorSpace /DeviceRGB${mask === undefined ? '' : ` /SMask ${mask} 0 R`}`, colors)
  return id
}
