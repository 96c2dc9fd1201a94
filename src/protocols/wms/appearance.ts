import type { Limits } from '#core/atlas.js'
import { standardDpi } from '#core/draw-map.js'
import { Problem } from '#core/problem.js'
import type { Background } from '#core/queries.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import type { MapFormat } from './map-formats.js'

/**
 * TRANSPARENT and BGCOLOR (OGC 06-042, 7.3.3.9 and 7.3.3.10): opaque white when absent, and never transparent in a format that is opaque. Throws
 * `invalid-parameter`.
 */
export function backgroundOf(kvp: Kvp, { isOpaque = false }: Pick<MapFormat, 'isOpaque'> = {}): Background {
  const transparent = kvp.get('TRANSPARENT') ?? 'false'
  return { isTransparent: !isOpaque && /^(true|t|yes|on|1)$/i.test(transparent), color: colorOf(kvp.get('BGCOLOR') ?? '0xFFFFFF') }
}

function colorOf(text: string): number {
  const digits = /^(?:0x|#)?([0-9a-f]{6})$/i.exec(text)?.[1]
  if (digits !== undefined) return Number.parseInt(digits, 16)
  throw new Problem('invalid-parameter', `BGCOLOR=${text.slice(0, 40)} is not a colour; 0xRRGGBB would be.`, { locator: 'bgcolor' })
}

/** Pixels per inch that QGIS, MapServer and GeoServer clients tell in three ways (T-3). What makes no sense is taken as not said. */
export function dpiOf(kvp: Kvp): number {
  for (const said of [kvp.get('DPI'), kvp.get('MAP_RESOLUTION'), formatOption(kvp, 'dpi')]) {
    const dpi = said === undefined ? 0 : Number(said)
    if (dpi >= 10 && dpi <= 2400) return dpi
  }
  return standardDpi
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
  const said = kvp.get('FORMAT_OPTIONS')
  if (said === undefined) return undefined
  const options = said.split(';').map(option => option.split(':'))
  const [, ...value] = options.find(([option]) => option.trim().toLowerCase() === name) ?? []
  return value.length > 0 ? value.join(':').trim() : undefined
}
