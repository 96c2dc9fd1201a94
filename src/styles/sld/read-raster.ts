import type { XmlElement } from '#xml/read.js'
import type { ColorMap, RasterSymbolizer, RasterTones, ValueRange } from '../raster-symbolizer.js'
import { readColorMap } from './read-color-map.js'
import { checkedNumber, readBoolean, readOpacity } from './read-value.js'
import { note, plainText, quoted, type Reading, take, takeParameter, takeText } from './reading.js'
import { takeVendorOptions, type VendorOptions } from './vendor-options.js'

/** A RasterSymbolizer (OGC 05-077r4, 11.5). */
export function readRasterSymbolizer(reading: Reading, element: XmlElement, options: VendorOptions): RasterSymbolizer {
  const opacity = readOpacity(reading, takeParameter(reading, element, 'Opacity'))
  if (typeof opacity !== 'number') note(reading, take(reading, element, 'Opacity')!, 'of rasters is not computed; 1 is taken')
  const channels = readChannels(reading, element)
  const colorMapElement = take(reading, element, 'ColorMap')
  const colorMap = colorMapElement && readColorMap(reading, colorMapElement)
  const contrast = readContrast(reading, element)
  const isShaded = readRelief(reading, element)
  const tones = readTones(options)
  return {
    kind: 'raster',
    opacity: typeof opacity === 'number' ? opacity : 1,
    ...(colorMap ? mapped(reading, element, colorMap, channels, contrast) : { ...channels, ...contrast }),
    ...(tones && { tones }),
    ...(isShaded && { isShaded }),
  }
}

/**
 * A ColorMap is over what the contrast of the gray channel makes of the values, 0 to 255, as GeoServer and QGIS have it: black to white over these is gray.
 * The contrast of the symbolizer comes after it.
 */
function mapped(reading: Reading, element: XmlElement, colorMap: ColorMap, channels: Channels, after: Contrast): Partial<RasterSymbolizer> {
  if (Object.keys(after).length > 0) note(reading, element, 'the contrast of what a ColorMap has coloured is not changed')
  const { range, percentiles, gamma, ...rest } = channels
  if (!range && !percentiles) return { ...rest, colorMap }
  if (isBlackToWhite(colorMap)) return channels
  if (gamma !== undefined) note(reading, element, 'the GammaValue below a ColorMap is not read')
  if (!range) {
    note(reading, element, 'the ColorMap is over the values as they are, and not over a Normalize without a range')
    return { ...rest, colorMap }
  }
  const [least, greatest] = range
  const entries = colorMap.entries.map(entry => ({ ...entry, value: least + (entry.value / 255) * (greatest - least) }))
  return { ...rest, colorMap: { ...colorMap, entries } }
}

function isBlackToWhite({ kind, entries }: ColorMap): boolean {
  const [first, last, ...others] = entries.map(({ value, color, opacity = 1 }) => `${value} ${color} ${opacity}`)
  return kind === 'ramp' && others.length === 0 && first === '0 #000000 1' && last === '255 #ffffff 1'
}

type Contrast = Pick<RasterSymbolizer, 'range' | 'percentiles' | 'gamma'>
type Channels = Contrast & Pick<RasterSymbolizer, 'bands' | 'value' | 'isGray' | 'ranges'>

/** Bands by their number from 1, as GeoServer and QGIS count. */
function readChannels(reading: Reading, symbolizer: XmlElement): Channels {
  const element = take(reading, symbolizer, 'ChannelSelection')
  const gray = take(reading, element, 'GrayChannel')
  const channel = gray && readChannel(reading, gray)
  if (channel) return { value: { kind: 'band', band: channel.band }, isGray: true, ...channel.contrast }
  const found = ['RedChannel', 'GreenChannel', 'BlueChannel'].map(name => take(reading, element, name))
  const colors = found.map(one => one && readChannel(reading, one))
  const [red, green, blue] = colors
  if (red && green && blue) return { bands: [red.band, green.band, blue.band], ...sharedContrast(reading, element!, [red, green, blue]) }
  if (element) note(reading, element, 'is left out: bands are read by their number from 1, as three of red, green and blue, or one of gray')
  return {}
}

