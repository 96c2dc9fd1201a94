import { identify } from '#core/identify.js'
import { Problem } from '#core/problem.js'
import type { Tolerance } from '#core/queries.js'
import type { GmlVersionName } from '#formats/features/gml-version.js'
import { contentSecurityPolicy } from '#protocols/http/html.js'
import { rootUrl } from '#protocols/http/root-url.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { answerLanguage } from '#protocols/ows/language.js'
import { schemaAddress } from '#protocols/ows/namespace-schema.js'
import { backgroundOf, dpiOf } from './appearance.js'
import type { WmsOperation } from './call.js'
import { narrowedLayers } from './dimension-parameters.js'
import { infoFormat } from './info-format.js'
import { isQueryable } from './layer-tree.js'
import { queriedLayers } from './layers.js'
import { type MapFrame, mapFrame } from './map-frame.js'
import { styleVariables } from './style-variables.js'
import { requestedLayers } from './styling.js'
import type { WmsVersion } from './versions.js'

/** Radius in pixels when the client does not say: what a mouse hits without aiming. */
const defaultTolerance = 4
/** The largest radius: beyond it, a click is a search. */
const maxTolerance = 50

/** GetFeatureInfo (OGC 06-042, 7.4; OGC 01-068r3, 7.3). Geometries are in the CRS of the map. */
export const getFeatureInfo: WmsOperation = {
  version: 'required',
  isImage: false,
  answer: async ({ context, request, kvp, version }) => {
    const { view, signal, timings } = request
    const hasLayers = kvp.get('LAYERS') !== undefined || kvp.get('SLD') !== undefined || kvp.get('SLD_BODY') !== undefined
    const named = await requestedLayers({ context, request, kvp }, hasLayers ? 'LAYERS' : 'QUERY_LAYERS')
    const { layers: shown, headers } = narrowedLayers(named, kvp, version)
    const layers = queriedLayers(view, kvp, shown)
    for (const { collection } of layers)
      if (!isQueryable(collection))
        throw new Problem('not-queryable', `${collection.id} has nothing to tell about a place; layers marked queryable would work.`, {
          locator: 'query_layers',
        })
    const { format, mediaType } = infoFormat(kvp)
    const frame = mapFrame(kvp, version)
    const variables = styleVariables(kvp)
    const map = {
      layers: shown,
      ...frame,
      background: backgroundOf(kvp),
      mediaType: 'image/png',
      dpi: dpiOf(kvp),
      ...(variables && { variables }),
    }
    const started = performance.now()
    const found = await identify(
      { map, layers, ...pixel(kvp, version, frame), featureCount: featureCount(kvp), tolerance: tolerance(kvp) },
      { stores: context.stores, limits: view.atlas.limits },
      signal,
    )
    timings.identify = performance.now() - started
    const { service, namespaces } = view.atlas
    const language = answerLanguage(kvp.get('LANGUAGE'), request.languages, service.languages)
    const languages = [language, ...service.languages]
    const namespace = `${rootUrl(request)}/ns`
    const addressOf = (prefix: string, ids: readonly string[], version: GmlVersionName) => schemaAddress(namespace, prefix, ids, version)
    const body = format.encode(found, { languages, namespaces, namespace, schemaAddress: addressOf })
    return {
      status: 200,
      mediaType,
      body,
      headers: { ...headers, 'content-security-policy': contentSecurityPolicy, 'content-language': language },
    }
  },
}

/** I and J, or X and Y in 1.1.1: counted from 0 at the upper left. Fractions are of the pixel they lie in. */
function pixel(kvp: Kvp, version: WmsVersion, { width, height }: MapFrame): { column: number; row: number } {
  return { column: position(kvp, version.column, width), row: position(kvp, version.row, height) }
}

function position(kvp: Kvp, names: readonly string[], size: number): number {
  const name = names.find(name => kvp.get(name) !== undefined) ?? names[0]
  const text = kvp.get(name)
  const locator = name.toLowerCase()
  if (text === undefined) throw new Problem('missing-parameter', `${name} is missing; 0 to ${size - 1} would work.`, { locator })
  const place = /^\+?\d{1,9}(?:\.\d*)?$/.test(text) ? Math.floor(Number(text)) : -1
  if (place >= 0 && place < size) return place
  throw new Problem('invalid-point', `${name}=${text.slice(0, 40)} is not a pixel of the map; 0 to ${size - 1} would be.`, { locator })
}

/** 1 when it is absent or not a positive integer (OGC 06-042, 7.4.3.6). */
function featureCount(kvp: Kvp): number {
  const text = kvp.get('FEATURE_COUNT') ?? ''
  return /^\d{1,9}$/.test(text) ? Math.max(1, Number(text)) : 1
}

/** The radii that clients of QGIS Server send, by shape, and those of GeoServer and MapServer, which are for all; the greater where both are sent. */
function tolerance(kvp: Kvp): Tolerance {
  const greatest = (...names: readonly string[]) => {
    const said = names.map(name => Number(kvp.get(name) ?? Number.NaN)).filter(pixels => pixels >= 0)
    return said.length === 0 ? defaultTolerance : Math.min(maxTolerance, Math.max(...said))
  }
  return {
    point: greatest('FI_POINT_TOLERANCE', 'BUFFER', 'RADIUS'),
    line: greatest('FI_LINE_TOLERANCE', 'BUFFER', 'RADIUS'),
    polygon: greatest('FI_POLYGON_TOLERANCE', 'BUFFER', 'RADIUS'),
  }
}
