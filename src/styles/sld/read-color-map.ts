import type { XmlElement } from '#xml/read.js'
import type { ColorEntry, ColorMap } from '../raster-symbolizer.js'
import { checkedNumber, colorOf } from './read-value.js'
import { note, plainText, quoted, type Reading, refuse, take, takeAll, takeAttribute, takeWhole } from './reading.js'

/** The value of an interval without end. */
export const endless = Number.MAX_VALUE

/** A ColorMap of entries (OGC 02-070, 11.6; its `type` is GeoServer's), or a function of SE 1.1.0 (OGC 05-077r4, 11.5.5). */
export function readColorMap(reading: Reading, element: XmlElement): ColorMap | undefined {
  const categorize = take(reading, element, 'Categorize')
  if (categorize) return readCategorize(reading, categorize)
  const interpolate = take(reading, element, 'Interpolate')
  if (interpolate) return readInterpolate(reading, interpolate)
  const type = (takeAttribute(reading, element, 'type') ?? 'ramp').toLowerCase()
  const kind = (['ramp', 'intervals', 'values'] as const).find(known => known === type)
  if (!kind) return refuse(element, `the type ${quoted(type)} is not known; ramp, intervals and values are`)
  const entries = takeAll(reading, element, 'ColorMapEntry').map(entry => readEntry(reading, entry))
  if (entries.length > 0) return { kind, entries: sorted(entries) }
  note(reading, element, 'has no entries and is left out')
  return undefined
}

function readEntry(reading: Reading, element: XmlElement): ColorEntry {
  const of = (name: string) => takeAttribute(reading, element, name)
  const [quantity, color, opacity, label] = ['quantity', 'color', 'opacity', 'label'].map(of)
  const bounds = { least: 0, most: 1 }
  return {
    value: checkedNumber(element, quantity ?? ''),
    color: colorOf(element, color ?? ''),
    ...(opacity !== undefined && opacity !== '1' && { opacity: checkedNumber(element, opacity, bounds) }),
    ...(label && { label }),
  }
}

const sorted = (entries: readonly ColorEntry[]) => [...entries].sort((a, b) => a.value - b.value)

function readCategorize(reading: Reading, element: XmlElement): ColorMap {
  takeFallback(reading, element)
  const belong = ['thresholdsBelongTo', 'threshholdsBelongTo'].map(name => takeAttribute(reading, element, name)).find(Boolean)
  if (belong === 'preceding') note(reading, element, 'thresholds belong to what follows them; “preceding” is not read for rasters')
  const values = takeAll(reading, element, 'Value')
  const thresholds = takeAll(reading, element, 'Threshold')
  if (values.length !== thresholds.length + 1) refuse(element, 'wants a Value, and then a Threshold and a Value again and again')
  const entries = values.map((value, i) => ({
    value: i < thresholds.length ? numberIn(reading, thresholds[i]) : endless,
    color: colorIn(reading, value),
  }))
  return { kind: 'intervals', entries: sorted(entries) }
}

function readInterpolate(reading: Reading, element: XmlElement): ColorMap {
  takeFallback(reading, element)
  takeAttribute(reading, element, 'method')
  const mode = takeAttribute(reading, element, 'mode')
  if (mode && mode !== 'linear') note(reading, element, `colours between points are mixed evenly; ${quoted(mode)} is not read for rasters`)
  const entries = takeAll(reading, element, 'InterpolationPoint').map(point => {
    const [data, value] = [take(reading, point, 'Data'), take(reading, point, 'Value')]
    if (!data || !value) return refuse(point, 'wants Data and Value')
    return { value: numberIn(reading, data), color: colorIn(reading, value) }
  })
  if (entries.length === 0) refuse(element, 'has no InterpolationPoint')
  return { kind: 'ramp', entries: sorted(entries) }
}

/** What colours pixels without a value: nothing does here. And the value that is looked up is that of the pixel. */
function takeFallback(reading: Reading, element: XmlElement): void {
  takeAttribute(reading, element, 'fallbackValue')
  const lookup = take(reading, element, 'LookupValue')
  if (!lookup) return
  takeWhole(reading, lookup)
  const text = plainText(lookup)
  if (text !== '' && text !== 'Rasterdata') note(reading, lookup, `${quoted(text)} is taken as Rasterdata, the value of the pixel`)
}

function numberIn(reading: Reading, element: XmlElement): number {
  const literal = take(reading, element, 'Literal')
  return checkedNumber(element, plainText(literal ?? element))
}

function colorIn(reading: Reading, element: XmlElement): string {
  const literal = take(reading, element, 'Literal')
  return colorOf(element, plainText(literal ?? element))
}
