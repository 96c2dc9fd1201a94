import type { Collection } from '#core/atlas.js'
import type { Link } from '#formats/features/index.js'
import { link, ogcRel } from './documents.js'

/** Pixels of the longer side of the linked map, and of the shorter one at least. */
const [longest, shortest] = [800, 100]

/** What WMS shows of a collection: a map of all of it, and the styles that it can be drawn in, as SLD. */
export function mapLinks({ id, extent, crs }: Collection, baseUrl: string): readonly Link[] {
  if (crs.length === 0 || !extent) return []
  const [west, south, east, north] = extent.crs84
  const scale = longest / Math.max(east - west, north - south)
  if (!Number.isFinite(scale)) return []
  const pixels = (degrees: number) => String(Math.max(shortest, Math.round(degrees * scale)))
  const address = (parameters: Readonly<Record<string, string>>) =>
    `${baseUrl}/wms?${new URLSearchParams({ SERVICE: 'WMS', ...parameters, LAYERS: id })}`
  const map = address({
    VERSION: '1.3.0',
    REQUEST: 'GetMap',
    STYLES: '',
    CRS: 'CRS:84',
    BBOX: extent.crs84.join(','),
    WIDTH: pixels(east - west),
    HEIGHT: pixels(north - south),
    FORMAT: 'image/png',
  })
  return [
    link(map, ogcRel('map'), 'image/png', 'Map'),
    link(address({ VERSION: '1.1.1', REQUEST: 'GetStyles' }), ogcRel('styles'), 'application/vnd.ogc.sld+xml', 'Styles'),
  ]
}
