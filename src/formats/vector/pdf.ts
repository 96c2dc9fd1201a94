import { type FontSubsetter, startFontSubsetter } from '#render/labels/fonts/subset-font.js'
import type { Scene } from '#render/vector/scene.js'
import { decimal } from './numbers.js'
import { type PdfContent, writePdfItems } from './pdf-content.js'
import { openPdfFonts } from './pdf-fonts.js'
import { openPdfObjects, pdfText } from './pdf-objects.js'
import { openPdfResources } from './pdf-resources.js'
import { openTextPieces } from './text-pieces.js'
import type { VectorFormat } from './vector-format.js'

/** Points in an inch. */
const inch = 72
/** Of the sides of a page, in its units (ISO 32000-1, annex C). */
const longestSide = 14_400

/**
 * PDF 1.7 (ISO 32000-1), a page as large as the resolution of the map says. Fonts are in it, cut down to the letters that are written: the text looks
 * the same everywhere and can be found and copied. The same scene gives the same bytes.
 */
export function startPdf(): VectorFormat {
  let subset: FontSubsetter | undefined
  const subsetter = () => {
    subset ??= startFontSubsetter()
    return subset
  }
  return { mediaType: 'application/pdf', write: (scene, check) => writePdf(scene, subsetter, check) }
}

function writePdf({ width, height, dpi, background, title, items }: Scene, subset: () => FontSubsetter, check?: () => void): Uint8Array {
  const objects = openPdfObjects()
  const resources = openPdfResources(objects)
  const fonts = openPdfFonts(objects, subset)
  const [catalogue, pages, page, content, info] = Array.from({ length: 5 }, objects.reserve)
  // everything is a form whose space is that of the scene: patterns are laid out in the space of their form
  const main: PdfContent = { out: openTextPieces('latin1', check), objects, resources, fonts, check, extent: { width, height } }
  if (background !== undefined) main.out.add(`${resources.color(background)} rg 0 0 ${decimal(width)} ${decimal(height)} re f\n`)
  writePdfItems(items, main)
  const form = resources.form(main.out.finish(), { width, height, isGroup: true })
  const longest = (Math.max(width, height) * inch) / dpi
  const unit = Math.max(1, Math.ceil(longest / longestSide))
  const scale = inch / dpi / unit
  const [pageWidth, pageHeight] = [decimal(width * scale, 4), decimal(height * scale, 4)]
  objects.putStream(
    content,
    '',
    Buffer.from(`q ${decimal(scale, 8)} 0 0 ${decimal(-scale, 8)} 0 ${pageHeight} cm /${form} Do Q\n`, 'latin1'),
  )
  objects.put(catalogue, `<< /Type /Catalog /Pages ${pages} 0 R >>`)
  objects.put(pages, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`)
  objects.put(
    page,
    `<< /Type /Page /Parent ${pages} 0 R /MediaBox [0 0 ${pageWidth} ${pageHeight}]${unit > 1 ? ` /UserUnit ${unit}` : ''} /Contents ${content} 0 R
/Resources ${resources.id} 0 R /Group << /S /Transparency /CS /DeviceRGB >> >>`,
  )
  objects.put(info, `<< ${title ? `/Title ${pdfText(title)} ` : ''}/Producer (Arpent) >>`)
  resources.finish(fonts.finish())
  return objects.finish(catalogue, info)
}