interface Channel {
  readonly band: number
  readonly contrast: Contrast
}

function readChannel(reading: Reading, element: XmlElement): Channel | undefined {
  const name = takeText(reading, element, 'SourceChannelName') ?? ''
  const band = Number(/^(?:band\s*)?([0-9]{1,4})$/i.exec(name)?.[1] ?? 0) - 1
  const contrast = readContrast(reading, element)
  return band < 0 ? undefined : { band, contrast }
}

/** Contrast of three channels, as far as one look can have it. */
function sharedContrast(reading: Reading, element: XmlElement, channels: readonly [Channel, Channel, Channel]): Channels {
  const [red, green, blue] = channels.map(({ contrast }) => contrast)
  const isSame = (key: keyof Contrast) => new Set([red, green, blue].map(contrast => JSON.stringify(contrast[key]))).size === 1
  const ranges =
    red.range && green.range && blue.range && ([red.range, green.range, blue.range] as readonly [ValueRange, ValueRange, ValueRange])
  if (!isSame('gamma') || !isSame('percentiles') || (!ranges && !isSame('range')))
    note(reading, element, 'contrast that differs between channels is read as ranges of values only; the rest is taken from red')
  return {
    ...(ranges && { ranges }),
    ...(red.percentiles && { percentiles: red.percentiles }),
    ...(red.gamma !== undefined && { gamma: red.gamma }),
  }
}

function readContrast(reading: Reading, parent: XmlElement): Contrast {
  const element = take(reading, parent, 'ContrastEnhancement')
  if (!element) return {}
  const gammaElement = takeParameter(reading, element, 'GammaValue')
  const gamma = gammaElement && checkedNumber(gammaElement, plainText(gammaElement), { least: 0.01, most: 100 })
  const normalize = take(reading, element, 'Normalize')
  return { ...(normalize && readNormalize(reading, normalize)), ...(gamma !== undefined && gamma !== 1 && { gamma }) }
}

/** Over all values that there are, or over the range that GeoServer's options name. */
function readNormalize(reading: Reading, element: XmlElement): Contrast {
  const options = takeVendorOptions(reading, element)
  const algorithm = options.word('algorithm', ['StretchToMinimumMaximum'])
  const [least, greatest] = [options.number('minValue'), options.number('maxValue')]
  options.finish()
  if (least === undefined || greatest === undefined || least >= greatest) return { percentiles: [0, 100] }
  if (algorithm === undefined && options.text('algorithm') === undefined)
    note(reading, element, 'names a range without an algorithm; values are stretched over it')
  return { range: [least, greatest] }
}

/** QGIS's options, each from 0 to 1 with a half for what changes nothing. */
function readTones(options: VendorOptions): RasterTones | undefined {
  const share = (name: string) => options.number(name, { least: 0, most: 1 }) ?? 0.5
  const [brightness, contrast, saturation] = ['brightness', 'contrast', 'saturation'].map(share)
  const tones = {
    ...(brightness !== 0.5 && { brightness: Math.round(510 * brightness - 255) }),
    ...(contrast !== 0.5 && { contrast: (2 * contrast) ** 2 }),
    ...(saturation !== 0.5 && { saturation: 2 * saturation }),
  }
  return Object.keys(tones).length > 0 ? tones : undefined
}

/** The relief factor and whether only brightness counts are our own, which look the same on every raster. */
function readRelief(reading: Reading, symbolizer: XmlElement): boolean {
  const element = take(reading, symbolizer, 'ShadedRelief')
  if (!element) return false
  const factor = takeText(reading, element, 'ReliefFactor')
  const brightnessOnly = take(reading, element, 'BrightnessOnly')
  if (factor !== undefined)
    note(reading, element, `the relief is as strong as it is on every raster here; the factor ${quoted(factor)} is not read`)
  if (brightnessOnly && readBoolean(brightnessOnly)) note(reading, brightnessOnly, 'colours are kept below the relief')
  return true
}
