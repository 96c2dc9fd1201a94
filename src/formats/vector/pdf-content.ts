import type {
  SceneGroup,
  SceneItem,
  ScenePaint,
  ScenePath,
  ScenePattern,
  ScenePicture,
  SceneStroke,
  SceneUse,
} from '#render/vector/scene.js'
import { decimal, hundredths } from './numbers.js'
import type { PdfFonts } from './pdf-fonts.js'
import type { PdfObjects } from './pdf-objects.js'
import type { PdfResources, SpreadPattern } from './pdf-resources.js'
import { writePdfText } from './pdf-texts.js'
import { openTextPieces, type TextPieces } from './text-pieces.js'

/** A content stream being written, in the space of the scene: y down. */
export interface PdfContent {
  readonly out: TextPieces
  readonly objects: PdfObjects
  readonly resources: PdfResources
  readonly fonts: PdfFonts
  /** Called for every piece that is written; what it throws ends the writing. */
  readonly check: (() => void) | undefined
  /** Size of what shows. */
  readonly extent: { readonly width: number; readonly height: number }
}

/** How far a group without a box may reach: beyond all maps. */
const everywhere = { left: -1e5, top: -1e5, width: 1.1e6, height: 1.1e6 }

/** Writes items with the operators of ISO 32000-1, annex A. */
export function writePdfItems(items: readonly SceneItem[], content: PdfContent): void {
  const { out, resources } = content
  let [fill, stroke, look]: [ScenePath['fill'], ScenePath['stroke'], string] = [undefined, undefined, '']
  for (const item of items) {
    switch (item.kind) {
      case 'path':
        if (look === '' || item.fill !== fill || item.stroke !== stroke) {
          const next = lookOf(item, content)
          if (next !== look) out.add(next)
          ;[fill, stroke, look] = [item.fill, item.stroke, next]
        }
        writePath(item, out)
        break
      case 'use':
        writeUse(item, content)
        break
      case 'picture':
        out.add(pictureOf(item, resources))
        break
      case 'text':
        writePdfText(item, content)
        break
      default:
        writeGroup(item, content)
    }
  }
}

function contentOf(items: readonly SceneItem[], content: PdfContent): Uint8Array {
  const inner: PdfContent = { ...content, out: openTextPieces('latin1', content.check) }
  writePdfItems(items, inner)
  return inner.out.finish()
}

function writePath({ parts, fill, stroke }: ScenePath, out: TextPieces): void {
  for (const { points, isClosed } of parts) {
    if (points.length < 2) continue
    let path = `${hundredths(points[0])} ${hundredths(points[1])} m`
    for (let i = 2; i < points.length; i += 2) path += ` ${hundredths(points[i])} ${hundredths(points[i + 1])} l`
    out.add(isClosed ? `${path} h\n` : `${path}\n`)
  }
  out.add(fill && stroke ? 'B\n' : fill ? 'f\n' : stroke ? 'S\n' : 'n\n')
}

const caps = { butt: 0, round: 1, square: 2 } as const
const joins = { mitre: 0, round: 1, bevel: 2 } as const

function lookOf({ fill, stroke }: ScenePath, content: PdfContent): string {
  const { resources } = content
  const state = `/${resources.state(fill?.opacity ?? 1, stroke?.paint.opacity ?? 1)} gs`
  return `${state}${fill ? ` ${paintOf(fill, false, content)}` : ''}${stroke ? ` ${strokeOf(stroke, content)}` : ''}\n`
}

function strokeOf({ paint, width, cap, join, dashes = [], dashOffset = 0 }: SceneStroke, content: PdfContent): string {
  const period = dashes.reduce((sum, dash) => sum + dash, 0)
  // negative phases are not everywhere understood
  const phase = period > 0 ? dashOffset - period * Math.floor(dashOffset / period) : 0
  const dashing = `[${dashes.map(dash => decimal(dash, 3)).join(' ')}] ${decimal(phase, 3)} d`
  return `${paintOf(paint, true, content)} ${decimal(width, 3)} w ${caps[cap]} J ${joins[join]} j 2 M ${dashing}`
}

function paintOf(paint: ScenePaint, isStroke: boolean, content: PdfContent): string {
  const { resources } = content
  if (paint.kind === 'color') return `${resources.color(paint.rgb)} ${isStroke ? 'RG' : 'rg'}`
  const name = resources.pattern(paint.pattern, () => spreadPattern(paint.pattern, content))
  return isStroke ? `/Pattern CS /${name} SCN` : `/Pattern cs /${name} scn`
}

/** Tiles put together in one at most. */
const mostTiles = 20_000

/**
 * Turned tiles show seams where they meet, so they are put together to one that holds all of the map. Level ones lie on whole pixels, and stay as
 * they are.
 */
function spreadPattern(pattern: ScenePattern, content: PdfContent): SpreadPattern {
  const { width, height, turn, x, y, items } = pattern
  const tile = contentOf(items, content)
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const { extent } = content
  const corners = [0, extent.width].flatMap(cornerX => [0, extent.height].map(cornerY => [cornerX - x, cornerY - y] as const))
  const along = corners.map(([dx, dy]) => (dx * cos + dy * sin) / width)
  const across = corners.map(([dx, dy]) => (dy * cos - dx * sin) / height)
  const [left, top] = [Math.floor(Math.min(...along)), Math.floor(Math.min(...across))]
  const [columns, rows] = [Math.ceil(Math.max(...along)) - left, Math.ceil(Math.max(...across)) - top]
  if (turn === 0 || columns * rows > mostTiles) return { pattern, content: tile }
  const form = content.resources.form(tile, { width, height })
  const out = openTextPieces('latin1', content.check)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out.add(`q 1 0 0 1 ${decimal(column * width, 4)} ${decimal(row * height, 4)} cm /${form} Do Q\n`)
  const [u, v] = [left * width, top * height]
  const spread = { turn, width: columns * width, height: rows * height, x: x + u * cos - v * sin, y: y + u * sin + v * cos }
  return { pattern: spread, content: out.finish() }
}

function writeUse({ symbol, x, y, cos, sin, opacity }: SceneUse, content: PdfContent): void {
  const { out, resources } = content
  const name = resources.symbol(symbol, () => contentOf(symbol.items, content))
  const state = opacity < 1 ? `/${resources.state(opacity, opacity)} gs ` : ''
  const [c, s] = [decimal(cos, 6), decimal(sin, 6)]
  out.add(`q ${state}${c} ${s} ${decimal(-sin, 6)} ${c} ${decimal(x)} ${decimal(y)} cm /${name} Do Q\n`)
}

function pictureOf({ x, y, width, height, picture }: ScenePicture, resources: PdfResources): string {
  // pictures stand upright in a space whose y runs up
  const place = `${decimal(width)} 0 0 ${decimal(-height)} ${decimal(x)} ${decimal(y + height)} cm`
  return `q ${place} /${resources.picture(picture)} Do Q\n`
}

function writeGroup({ items, opacity = 1, blend = 'normal', x = 0, y = 0, clip }: SceneGroup, content: PdfContent): void {
  const { out, resources } = content
  const isGroup = opacity < 1 || blend !== 'normal'
  const inner = clip ? { ...content, extent: clip } : content
  const name = resources.form(contentOf(items, inner), { ...(clip ?? everywhere), isGroup, x, y })
  out.add(`q /${resources.state(opacity, opacity, blend)} gs /${name} Do Q\n`)
}
