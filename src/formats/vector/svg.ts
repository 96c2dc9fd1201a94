import { startPng } from '#formats/images/png.js'
import type {
  PixelPicture,
  SceneGroup,
  SceneItem,
  ScenePath,
  ScenePattern,
  ScenePicture,
  SceneSymbol,
  SceneUse,
} from '#render/vector/scene.js'
import { decimal, hexColor } from './numbers.js'
import { straightPixels } from './straight-pixels.js'
import { fillOf, pathData, strokeOf } from './svg-paths.js'
import { svgText } from './svg-texts.js'
import { escaped, svgString } from './svg-words.js'
import { openTextPieces, type TextPieces } from './text-pieces.js'
import type { VectorFormat } from './vector-format.js'

/** Millimetres in an inch. */
const inch = 25.4

/**
 * SVG 1.1 with `mix-blend-mode` and `paint-order` of SVG 2: as large on paper as its resolution says, a user unit for a pixel of the map. Texts are
 * texts in the fonts they were placed in, or what stands in for them where it is read.
 */
export function startSvg(): VectorFormat {
  const png = startPng()
  const encoded = async (picture: PixelPicture) =>
    picture.jpeg ?? png.encode({ rgba: straightPixels(picture), width: picture.width, height: picture.height })
  return {
    mediaType: 'image/svg+xml',
    async write(scene, check) {
      const pictures = new Map<PixelPicture, Uint8Array>()
      for (const picture of picturesOf(scene.items)) pictures.set(picture, await encoded(picture))
      const out = openTextPieces('utf8', check)
      const { width, height, dpi, background, title } = scene
      const size = (pixels: number) => `${decimal((pixels * inch) / dpi, 4)}mm`
      out.add(`<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" `)
      out.add(`version="1.1" width="${size(width)}" height="${size(height)}" viewBox="0 0 ${decimal(width)} ${decimal(height)}">\n`)
      if (title) out.add(`<title>${escaped(title)}</title>\n`)
      if (background !== undefined)
        out.add(`<rect width="${decimal(width)}" height="${decimal(height)}" fill="${hexColor(background)}"/>\n`)
      const address = (picture: PixelPicture) =>
        `data:image/${picture.jpeg ? 'jpeg' : 'png'};base64,${Buffer.from(pictures.get(picture) ?? []).toString('base64')}`
      writeItems(scene.items, out, openNames(address, out))
      out.add('</svg>\n')
      return out.finish()
    },
  }
}

/** Every picture that is drawn, once: encoders take their time, and the writer does not wait. */
function picturesOf(items: readonly SceneItem[], seen = new Set<unknown>(), found = new Set<PixelPicture>()): Set<PixelPicture> {
  const enter = (part: { readonly items: readonly SceneItem[] }) => {
    if (seen.has(part)) return
    seen.add(part)
    picturesOf(part.items, seen, found)
  }
  for (const item of items) {
    if (item.kind === 'picture') found.add(item.picture)
    else if (item.kind === 'group') enter(item)
    else if (item.kind === 'use') enter(item.symbol)
    else if (item.kind === 'path') for (const paint of [item.fill, item.stroke?.paint]) if (paint?.kind === 'pattern') enter(paint.pattern)
  }
  return found
}

/** What is defined once and named again. Definitions are written where they are first needed. */
interface Names {
  symbol(symbol: SceneSymbol): string
  pattern(pattern: ScenePattern): string
  picture(picture: PixelPicture): string
  clip(width: number, height: number): string
  /** Whether the patterns of a path are defined already. */
  knows(path: ScenePath): boolean
}

function openNames(address: (picture: PixelPicture) => string, out: TextPieces): Names {
  const known = new Map<unknown, string>()
  const named = (key: unknown, write: (name: string) => void) => {
    const name = known.get(key) ?? `d${known.size}`
    if (!known.has(key)) {
      known.set(key, name)
      write(name)
    }
    return name
  }
  const define = (name: string, open: string, close: string, items: readonly SceneItem[]) => {
    // what it needs itself is defined before
    for (const item of items) prepare(item, names)
    out.add(`<defs><${open} id="${name}">`)
    writeItems(items, out, names)
    out.add(`</${close}></defs>\n`)
  }
  const names: Names = {
    knows: ({ fill, stroke }) => [fill, stroke?.paint].every(paint => paint?.kind !== 'pattern' || known.has(paint.pattern)),
    symbol: symbol => named(symbol, name => define(name, 'g', 'g', symbol.items)),
    pattern: pattern =>
      named(pattern, name => {
        const { width, height, turn, x, y } = pattern
        const angle = decimal((turn * 180) / Math.PI, 6)
        const transform = `translate(${decimal(x, 4)} ${decimal(y, 4)})${turn === 0 ? '' : ` rotate(${angle})`}`
        const box = `width="${decimal(width, 4)}" height="${decimal(height, 4)}"`
        define(name, `pattern patternUnits="userSpaceOnUse" ${box} patternTransform="${transform}"`, 'pattern', pattern.items)
      }),
    picture: picture =>
      named(picture, name => {
        out.add(`<defs><image id="${name}" width="${picture.width}" height="${picture.height}" preserveAspectRatio="none" `)
        out.add(`xlink:href="${address(picture)}"/></defs>\n`)
      }),
    clip: (width, height) =>
      named(`clip ${width} ${height}`, name =>
        out.add(`<defs><clipPath id="${name}"><rect width="${decimal(width)}" height="${decimal(height)}"/></clipPath></defs>\n`),
      ),
  }
  return names
}

