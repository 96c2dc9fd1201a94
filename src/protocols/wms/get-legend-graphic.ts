import { findCollection } from '#core/atlas-view.js'
import { Problem } from '#core/problem.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { backgroundOf, pictureFormat } from './appearance.js'
import type { WmsOperation } from './call.js'
import { isLayer } from './layer-tree.js'
import { unknownLayer } from './layers.js'
import { legendImage, legendSymbol } from './legend.js'
import { requestedStyle } from './styling.js'

const largestSymbol = 500

/** GetLegendGraphic (OGC 05-078r4, 12): of a published layer and style, without SLD. */
export const getLegendGraphic: WmsOperation = {
  version: 'negotiated',
  isImage: true,
  answer: async ({ context, request, kvp }) => {
    const { view } = request
    const name = kvp.get('LAYER')
    if (name === undefined)
      throw new Problem('missing-parameter', 'LAYER is missing; the name of one layer would work.', { locator: 'layer' })
    const collection = findCollection(view, name)
    if (!collection || !isLayer(collection)) throw unknownLayer(view, name, 'LAYER')
    const { style } = await requestedStyle({ context, request, kvp }, collection, kvp.get('STYLE') ?? '')
    const mediaType = kvp.get('FORMAT') === undefined ? 'image/png' : pictureFormat(kvp)
    const scale = Number(kvp.get('SCALE') ?? Number.NaN)
    const frame = { width: symbolSide(kvp, 'WIDTH'), height: symbolSide(kvp, 'HEIGHT'), ...(scale > 0 && { scaleDenominator: scale }) }
    const body = await legendImage(style, frame, backgroundOf(kvp), mediaType)
    return { status: 200, mediaType, body, cacheSeconds: 300 }
  },
}

/** Sizes are hints (OGC 05-078r4, 12.2.6): what makes no sense is the usual size. */
function symbolSide(kvp: Kvp, name: 'WIDTH' | 'HEIGHT'): number {
  const pixels = Math.round(Number(kvp.get(name) ?? Number.NaN))
  const usual = name === 'WIDTH' ? legendSymbol.width : legendSymbol.height
  return pixels >= 1 ? Math.min(pixels, largestSymbol) : usual
}
