import { Problem } from '#core/problem.js'
import type { Kvp } from '#protocols/ows/kvp.js'

/** Something that a map can be asked for as. */
export interface MapFormat {
  /** What drawing it is asked for by. */
  readonly mediaType: string
  /** Pixels; shapes and texts, which can be printed; or the features themselves. */
  readonly kind: 'picture' | 'document' | 'data'
  /** Names in capabilities. The answer comes under the one it was asked for by. */
  readonly listed: readonly string[]
  /** Other names that clients send for it. */
  readonly alsoAs: readonly string[]
  /** No pixel of it can be transparent. */
  readonly isOpaque?: boolean
  /** What browsers save it as, instead of showing it. */
  readonly fileName?: string
}

const picture = (mediaType: string, alsoAs: readonly string[] = [], listed: readonly string[] = [mediaType]): MapFormat => ({
  kind: 'picture',
  mediaType,
  listed,
  alsoAs,
})
const document = (mediaType: string, ...alsoAs: readonly string[]): MapFormat => ({
  kind: 'document',
  mediaType,
  listed: [mediaType],
  alsoAs,
})

const data = (mediaType: string, ...alsoAs: readonly string[]): MapFormat => ({ kind: 'data', mediaType, listed: [mediaType], alsoAs })

/** Every format of maps, in the order of capabilities; the first is the usual one. Parameters that no name has are left aside. */
export const mapFormats: readonly MapFormat[] = [
  picture('image/png', ['png', 'image/x-png', 'image/png24', 'image/png32']),
  picture('image/png; mode=8bit', ['image/png8', 'png8']),
  { ...picture('image/jpeg', ['image/jpg', 'image/pjpeg', 'jpeg', 'jpg']), isOpaque: true },
  // not listed: OGC's suites want what is listed to come under that name, and these come as what they are
  picture('image/vnd.jpeg-png', [], []),
  picture('image/vnd.jpeg-png8', [], []),
  picture('image/webp', ['webp']),
  picture('image/avif', ['avif']),
  picture('image/gif', ['gif']),
  picture('image/tiff', ['image/tiff8', 'image/geotiff8'], ['image/tiff', 'image/geotiff', 'image/tiff;application=geotiff']),
  document('image/svg+xml', 'image/svg', 'svg'),
  document('application/pdf', 'pdf'),
  { ...data('application/vnd.google-earth.kml+xml', 'application/vnd.google-earth.kml', 'kml'), fileName: 'map.kml' },
  { ...data('application/vnd.google-earth.kmz', 'application/vnd.google-earth.kmz+xml', 'kmz'), fileName: 'map.kmz' },
  data('application/json;type=geojson', 'application/geo+json', 'geojson'),
  data('application/json;type=utfgrid', 'utfgrid'),
]

/** Names of maps, the preferred one first. */
export const mapFormatNames: readonly string[] = mapFormats.flatMap(({ listed }) => listed)

/** Those of legends that are worth telling of; they come in every format that is drawn, too. */
export const legendFormatNames: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/svg+xml']

/** FORMAT of a map. Throws `missing-parameter`, `unsupported-format`. */
export function mapFormat(kvp: Kvp): MapFormat {
  const asked = kvp.get('FORMAT')
  if (asked === undefined)
    throw new Problem('missing-parameter', `FORMAT is missing; ${mapFormatNames.join(' or ')} would work.`, { locator: 'format' })
  const name = normal(asked)
  const format = byName.get(name) ?? byName.get(name.split(';')[0])
  if (format) return format
  const known = mapFormatNames.join(' or ')
  throw new Problem('unsupported-format', `FORMAT=${asked.slice(0, 100)} is not a format of maps here; ${known} would work.`, {
    locator: 'format',
  })
}

/** FORMAT of what is drawn without being a map of features: legends. Throws as `mapFormat`. */
export function drawnFormat(kvp: Kvp): MapFormat {
  return allowed(mapFormat(kvp), ['picture', 'document'])
}

/** FORMAT of what is pixels only: exceptions. Throws as `mapFormat`. */
export function pictureFormat(kvp: Kvp): MapFormat {
  return allowed(mapFormat(kvp), ['picture'])
}

function allowed(format: MapFormat, kinds: readonly MapFormat['kind'][]): MapFormat {
  if (kinds.includes(format.kind)) return format
  throw new Problem('unsupported-format', `FORMAT=${format.mediaType} is no picture; image/png would work.`, { locator: 'format' })
}

/** The type an answer is sent as: FORMAT where it is listed, however it is spelled, else what it was written as. */
export function sentType(kvp: Kvp, written: string): string {
  const asked = normal(kvp.get('FORMAT') ?? '')
  return mapFormatNames.find(name => normal(name) === asked) ?? written
}

/** In small letters, without spaces around semicolons; other spaces are pluses that were not escaped. */
function normal(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/\s*;\s*/g, ';')
    .replace(/\s+/g, '+')
}

const byName: ReadonlyMap<string, MapFormat> = new Map(
  mapFormats.flatMap(format => [format.mediaType, ...format.listed, ...format.alsoAs].map(name => [normal(name), format] as const)),
)
