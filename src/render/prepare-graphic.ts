import type { IconShelf } from './icon-shelf.js'
import type { Contour } from './mark-shapes.js'
import type { PreparedGraphic } from './pens.js'
import { type MarkLook, prepareContours, prepareMark } from './prepare-mark.js'
import { RenderError } from './render-error.js'
import type { SvgParameters } from './svg-icon.js'

/** A shape of the style model, resolved for one look. */
export type ShapeLook =
  | (Omit<MarkLook, 'size'> & { readonly kind: 'mark'; readonly shape: string })
  | (Omit<MarkLook, 'size'> & { readonly kind: 'glyph'; readonly family: string; readonly character: string })
  | { readonly kind: 'icon'; readonly href: string; readonly parameters?: SvgParameters }

/** A character's contours in the box from -1 to 1 that the em becomes, y down; undefined where no font has it. */
export type GlyphOutline = (family: string, character: string) => readonly Contour[] | undefined

export interface GraphicSources {
  readonly icons: IconShelf
  readonly glyphOutline?: GlyphOutline
}

/** Style pixels (SE 1.1.0, 11.3.2). */
const markSize = 6

/**
 * The first of the shapes that can be drawn. `size`: map pixels of its height; absent: 6 style pixels of marks, and that of the icon.
 * `pixelRatio`: map pixels in a style pixel. Throws `RenderError` with all reasons when none can be drawn.
 */
export async function prepareGraphic(
  shapes: readonly ShapeLook[],
  size: number | undefined,
  pixelRatio: number,
  { icons, glyphOutline }: GraphicSources,
): Promise<PreparedGraphic> {
  const reasons: string[] = []
  for (const shape of shapes) {
    if (shape.kind === 'icon') {
      try {
        return await icons.get(shape.href, { size, pixelRatio, parameters: shape.parameters })
      } catch (error) {
        if (!(error instanceof RenderError)) throw error
        reasons.push(error.message)
      }
      continue
    }
    const look = { ...shape, size: size ?? markSize * pixelRatio }
    if (shape.kind === 'mark') {
      const mark = prepareMark(shape.shape, look)
      if (mark) return mark
      reasons.push(`No mark is named ${shape.shape.slice(0, 60)}.`)
    } else {
      const contours = glyphOutline?.(shape.family, shape.character)
      if (contours) return prepareContours(contours, look)
      reasons.push(`No font ${shape.family.slice(0, 60)} has the character.`)
    }
  }
  throw new RenderError('invalid', reasons.join(' ') || 'A graphic needs a shape.')
}
