import { drawMap } from '#core/draw-map.js'
import { textIn } from '#core/text.js'
import { tileOfMap } from '#core/tile-of-map.js'
import { answerLanguage } from '#protocols/ows/language.js'
import { backgroundOf, dpiOf, qualityOf } from './appearance.js'
import type { WmsOperation } from './call.js'
import { dataFrame, dataOptions } from './data-options.js'
import { narrowedLayers } from './dimension-parameters.js'
import { mapBuffer } from './map-buffer.js'
import { mapFormat, sentType } from './map-formats.js'
import { mapFrame } from './map-frame.js'
import { printOptions } from './print-options.js'
import { styleVariables } from './style-variables.js'
import { requestedLayers } from './styling.js'

/** GetMap (OGC 06-042, 7.3; OGC 01-068r3, 7.2). */
export const getMap: WmsOperation = {
  version: 'required',
  isImage: true,
  answer: async ({ context, request, kvp, version }) => {
    const { view, deadline, signal, timings } = request
    const { layers, headers } = narrowedLayers(await requestedLayers({ context, request, kvp }), kvp, version)
    const format = mapFormat(kvp)
    const frame = dataFrame(format, mapFrame(kvp, version))
    const quality = qualityOf(kvp, view.atlas.limits)
    const { languages } = view.atlas.service
    const language = answerLanguage(kvp.get('LANGUAGE'), request.languages, languages)
    const titles = () => layers.map(({ collection }) => textIn(collection.title, [language, ...languages]))
    const decoration = format.kind === 'document' ? printOptions(kvp, titles, language) : undefined
    const variables = styleVariables(kvp)
    const isTiled = /^(true|yes|1)$/i.test(kvp.get('TILED') ?? '') && frame.angle === undefined
    const tile = isTiled ? tileOfMap(frame, view.atlas.grids.values()) : undefined
    const buffer = mapBuffer(kvp)
    const query = {
      layers,
      ...frame,
      background: backgroundOf(kvp, format),
      mediaType: format.mediaType,
      ...(quality !== undefined && { quality }),
      dpi: dpiOf(kvp),
      ...(decoration && { decoration }),
      ...(variables && { variables }),
      ...(tile && { tile }),
      ...(buffer !== undefined && { buffer }),
      ...(format.kind === 'data' && { titles: titles(), data: dataOptions(kvp, format, frame, request) }),
    }
    const image = await drawMap(query, { renderer: context.renderer, limits: view.atlas.limits, deadline }, signal)
    Object.assign(timings, image.timings)
    const named = format.fileName && { 'content-disposition': `attachment; filename="${format.fileName}"` }
    return {
      status: 200,
      mediaType: sentType(kvp, image.mediaType),
      body: image.bytes,
      sent: image.giveBack,
      headers: { ...headers, ...named },
    }
  },
}
