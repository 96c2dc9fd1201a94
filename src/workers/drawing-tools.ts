import { type ImageFormat, startImageFormats } from '#formats/images/index.js'
import { startVectorFormats } from '#formats/vector/index.js'
import type { VectorFormat } from '#formats/vector/vector-format.js'
import { createBoundedCache } from '#render/bounded-cache.js'
import type { BrushTools } from '#render/brushes/tools.js'
import { glyphContours } from '#render/glyph-contours.js'
import { createIconShelf, type IconShelf } from '#render/icon-shelf.js'
import { type DrawKernel, startDrawKernel } from '#render/kernels/draw-kernel.js'
import { openFontLibrary } from '#render/labels/fonts/font-library.js'
import type { CellCache, LabelCells } from '#render/labels/label-cells.js'
import { createLabelEngine, type LabelEngine } from '#render/labels/label-engine.js'
import { type planStyle, stylePlanner } from '#render/plan-style.js'
import { RenderError } from '#render/render-error.js'
import { type BlankImages, createBlankImages } from './blank-images.js'

/** What a thread draws with and keeps from map to map. */
export interface DrawingTools {
  readonly formats: readonly ImageFormat[]
  readonly vectorFormats: readonly VectorFormat[]
  readonly icons: IconShelf
  readonly planStyle: typeof planStyle
  /** A kernel whose canvas may be lost at any time, to draw patterns in; started when it is first needed. */
  readonly spareKernel: () => DrawKernel
  /** Fonts are opened when the first text is drawn. */
  readonly labels: () => Promise<LabelEngine>
  /** Outlines of characters as marks. */
  readonly glyphs: () => Promise<NonNullable<BrushTools['glyph']>>
  /** Maps on which there is nothing, encoded, by format, size and colour. */
  readonly blankImages: BlankImages
  /** Labels placed for tiles, of all levels. */
  readonly placedCells: CellCache
  /** The cells of levels that were drawn last. */
  readonly labelCells: Map<string, { readonly cells: LabelCells; readonly born: number }>
}

/** Of placed labels of tiles, in each thread. */
const placedBytes = 8e6

/** `fonts`: folders of fonts beside those that come with the program. */
export function startDrawingTools(fonts: readonly string[] = []): DrawingTools {
  let spare: DrawKernel | undefined
  let engine: Promise<LabelEngine> | undefined
  const tools: DrawingTools = {
    formats: startImageFormats(),
    planStyle: stylePlanner(),
    vectorFormats: startVectorFormats(),
    // what lies beside a style has become part of it when it was published
    icons: createIconShelf({
      load: async () => {
        throw new RenderError('invalid', 'Icons are read when a style is published, and from data: addresses.')
      },
    }),
    blankImages: createBlankImages(),
    placedCells: createBoundedCache(placedBytes),
    labelCells: new Map(),
    labels() {
      engine ??= openFontLibrary(fonts).then(fonts => createLabelEngine({ fonts }))
      return engine
    },
    async glyphs() {
      const { fonts } = await tools.labels()
      return (family, character) => {
        // letters of another font would be no symbols
        if (!fonts.families.some(name => name.toLowerCase() === family.toLowerCase())) return undefined
        const face = fonts.face(fonts.choose([family], 400, false)[0])
        const [glyph] = face?.covers(character.codePointAt(0) ?? 0)
          ? face.shape(character, 0, character.length, false, undefined).glyphs
          : []
        return face && glyph !== undefined ? glyphContours(face.outline(glyph)) : undefined
      }
    },
    spareKernel() {
      spare ??= startDrawKernel()
      return spare
    },
  }
  return tools
}
