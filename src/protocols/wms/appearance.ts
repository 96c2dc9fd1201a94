import { standardDpi } from '#core/draw-map.js'
import { Problem } from '#core/problem.js'
import type { Background } from '#core/queries.js'
import type { Kvp } from '#protocols/ows/kvp.js'

/** Media types of maps, the preferred one first. */
export const mapFormats = ['image/png', 'image/jpeg'] as const
export type MapFormat = (typeof mapFormats)[number]

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
  const said = [kvp.get('DPI'), kvp.get('MAP_RESOLUTION'), /(?:^|;)\s*dpi:([^;]*)/i.exec(kvp.get('FORMAT_OPTIONS') ?? '')?.[1]]
  const dpi = said.map(Number).find(number => number >= 10 && number <= 2400)
  return dpi ?? standardDpi
}

/** Refuses styles sent along: an image in others than those would be a wrong one. Throws `unsupported`. */
export function refuseStyling(kvp: Kvp): void {
  for (const name of ['SLD', 'SLD_BODY'])
    if (kvp.get(name) !== undefined)
      throw new Problem(
        'unsupported',
        `${name} is not read by this server; one of the styles in its capabilities, by STYLES, would work.`,
        {
          locator: name.toLowerCase(),
        },
      )
}
