import { drawMap } from '#core/draw-map.js'
import { backgroundOf, dpiOf, mapFormat, qualityOf, refuseStyling, sentType } from './appearance.js'
import type { WmsOperation } from './call.js'
import { styledLayers } from './layers.js'
import { mapFrame } from './map-frame.js'

/** GetMap (OGC 06-042, 7.3; OGC 01-068r3, 7.2). */
export const getMap: WmsOperation = {
  version: 'required',
  isImage: true,
  answer: async ({ context: { renderer }, request, kvp, version }) => {
    const { view, deadline, signal, timings } = request
    refuseStyling(kvp)
    const layers = styledLayers(view, kvp)
    const mediaType = mapFormat(kvp)
    const background = backgroundOf(kvp)
    const quality = qualityOf(kvp, view.atlas.limits)
    const query = {
      layers,
      ...mapFrame(kvp, version),
      background: mediaType === 'image/jpeg' ? { ...background, isTransparent: false } : background,
      mediaType,
      ...(quality !== undefined && { quality }),
      dpi: dpiOf(kvp),
    }
    const image = await drawMap(query, { renderer, limits: view.atlas.limits, deadline }, signal)
    Object.assign(timings, image.timings)
    return { status: 200, mediaType: sentType(kvp, image.mediaType), body: image.bytes }
  },
}
