import { drawnType } from './drawn-type.js'
import { oklch } from './oklch.js'
import { casingOf, fillOf, lineOf, markOf, outlineOf } from './painters.js'
import { type ScaleBand, scaleBands, scalesOf } from './scale-bands.js'
import type { Style, StylePass, Symbolizer } from './style.js'

/**
 * A style for a collection nobody has styled: its hue is drawn from the name, so that it stays the same on every machine; polygons are lighter than
 * their outline, lines have a casing and points a halo, which carry them over imagery and vanish on white; all grow towards large scales.
 * `type` is the declared PostGIS type of the geometry (`MULTIPOLYGON`, `CURVEPOLYGONZ`, `GEOMETRY`, …), or `raster`.
 */
export function defaultStyle(name: string, type: string): Style {
  if (type === 'raster') return plainStyle([{ kind: 'raster', opacity: 1 }], 'raster')
  const painters = paintersOf(hueOf(name))
  const drawn = drawnType(type)
  const passes = (['polygon', 'line', 'point'] as const).flatMap(each => {
    if (drawn === each) return painters[each].map(painter => passOf(painter))
    return drawn === 'mixed' ? painters[each].map(painter => passOf(painter, each)) : []
  })
  return { passes }
}

/** A style of one rule, which holds always. */
export function plainStyle(symbolizers: readonly Symbolizer[], name = ''): Style {
  return { passes: [{ rules: [{ name, symbolizers }] }] }
}

/** What a pass draws at the scales of a band. */
type Painter = (band: ScaleBand) => readonly Symbolizer[]

/** One rule a band, outlines and casings in passes of their own: so they join. */
function passOf(painter: Painter, only?: 'polygon' | 'line' | 'point'): StylePass {
  return {
    rules: scaleBands.flatMap(band => {
      const symbolizers = painter(band)
      return symbolizers.length === 0 ? [] : [{ name: band.name, ...scalesOf(band), ...(only && { geometryTypes: [only] }), symbolizers }]
    }),
  }
}

function paintersOf(hue: number): Readonly<Record<'polygon' | 'line' | 'point', readonly Painter[]>> {
  return {
    polygon: [() => fillOf(oklch(0.82, 0.085, hue), 0.6), band => outlineOf(band, oklch(0.47, 0.11, hue))],
    line: [band => casingOf(band), band => lineOf(band, oklch(strong(0.57, hue), 0.15, hue))],
    point: [band => markOf(band, oklch(strong(0.55, hue), 0.17, hue))],
  }
}

/** Hues of the palette, evenly spaced: neighbours can still be told apart. */
const hues = 24

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
