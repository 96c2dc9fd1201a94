import { startPdf } from './pdf.js'
import { startSvg } from './svg.js'
import type { VectorFormat } from './vector-format.js'

/** Every format in which maps are written as shapes instead of pixels. */
export function startVectorFormats(): readonly VectorFormat[] {
  return [startSvg(), startPdf()]
}
