import { oklch } from './oklch.js'
import type { FillSymbolizer, LineSymbolizer, PointSymbolizer, Style, StylePass, Symbolizer } from './style.js'

type DrawnType = 'point' | 'line' | 'polygon' | 'mixed'

/**
 * A style for a collection nobody has styled: its hue is drawn from the name, so that it stays the same on every machine; polygons are lighter than
 * their outline, lines have a casing and points a halo, which carry them over imagery and vanish on white; all grow towards large scales.
 * `type` is the declared PostGIS type of the geometry (`MULTIPOLYGON`, `CURVEPOLYGONZ`, `GEOMETRY`, …), or `raster`.
 */
export function defaultStyle(name: string, type: string): Style {
  if (type === 'raster') return plainStyle([{ kind: 'raster', opacity: 1 }], 'raster')
  const hue = hueOf(name)
  const passes = (['polygon', 'line', 'point'] as const).flatMap(drawn => {
    if (drawnType(type) === drawn) return painters[drawn].map(painter => passOf(painter, hue))
    return drawnType(type) === 'mixed' ? painters[drawn].map(painter => passOf(painter, hue, drawn)) : []
  })
  return { passes }
}

/** A style of one rule, which holds always. */
export function plainStyle(symbolizers: readonly Symbolizer[], name = ''): Style {
  return { passes: [{ rules: [{ name, symbolizers }] }] }
}

/** What a pass draws at the scales of a band. */
type Painter = (band: Band, hue: number) => readonly Symbolizer[]

/** One rule a band, outlines and casings in passes of their own: so they join. */
function passOf(painter: Painter, hue: number, only?: 'polygon' | 'line' | 'point'): StylePass {
  return {
    rules: bands.flatMap((band, i) => {
      const symbolizers = painter(band, hue)
      if (symbolizers.length === 0) return []
      const scales = {
        ...(i > 0 && { minScaleDenominator: bands[i - 1].below }),
        ...(Number.isFinite(band.below) && { maxScaleDenominator: band.below }),
      }
      return [{ name: band.name, ...scales, ...(only && { geometryTypes: [only] }), symbolizers }]
    }),
  }
}

function drawnType(geometryType: string): DrawnType {
  const type = geometryType.toUpperCase()
  if (type.includes('POINT')) return 'point'
  if (/POLYGON|SURFACE|TRIANGLE|TIN/.test(type)) return 'polygon'
  if (/LINE|CURVE|CIRCULARSTRING/.test(type)) return 'line'
  return 'mixed'
}

/** Hues of the palette, evenly spaced: neighbours can still be told apart. */
const hues = 24
/** Sizes, in pixels of 0.28 mm, below a scale denominator. */
interface Band {
  readonly name: string
  readonly below: number
  readonly outline: number
  readonly outlineOpacity: number
  readonly line: number
  readonly casing: number
  readonly radius: number
  readonly halo: number
}

/** From large scales to small ones: houses, streets, towns, districts, regions, countries. */
const bands: readonly Band[] = [
  { name: 'houses', below: 4_000, outline: 1.2, outlineOpacity: 1, line: 3, casing: 1.2, radius: 5, halo: 1.6 },
  { name: 'streets', below: 12_000, outline: 0.9, outlineOpacity: 0.95, line: 2, casing: 0.9, radius: 4, halo: 1.3 },
  { name: 'towns', below: 35_000, outline: 0.7, outlineOpacity: 0.8, line: 1.3, casing: 0.6, radius: 3, halo: 1 },
  { name: 'districts', below: 120_000, outline: 0.5, outlineOpacity: 0.7, line: 0.9, casing: 0.4, radius: 2.5, halo: 0.8 },
  { name: 'regions', below: 500_000, outline: 0.5, outlineOpacity: 0.6, line: 0.8, casing: 0.3, radius: 2.2, halo: 0.6 },
  { name: 'countries', below: Number.POSITIVE_INFINITY, outline: 0.5, outlineOpacity: 0.6, line: 0.8, casing: 0, radius: 2, halo: 0.5 },
]

function fill(_: Band, hue: number): readonly FillSymbolizer[] {
  return [{ kind: 'fill', color: oklch(0.82, 0.085, hue), opacity: 0.6 }]
}

function outline({ outline: width, outlineOpacity: opacity }: Band, hue: number): readonly LineSymbolizer[] {
  return [{ kind: 'line', stroke: { color: oklch(0.47, 0.11, hue), opacity, width, join: 'mitre' } }]
}

function line({ line: width }: Band, hue: number): readonly LineSymbolizer[] {
  return [{ kind: 'line', stroke: { color: oklch(strong(0.57, hue), 0.15, hue), opacity: 1, width, ...roundStroke } }]
}

function casing({ line: width, casing }: Band): readonly LineSymbolizer[] {
  return casing > 0 ? [{ kind: 'line', stroke: { color: '#ffffff', opacity: 0.85, width: width + 2 * casing, ...roundStroke } }] : []
}

const painters = { polygon: [fill, outline], line: [casing, line], point: [mark] } as const satisfies Record<string, readonly Painter[]>

const roundStroke = { cap: 'round', join: 'round' } as const

function mark({ radius, halo }: Band, hue: number): readonly PointSymbolizer[] {
  const circle = (radius: number, color: string, opacity: number): PointSymbolizer => ({
    kind: 'point',
    graphic: { shapes: [{ kind: 'mark', shape: 'circle', color, opacity }], size: 2 * radius },
  })
  return [circle(radius + halo, '#ffffff', 0.9), circle(radius, oklch(strong(0.55, hue), 0.17, hue), 1)]
}

/** Orange and yellow are lighter than other colours of the same strength: dark, they are brown. */
function strong(lightness: number, hue: number): number {
  return lightness + 0.1 * Math.max(0, Math.cos(((hue - 80) * Math.PI) / 180))
}

/** FNV-1a over the name's characters, spread over the palette. */
function hueOf(name: string): number {
  let hash = 0x811c9dc5
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (((hash >>> 12) % hues) * 360) / hues
}
