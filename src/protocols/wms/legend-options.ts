import { standardDpi } from '#core/draw-map.js'
import { type LegendFont, type LegendLook, layOutLegend } from '#core/legend/legend-layout.js'
import { legendRows } from '#core/legend/legend-rows.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import type { Style } from '#styles/style.js'

/** Pixels of a symbol when the client does not say; LegendURL in capabilities says the same. */
export const legendSymbol = { width: 24, height: 18 } as const
export const usualLook: LegendLook = { ...legendSymbol, font: { size: 12, color: '#000000' }, labels: 'auto' }

const largestSymbol = 500
const mostColumns = 20

export interface LegendOptions {
  readonly look: LegendLook
  readonly dpi: number
  /** Only rules with features in BBOX. */
  readonly hidesEmpty: boolean
  readonly hasTitles: 'auto' | 'on' | 'off'
}

/** WIDTH, HEIGHT and GeoServer's LEGEND_OPTIONS (M7): hints, of which what makes no sense is taken as not said (OGC 05-078r4, 12.2.6). */
export function legendOptions(kvp: Kvp): LegendOptions {
  const pairs = (kvp.get('LEGEND_OPTIONS') ?? '').split(';').map(pair => {
    const colon = pair.indexOf(':')
    return [pair.slice(0, colon).trim().toLowerCase(), pair.slice(colon + 1).trim()] as const
  })
  const options = new Map(pairs.slice(0, 100))
  const number = (name: string, least: number, most: number) => {
    const value = Number(options.get(name) ?? Number.NaN)
    return value >= least && value <= most ? value : undefined
  }
  const toggle = (name: string) => {
    const said = options.get(name)?.toLowerCase()
    return said === 'on' || said === 'true' ? 'on' : said === 'off' || said === 'false' ? 'off' : 'auto'
  }
  const columns = number('columns', 1, mostColumns)
  return {
    look: {
      width: side(kvp, 'WIDTH'),
      height: side(kvp, 'HEIGHT'),
      font: fontOf(options, number('fontsize', 4, 100)),
      labels: toggle('forcelabels'),
      ...(columns !== undefined && { columns: Math.round(columns) }),
    },
    dpi: number('dpi', 10, 2400) ?? standardDpi,
    hidesEmpty: toggle('hideemptyrules') === 'on',
    hasTitles: toggle('forcetitles'),
  }
}

function fontOf(options: ReadonlyMap<string, string>, size = usualLook.font.size): LegendFont {
  const family = options.get('fontname')?.slice(0, 100)
  const color = /^(?:0x|#)?([0-9a-f]{6})$/i.exec(options.get('fontcolor') ?? '')?.[1]
  const style = (options.get('fontstyle') ?? '').toLowerCase()
  return {
    size,
    color: color === undefined ? usualLook.font.color : `#${color.toLowerCase()}`,
    ...(family && { family }),
    ...(style.includes('bold') && { isBold: true }),
    ...(style.includes('italic') && { isItalic: true }),
  }
}

function side(kvp: Kvp, name: 'WIDTH' | 'HEIGHT'): number {
  const pixels = Math.round(Number(kvp.get(name) ?? Number.NaN))
  const usual = name === 'WIDTH' ? legendSymbol.width : legendSymbol.height
  return pixels >= 1 ? Math.min(pixels, largestSymbol) : usual
}

const sizes = new WeakMap<Style, { readonly width: number; readonly height: number }>()

/** Size in pixels of the legend of a style, when nobody asks for another. */
export function legendSize(style: Style): { readonly width: number; readonly height: number } {
  const known = sizes.get(style)
  if (known) return known
  const { width, height } = layOutLegend([{ rows: legendRows(style) }], usualLook)
  sizes.set(style, { width, height })
  return { width, height }
}