/** Has everything defined that an item names. */
function prepare(item: SceneItem, names: Names): void {
  switch (item.kind) {
    case 'path':
      for (const paint of [item.fill, item.stroke?.paint]) if (paint?.kind === 'pattern') names.pattern(paint.pattern)
      return
    case 'use':
      names.symbol(item.symbol)
      return
    case 'picture':
      names.picture(item.picture)
      return
    case 'group':
      if (item.clip) names.clip(item.clip.width, item.clip.height)
      return
    default:
  }
}

/** Paths that look the same stand in one group. */
function writeItems(items: readonly SceneItem[], out: TextPieces, names: Names): void {
  let look = ''
  let last: ScenePath | undefined
  const take = (next: string) => {
    if (next === look) return
    if (look) out.add('</g>\n')
    if (next) out.add(`<g ${next}>\n`)
    look = next
  }
  for (const item of items) {
    if (item.kind === 'path') {
      if (look === '' || item.fill !== last?.fill || item.stroke !== last?.stroke) {
        // a pattern must not be defined where it would inherit a look
        if (!names.knows(item)) take('')
        prepare(item, names)
        take(lookOf(item, names))
        last = item
      }
      out.add(`<path d="${pathData(item.parts)}"/>\n`)
      continue
    }
    take('')
    prepare(item, names)
    if (item.kind === 'use') out.add(useOf(item, names))
    else if (item.kind === 'picture') out.add(pictureOf(item, names))
    else if (item.kind === 'text') out.add(svgText(item))
    else writeGroup(item, out, names)
  }
  take('')
}

function lookOf({ fill, stroke }: ScenePath, names: Names): string {
  const patternName = (pattern: ScenePattern) => names.pattern(pattern)
  return `${fillOf(fill, patternName)}${stroke ? ` ${strokeOf(stroke, patternName)}` : ''}`
}

function useOf({ symbol, x, y, cos, sin, opacity }: SceneUse, names: Names): string {
  const isTurned = sin !== 0 || cos < 0
  const turn = isTurned ? ` rotate(${decimal((Math.atan2(sin, cos) * 180) / Math.PI, 3)})` : ''
  const place = isTurned ? `transform="translate(${decimal(x)} ${decimal(y)})${turn}"` : `x="${decimal(x)}" y="${decimal(y)}"`
  return `<use xlink:href="#${names.symbol(symbol)}" ${place}${opacity < 1 ? ` opacity="${decimal(opacity, 4)}"` : ''}/>\n`
}

function pictureOf({ x, y, width, height, picture }: ScenePicture, names: Names): string {
  const [scaleX, scaleY] = [width / picture.width, height / picture.height]
  const scale = scaleX === 1 && scaleY === 1 ? '' : ` scale(${decimal(scaleX, 6)} ${decimal(scaleY, 6)})`
  const place = x === 0 && y === 0 && !scale ? '' : ` transform="translate(${decimal(x)} ${decimal(y)})${scale}"`
  return `<use xlink:href="#${names.picture(picture)}"${place}/>\n`
}

/** CSS Compositing calls the sum of two colours so. */
const cssBlend: Readonly<Record<string, string>> = { add: 'plus-lighter' }

function writeGroup({ items, opacity = 1, blend = 'normal', x = 0, y = 0, clip }: SceneGroup, out: TextPieces, names: Names): void {
  const attributes = [
    x === 0 && y === 0 ? '' : `transform="translate(${decimal(x)} ${decimal(y)})"`,
    opacity < 1 ? `opacity="${decimal(opacity, 4)}"` : '',
    blend === 'normal' ? '' : `style="mix-blend-mode:${svgString(cssBlend[blend] ?? blend)}"`,
    clip ? `clip-path="url(#${names.clip(clip.width, clip.height)})"` : '',
  ]
  out.add(`<g ${attributes.filter(text => text !== '').join(' ')}>\n`)
  writeItems(items, out, names)
  out.add('</g>\n')
}
