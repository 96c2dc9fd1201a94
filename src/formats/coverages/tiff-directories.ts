import { crsOf } from '#geo/crs.js'
import type { CogSpec } from './cog-spec.js'
import { blockSide, imageSizes } from './cog-spec.js'
import { gdalMetadata } from './gdal-metadata.js'

/** A tag with its values; `type` as TIFF counts: 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL (numerators over 1), 12 DOUBLE, 16 LONG8. */
export interface TiffField {
  readonly tag: number
  readonly type: 2 | 3 | 4 | 5 | 12 | 16
  readonly values: readonly number[] | Float64Array
}

/** One directory of a file to be written, its block positions still missing. */
export interface TiffImage {
  readonly isMask: boolean
  readonly level: number
  readonly columns: number
  readonly rows: number
  readonly fields: readonly TiffField[]
}

const sampleFormats = { uint8: 1, uint16: 1, uint32: 1, int8: 2, int16: 2, int32: 2, float16: 3, float32: 3, float64: 3 } as const

/** Bits of a sample as it is written: floats of 16 bits are held in 32. */
export const bitsOf = (sampleType: string): number => (sampleType === 'float16' ? 32 : Number(/\d+$/.exec(sampleType)![0]))

/** The directories of a Cloud-Optimized GeoTIFF in their order: the full image first, each followed by its mask. */
export function imagesOf(spec: CogSpec): readonly TiffImage[] {
  const { blockSide: side = blockSide } = spec
  return imageSizes(spec).flatMap((size, level) => {
    const [columns, rows] = [Math.ceil(size.width / side), Math.ceil(size.height / side)]
    const reduced = level > 0 ? 1 : 0
    const place = level === 0 ? placeFields(spec) : []
    const image = {
      isMask: false,
      level,
      columns,
      rows,
      fields: sorted([...sizeFields(size, side, reduced), ...pixelFields(spec), ...nodataFields(spec), ...place]),
    }
    const mask = { isMask: true, level, columns, rows, fields: sorted([...sizeFields(size, side, reduced + 4), ...maskFields]) }
    return spec.hasMask ? [image, mask] : [image]
  })
}

const short = (tag: number, ...values: number[]): TiffField => ({ tag, type: 3, values })
const sorted = (fields: readonly TiffField[]) => fields.toSorted((a, b) => a.tag - b.tag)

const sizeFields = ({ width, height }: { width: number; height: number }, side: number, subfile: number): readonly TiffField[] => [
  { tag: 254, type: 4, values: [subfile] },
  { tag: 256, type: 4, values: [width] },
  { tag: 257, type: 4, values: [height] },
  short(284, 1),
  short(322, side),
  short(323, side),
]

const maskFields = [short(258, 1), short(259, 8), short(262, 4), short(277, 1), short(339, 1)]

function pixelFields({ bands, compression, palette }: CogSpec): readonly TiffField[] {
  const [{ sampleType }] = bands
  const common = [short(258, ...bands.map(() => bitsOf(sampleType))), short(277, bands.length)]
  const formats = short(339, ...bands.map(() => sampleFormats[sampleType]))
  if (compression === 'webp') return [...common, formats, short(259, 50_001), short(262, 2)]
  if (compression === 'jpeg' && bands.length === 1) return [...common, formats, short(259, 7), short(262, 1)]
  if (compression === 'jpeg') {
    // full range YCbCr, chroma halved both ways, as the encoder makes it
    const range: TiffField = { tag: 532, type: 5, values: [0, 255, 128, 255, 128, 255] }
    return [...common, formats, short(259, 7), short(262, 6), short(530, 2, 2), range]
  }
  const isColour = bands.length >= 3 && bands[0].meaning === 'red'
  const extra = bands.slice(palette ? 1 : isColour ? 3 : 1).map(({ meaning }) => (meaning === 'alpha' ? 2 : 0))
  return [
    ...common,
    formats,
    short(259, 8),
    short(262, palette ? 3 : isColour ? 2 : 1),
    short(317, sampleFormats[sampleType] === 3 ? 3 : 2),
    ...(extra.length > 0 ? [short(338, ...extra)] : []),
    ...(palette ? [short(320, ...colourMap(palette, 2 ** bitsOf(sampleType)))] : []),
  ]
}

function colourMap(palette: Uint32Array, size: number): number[] {
  return [16, 8, 0].flatMap(shift => Array.from({ length: size }, (_, i) => (((palette[i] ?? 0) >> shift) & 255) * 257))
}

/** Systems without an EPSG number that are one in a GeoTIFF, where longitude comes first whatever the authority says. */
const epsgTwins: Readonly<Record<string, number>> = { 'OGC:CRS84': 4326, 'OGC:CRS83': 4269, 'OGC:CRS27': 4267 }

/** Where the image lies (OGC 19-008, 7.1 and 7.4), when it was taken, and what GDAL notes of bands. */
function placeFields({ transform: [x, dx, rx, y, ry, dy], crs, bands, time }: CogSpec): readonly TiffField[] {
  const known = crsOf(crs)
  const code = Number(/^EPSG:(\d+)$/.exec(known?.code ?? '')?.[1] ?? epsgTwins[known?.code ?? ''] ?? 0)
  const model =
    known?.kind === 'geographic' ? [1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, code] : [1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, code]
  const metadata = gdalMetadata(bands)
  return [
    ...(rx === 0 && ry === 0 && dx > 0 && dy < 0
      ? [
          { tag: 33550, type: 12 as const, values: [dx, -dy, 0] },
          { tag: 33922, type: 12 as const, values: [0, 0, 0, x, y, 0] },
        ]
      : [{ tag: 34264, type: 12 as const, values: [dx, rx, 0, x, ry, dy, 0, y, 0, 0, 0, 0, 0, 0, 0, 1] }]),
    ...(code > 0 ? [short(34735, 1, 1, 0, 3, ...model)] : []),
    ...(time === undefined ? [] : [ascii(306, dateTime(time))]),
    ...(metadata === undefined ? [] : [ascii(42112, metadata)]),
  ]
}

/** What GDAL takes for nothing, in overviews as in the full image. */
function nodataFields({ bands }: CogSpec): readonly TiffField[] {
  const nodata = bands.find(band => band.nodata !== undefined)?.nodata
  return nodata === undefined ? [] : [ascii(42113, Number.isNaN(nodata) ? 'nan' : String(nodata))]
}

const ascii = (tag: number, text: string): TiffField => ({ tag, type: 2, values: [...Buffer.from(`${text}\0`)] })

/** `YYYY:MM:DD HH:MM:SS` (TIFF 6.0, 306). */
const dateTime = (time: number) => new Date(time).toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ')
