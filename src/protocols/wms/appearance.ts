import type { Limits } from '#core/atlas.js'
import { standardDpi } from '#core/draw-map.js'
import { Problem } from '#core/problem.js'
import type { Background } from '#core/queries.js'
import type { Kvp } from '#protocols/ows/kvp.js'

/** What images are encoded as. */
export type MapFormat = PictureFormat | 'image/svg+xml' | 'application/pdf'
export type PictureFormat = 'image/png' | 'image/jpeg' | 'image/tiff'

/** Media types of maps, the preferred one first. A GeoTIFF has three names; it comes under the one it was asked for by. */
export const mapFormats: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/tiff',
  'image/geotiff',
  'image/tiff;application=geotiff',
  'image/svg+xml',
  'application/pdf',
]

/** Those of legends that are worth telling of; clients that draw in TIFF get them so, too. */
export const legendFormats: readonly string[] = ['image/png', 'image/jpeg', 'image/svg+xml']

/** Other names that clients send for them. */
const formatNames: Readonly<Record<string, MapFormat>> = {
  'image/png': 'image/png',
  'image/png8': 'image/png',
  'image/png24': 'image/png',
  'image/png32': 'image/png',
  'image/x-png': 'image/png',
  png: 'image/png',
  'image/jpeg': 'image/jpeg',
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  'image/tiff': 'image/tiff',
  'image/geotiff': 'image/tiff',
  'image/svg+xml': 'image/svg+xml',
  // a plus that was not escaped
  'image/svg xml': 'image/svg+xml',
  'image/svg': 'image/svg+xml',
  svg: 'image/svg+xml',
  'application/pdf': 'application/pdf',
  pdf: 'application/pdf',
}

/** FORMAT of a map; parameters such as `; mode=8bit` are left aside. Throws `missing-parameter`, `unsupported-format`. */
export function mapFormat(kvp: Kvp): MapFormat {
  const asked = kvp.get('FORMAT')
  if (asked === undefined)
    throw new Problem('missing-parameter', `FORMAT is missing; ${mapFormats.join(' or ')} would work.`, { locator: 'format' })
  const name = asked.split(';')[0].trim().toLowerCase()
  if (Object.hasOwn(formatNames, name)) return formatNames[name]
  throw new Problem(
    'unsupported-format',
    `FORMAT=${asked.slice(0, 100)} is not a format of maps here; ${mapFormats.join(' or ')} would work.`,
    {
      locator: 'format',
    },
  )
}

/** Whether a map is written as shapes and texts, which can be printed. */
export const isDocument = (format: MapFormat): format is Exclude<MapFormat, PictureFormat> =>
  format === 'image/svg+xml' || format === 'application/pdf'

/** The same for pictures: documents are none. */
export function pictureFormat(kvp: Kvp): PictureFormat {
  const format = mapFormat(kvp)
  if (!isDocument(format)) return format
  throw new Problem('unsupported-format', `FORMAT=${format} is no picture; image/png would work.`, {
    locator: 'format',
  })
}

/** The type a map is sent as: FORMAT where it is one of the list, however it is spelled. */
export function sentType(kvp: Kvp, encoded: string): string {
  const asked = kvp.get('FORMAT')?.toLowerCase().replace(/\s/g, '')
  return mapFormats.find(format => format === asked) ?? encoded
}

/** TRANSPARENT and BGCOLOR (OGC 06-042, 7.3.3.9 and 7.3.3.10): opaque white when absent. Throws `invalid-parameter`. */
export function backgroundOf(kvp: Kvp): Background {
  const transparent = kvp.get('TRANSPARENT') ?? 'false'
  return { isTransparent: /^(true|t|yes|on|1)$/i.test(transparent), color: colorOf(kvp.get('BGCOLOR') ?? '0xFFFFFF') }
}

function colorOf(text: string): number {
  const digits = /^(?:0x|#)?([0-9a-f]{6})$/i.exec(text)?.[1]
  if (digits !== undefined) return Number.parseInt(digits, 16)
  throw new Problem('invalid-parameter', `BGCOLOR=${text.slice(0, 40)} is not a colour; 0xRRGGBB would be.`, { locator: 'bgcolor' })
}

/** Pixels per inch that QGIS, MapServer and GeoServer clients tell in three ways (T-3). What makes no sense is taken as not said. */
export function dpiOf(kvp: Kvp): number {
  const said = [kvp.get('DPI'), kvp.get('MAP_RESOLUTION'), formatOption(kvp, 'dpi')]
  const dpi = said.map(Number).find(number => number >= 10 && number <= 2400)
  return dpi ?? standardDpi
}

/**
 * Quality of lossy formats in the parameter QUALITY, or as GeoServer's clients say it. Vendor parameters are no reason to refuse a map: what is no
 * number is taken as not said, what is beyond the limits as the nearest within.
 */
export function qualityOf(kvp: Kvp, { qualityMin, qualityMax }: Limits): number | undefined {
  const said = [kvp.get('QUALITY'), formatOption(kvp, 'quality')].find(text => text !== undefined && /^[+-]?\d+(\.\d*)?$/.test(text))
  return said === undefined ? undefined : Math.min(Math.max(Math.round(Number(said)), qualityMin), qualityMax)
}

/** One of GeoServer's `FORMAT_OPTIONS=name:value;name:value`; names in any case, values with colons of their own. */
export function formatOption(kvp: Kvp, name: string): string | undefined {
  const options = (kvp.get('FORMAT_OPTIONS') ?? '').split(';').map(option => option.split(':'))
  const [, ...value] = options.find(([said]) => said.trim().toLowerCase() === name) ?? []
  return value.length > 0 ? value.join(':').trim() : undefined
}
