import type { Collection, FeatureSource, RasterSource } from './atlas.js'
import { type Dimension, endsOf } from './dimension.js'

const number = new Intl.NumberFormat('en')
const degrees = new Intl.NumberFormat('en', { minimumFractionDigits: 0, maximumFractionDigits: 4, useGrouping: false })

/** One line about a published collection: how many features or pixels, of what kind, CRS, extent, and what of each dimension. */
export function summarise({ source, storageCrs, extent, dimensions = [] }: Collection): string {
  const box = extent?.crs84.map(side => degrees.format(side))
  const parts = [
    ...(source.kind === 'features' ? ofFeatures(source) : ofRaster(source)),
    ...(storageCrs === undefined ? [] : [storageCrs]),
    ...(box ? [`${box[0]} to ${box[2]}° E, ${box[1]} to ${box[3]}° N`] : []),
    ...dimensions.map(ofDimension),
  ]
  return parts.join(', ')
}

function ofDimension({ name, extent }: Dimension): string {
  const ends = endsOf(extent)
  if (!ends) return extent.length === 0 ? `${name} not known` : `${extent.length} values of ${name}`
  return ends[0].text === ends[1].text ? `${name} ${ends[0].text}` : `${name} ${ends[0].text} to ${ends[1].text}`
}

function ofFeatures({ count, geometries, geometry }: FeatureSource): string[] {
  const noun = count?.value === 1 ? 'feature' : 'features'
  const rows = count ? `${count.isExact ? '' : 'about '}${number.format(count.value)} ${noun}` : 'features not counted'
  const type = geometries.find(({ name }) => name === geometry)?.type
  return [rows, type === undefined ? 'no geometry' : type.toLowerCase()]
}

function ofRaster({ mosaic: { files }, bands }: RasterSource): string[] {
  const [first] = files
  const size =
    files.length === 1 ? `${number.format(first.width)} × ${number.format(first.height)} pixels` : `${number.format(files.length)} files`
  const sample = bands[0] ? ` of ${bands[0].sampleType}` : ''
  return [size, `${bands.length} ${bands.length === 1 ? 'band' : 'bands'}${sample}`]
}
