import type { RasterBand } from '#core/atlas.js'
import { escapeXml } from '#xml/write.js'

/** Names that bands have when nobody named them. */
const usualName = /^(red|green|blue|infrared|gray|alpha|palette|band \d+)$/
const colours = ['red', 'green', 'blue', 'infrared']

/** What GDAL's `GDAL_METADATA` tag (42112) says of bands that no tag of TIFF says; undefined where that is nothing. */
export function gdalMetadata(bands: readonly RasterBand[]): string | undefined {
  const hasOwnOrder = bands.some(({ meaning }, i) => colours.includes(meaning) && meaning !== colours[i])
  const items = bands.flatMap(({ name, unit, scale, offset, meaning }, sample) => [
    ...(usualName.test(name) ? [] : [item(sample, 'DESCRIPTION', 'description', name)]),
    ...(unit === undefined ? [] : [item(sample, 'UNITTYPE', 'unittype', unit)]),
    ...(scale === undefined ? [] : [item(sample, 'SCALE', 'scale', String(scale))]),
    ...(offset === undefined ? [] : [item(sample, 'OFFSET', 'offset', String(offset))]),
    ...(hasOwnOrder && colours.includes(meaning) ? [item(sample, 'COLORINTERP', 'colorinterp', gdalColours[meaning] ?? meaning)] : []),
  ])
  return items.length === 0 ? undefined : `<GDALMetadata>${items.join('')}</GDALMetadata>`
}

const gdalColours: Readonly<Record<string, string>> = { red: 'Red', green: 'Green', blue: 'Blue', infrared: 'NIR' }

// GDAL escapes values twice, and so undoes it
const item = (sample: number, name: string, role: string, value: string) =>
  `<Item name="${name}" sample="${sample}" role="${role}">${escapeXml(escapeXml(value))}</Item>`
