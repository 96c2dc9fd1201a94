import { Problem } from '#core/problem.js'
import type { DataOptions } from '#core/queries.js'
import { intersectBbox } from '#geo/bbox.js'
import { transformBbox } from '#geo/transform.js'
import { uprightMap } from '#geo/turned-map.js'
import type { ServiceRequest } from '#protocols/http/service.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { formatOption } from './appearance.js'
import type { MapFormat } from './map-formats.js'
import type { MapFrame } from './map-frame.js'

/** Pixels of the largest cell: beyond it, a grid tells nothing. */
const largestCell = 64
/** Characters. */
const longestAddress = 8000

const isKml = ({ mediaType }: MapFormat) => mediaType.startsWith('application/vnd.google-earth.')

/**
 * How a map is written that is its features: `utfresolution` in FORMAT_OPTIONS as MapServer names it; KMSCORE and KMATTR as GeoServer does, alone or in
 * FORMAT_OPTIONS. What makes no sense is taken as not said. `frame`: as `dataFrame` gives it.
 */
export function dataOptions(kvp: Kvp, format: MapFormat, frame: MapFrame, { baseUrl }: Pick<ServiceRequest, 'baseUrl'>): DataOptions {
  const resolution = Number(formatOption(kvp, 'utfresolution') || Number.NaN)
  const options = resolution >= 1 && resolution <= largestCell ? { resolution: Math.round(resolution) } : {}
  if (!isKml(format)) return options
  const said = (name: string) => kvp.get(name) ?? formatOption(kvp, name)
  const score = Number(said('kmscore') || Number.NaN)
  const pictureAddress = address(baseUrl, kvp, pictureOf(frame))
  const kmzAddress = address(baseUrl, kvp, { FORMAT: 'application/vnd.google-earth.kmz' })
  return {
    ...options,
    ...(score >= 0 && score <= 100 && { mostFeatures: featuresOf(score) }),
    ...(/^(false|no|off|0)$/i.test(said('kmattr') ?? '') && { hasAttributes: false }),
    ...(pictureAddress !== undefined && { pictureAddress }),
    ...(kmzAddress !== undefined && { kmzAddress }),
  }
}

/** GeoServer's scale: never, more and more, always. */
function featuresOf(score: number): number {
  if (score === 0) return 0
  return score === 100 ? Number.MAX_SAFE_INTEGER : Math.floor(10 ** (score / 15))
}

/**
 * The frame that a map is told in: what has coordinates is not turned, but told of all that the turned map shows. KML knows longitude and latitude
 * only, and only one world: as wide and high in pixels as was asked. Throws `invalid-parameter` where nothing of the box is there.
 */
export function dataFrame(format: MapFormat, asked: MapFrame): MapFrame {
  const hasCoordinates = isKml(format) || format.mediaType === 'application/json;type=geojson'
  const frame = hasCoordinates ? notTurned(asked) : asked
  if (!isKml(format)) return frame
  const box = transformBbox(frame.bbox, frame.crs, 'EPSG:4326')
  const bbox = box && intersectBbox(box, [-180, -90, 180, 90])
  if (bbox && bbox[0] < bbox[2] && bbox[1] < bbox[3]) return { ...frame, crs: 'EPSG:4326', bbox }
  throw new Problem('invalid-parameter', 'BBOX has no place in longitude and latitude, which KML is in.', { locator: 'bbox' })
}

function notTurned(asked: MapFrame): MapFrame {
  const { angle: _, ...frame } = uprightMap(asked)
  return { ...frame, width: Math.ceil(frame.width), height: Math.ceil(frame.height) }
}

/** The same map as a picture in longitude and latitude, in the words of WMS 1.1.1, where x comes first. */
function pictureOf({ bbox, width, height }: MapFrame): Readonly<Record<string, string | undefined>> {
  return {
    VERSION: '1.1.1',
    CRS: undefined,
    SRS: 'EPSG:4326',
    BBOX: bbox.join(','),
    WIDTH: String(width),
    HEIGHT: String(height),
    FORMAT: 'image/png',
    TRANSPARENT: 'TRUE',
    ANGLE: undefined,
  }
}

/** The address of this request with other values; undefined where it is longer than programs take (a style sent along in a form). */
function address(baseUrl: string, kvp: Kvp, changes: Readonly<Record<string, string | undefined>>): string | undefined {
  const query = new URLSearchParams()
  for (const [name, value] of kvp.pairs()) if (!Object.hasOwn(changes, name.toUpperCase())) query.append(name, value)
  for (const [name, value] of Object.entries(changes)) if (value !== undefined) query.append(name, value)
  const text = `${baseUrl}/wms?${query}`
  return text.length > longestAddress ? undefined : text
}
