import { isExpression } from '../computed.js'
import { parseCssColor } from '../css-color.js'
import type { ColorEntry, ColorMap, RasterSymbolizer } from '../raster-symbolizer.js'
import type { Transformation, Value } from '../style.js'
import { asExpression } from '../values.js'
import type { LayerProperties } from './layer.js'
import { valueAtZoom } from './value-at-zoom.js'

/** A `raster` layer; its opacity at `zoom`. */
export function readRaster(properties: LayerProperties, zoom: number): RasterSymbolizer {
  return { kind: 'raster', opacity: fixed(properties, 'raster-opacity', 1, zoom) }
}

/** Shading as our relief has it: its light and height of the sun, but no colours of its own. */
export function readHillshade(properties: LayerProperties, zoom: number): RasterSymbolizer {
  const light = (name: string, otherwise: number) => {
    const value = properties.constant(name)
    return typeof value === 'number' ? value : Array.isArray(value) && typeof value[0] === 'number' ? value[0] : otherwise
  }
  const azimuth = light('hillshade-illumination-direction', 335)
  const altitude = light('hillshade-illumination-altitude', 45)
  // Half is what MapLibre starts from, and what looks as tall as the land is.
  const exaggeration = 2 * fixed(properties, 'hillshade-exaggeration', 0.5, zoom)
  const numbers = [azimuth, altitude, exaggeration].map(value => ({ kind: 'number', value }) as const)
  return {
    kind: 'raster',
    opacity: 1,
    value: { kind: 'call', name: 'hillshade', arguments: [{ kind: 'band', band: 0 }, ...numbers] },
    range: [0, 255],
  }
}

/** A `color-relief` layer: heights in colours. */
export function readColorRelief(properties: LayerProperties, zoom: number): RasterSymbolizer {
  const colorMap = readRamp(properties, 'color-relief-color', 'elevation')
  return { kind: 'raster', opacity: fixed(properties, 'color-relief-opacity', 1, zoom), ...(colorMap && { colorMap }) }
}

const heatColors = ['rgba(0,0,255,0)', 'royalblue', 'cyan', 'lime', 'yellow', 'red']
const heat: ColorMap = { kind: 'ramp', entries: [0, 0.1, 0.3, 0.5, 0.7, 1].map((value, i) => entry(value, heatColors[i])!) }

/** A `heatmap` layer: density as a transformation, and the colours of it. */
export function readHeatmap(properties: LayerProperties, zoom: number): { raster: RasterSymbolizer; transformation: Transformation } {
  const weight = properties.number('heatmap-weight', 1)
  const intensity = properties.number('heatmap-intensity', 1)
  return {
    raster: {
      kind: 'raster',
      opacity: fixed(properties, 'heatmap-opacity', 1, zoom),
      colorMap: readRamp(properties, 'heatmap-color', 'heatmap-density') ?? heat,
    },
    transformation: {
      kind: 'heatmap',
      radius: fixed(properties, 'heatmap-radius', 30, zoom),
      ...(weight !== 1 && { weight: asExpression(weight) }),
      ...(intensity !== 1 && { intensity }),
    },
  }
}

/** A number that our model has only one of: what it is at a zoom. */
function fixed(properties: LayerProperties, name: string, otherwise: number, zoom: number): number {
  const value: Value<number> = properties.number(name, otherwise)
  if (!isExpression(value)) return value
  const here = valueAtZoom(value, zoom)
  if (here === undefined) properties.note(`${name} is left at its default: it depends on the feature`)
  else properties.note(`${name} changes in steps of one zoom`)
  return here ?? otherwise
}

/** Colours of `["interpolate", ["linear"], [input], …]` or `["step", [input], …]`. */
function readRamp(properties: LayerProperties, name: string, input: string): ColorMap | undefined {
  if (!properties.has(name)) return undefined
  const json = properties.raw(name)
  const [operator, ...rest] = Array.isArray(json) ? json : []
  const isStep = operator === 'step'
  const [how, read, ...values] = isStep ? [['linear'], ...rest] : rest
  const isOfInput = Array.isArray(read) && read[0] === input && Array.isArray(how) && how[0] === 'linear'
  const list = isStep ? [undefined, ...values] : values
  const found = Array.from({ length: list.length >> 1 }, (_, i) => entry(list[2 * i], list[2 * i + 1]))
  if (!isOfInput || (operator !== 'interpolate' && !isStep) || found.includes(undefined) || found.length === 0) {
    properties.note(`${name} is left at its default: only linear interpolations and steps of constant colours are read`)
    return undefined
  }
  const entries = found as ColorEntry[]
  if (!isStep) return { kind: 'ramp', entries }
  // An interval ends below its value, a step begins at it.
  return { kind: 'intervals', entries: entries.map((one, i) => ({ ...one, value: entries[i + 1]?.value ?? Number.MAX_VALUE })) }
}

function entry(value: unknown, text: unknown): ColorEntry | undefined {
  const color = typeof text === 'string' ? parseCssColor(text) : undefined
  if (!color || (value !== undefined && !(typeof value === 'number' && Number.isFinite(value)))) return undefined
  return { value: (value as number | undefined) ?? 0, color: color.color, ...(color.opacity !== 1 && { opacity: color.opacity }) }
}
