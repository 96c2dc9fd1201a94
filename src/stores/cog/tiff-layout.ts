import type { RasterBand } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { codecOf, otherCompressions } from './codecs.js'
import type { TiffDirectory, TiffList } from './tiff-directory.js'

export type SampleType = RasterBand['sampleType']

/** How one image of a TIFF is cut into blocks and how their bytes become samples. Checked: every number is sane, every block lies in the lists. */
export interface TiffLayout {
  readonly width: number
  readonly height: number
  readonly blockWidth: number
  readonly blockHeight: number
  readonly columns: number
  readonly rows: number
  readonly isTiled: boolean
  /** Bands of a pixel. */
  readonly samples: number
  /** Stored as cyan, magenta, yellow and black, given as red, green and blue. */
  readonly isCmyk: boolean
  /** The bits of each byte lie backwards (FillOrder 2). */
  readonly isReversed: boolean
  /** 1: samples of a pixel lie together; 2: one plane after the other. */
  readonly planes: number
  readonly bits: number
  readonly sampleType: SampleType
  readonly isLittle: boolean
  readonly compression: number
  readonly predictor: number
  readonly photometric: number
  readonly jpegTables?: Uint8Array
  readonly lercAdded: number
  readonly offsets: TiffList
  readonly byteCounts: TiffList
  /** Every block is preceded by its size, and blocks lie in order. */
  readonly hasLeaders: boolean
  /** Long uncompressed strips are read in parts: this many blocks make one strip. */
  readonly partsPerStrip: number
  readonly stripHeight: number
}

/** Decoded bytes of one block beyond which a compressed file is refused. */
const maxBlockBytes = 192 * 1024 * 1024
/** Parts that long uncompressed strips are cut into have about this many bytes. */
const partBytes = 256 * 1024
const maxSamples = 65535

/** The layout of one directory. Throws `invalid-data` or `unsupported` naming `name` and, where there is one, the command that cures it. */
export function layoutOf({ values, lists, isLittle, hasLeaders }: TiffDirectory, name: string): TiffLayout {
  const broken = (reason: string) => new Problem('invalid-data', `"${name}" is not a usable GeoTIFF: ${reason}.`)
  const cannot = (what: string, how = '') =>
    new Problem(
      'unsupported',
      `"${name}" ${what}. This would work: gdal_translate -of COG -co COMPRESS=DEFLATE ${how && `${how} `}"${name}" "${name.replace(/\.tiff?$/i, '')}-cog.tif"`,
    )
  const first = (tag: Parameters<typeof values.get>[0], fallback: number) => values.get(tag)?.[0] ?? fallback

  const width = first('imageWidth', 0)
  const height = first('imageLength', 0)
  if (!isCount(width) || !isCount(height)) throw broken(`its size is ${width} x ${height} pixels (ImageWidth, ImageLength)`)
  const stored = first('samplesPerPixel', 1)
  if (!isCount(stored) || stored > maxSamples) throw broken(`it claims ${stored} bands (SamplesPerPixel)`)
  const isPlanar = stored > 1 && first('planarConfiguration', 1) === 2
  const planes = isPlanar ? stored : 1

  const depths = values.get('bitsPerSample') ?? [1]
  // One depth for all bands is seen in the wild; for many bands it is damage.
  if (depths.length < stored && (depths.length > 1 || stored > 4))
    throw broken(`it claims ${stored} bands (SamplesPerPixel), with ${depths.length} depths (BitsPerSample)`)
  if (depths.some(bits => bits !== depths[0])) throw cannot('has bands of different depths')
  const formats = values.get('sampleFormat') ?? [1]
  if (formats.some(format => format !== formats[0])) throw cannot('has bands of different number formats')
  const bits = depths[0]
  if (formats[0] === 5 || formats[0] === 6) throw cannot('holds complex numbers', '-b 1 -ot Float32')
  const sampleType = sampleTypeOf(bits, formats[0])
  if (!sampleType)
    throw cannot(`has samples of ${bits} bits, format ${formats[0]}, which are not read here`, bits === 64 ? '-ot Float64' : '')

  const compression = first('compression', 1)
  const photometric = first('photometricInterpretation', 1)
  const codec = codecOf(compression)
  if (!codec)
    throw cannot(`is compressed in a way that is not read here (${otherCompressions[compression] ?? 'TIFF'} compression ${compression})`)
  if (codec === 'jpeg' && (bits !== 8 || sampleType !== 'uint8')) throw cannot(`is JPEG with ${bits} bits a sample`)
  if (codec === 'webp' && (bits !== 8 || sampleType !== 'uint8')) throw cannot(`is WebP with ${bits} bits a sample`)
  if (codec === 'jxl' && sampleType !== 'uint8' && sampleType !== 'uint16') throw cannot(`is JPEG XL with samples of ${sampleType}`)
  if (codec === 'jxl' && bits % 8 !== 0) throw cannot(`is JPEG XL with ${bits} bits a sample`)
  if (photometric === 6 && codec !== 'jpeg') throw cannot('stores YCbCr colours without JPEG')
  const isCmyk = photometric === 5
  if (isCmyk && (stored !== 4 || isPlanar || bits !== 8 || first('inkSet', 1) !== 1))
    throw cannot('stores inks other than cyan, magenta, yellow and black of 8 bits, pixel by pixel')
  if (photometric === 8 || photometric === 9 || photometric === 10) throw cannot('stores CIE Lab colours')
  const predictor = codec === 'lzw' || codec === 'deflate' || codec === 'zstd' ? first('predictor', 1) : 1
  if (predictor < 1 || predictor > 3) throw cannot(`uses predictor ${predictor}`)
  if (predictor === 2 && ![8, 16, 32, 64].includes(bits)) throw cannot(`uses predictor 2 with ${bits} bits a sample`)
  if (predictor === 3 && !sampleType.startsWith('float')) throw broken('it uses the floating point predictor on integers')

  const isTiled = values.has('tileWidth') || lists.has('tileOffsets')
  const blockWidth = isTiled ? first('tileWidth', 0) : width
  const stripHeight = isTiled ? first('tileLength', 0) : Math.min(first('rowsPerStrip', height) || height, height)
  if (!isCount(blockWidth) || !isCount(stripHeight))
    throw broken(`its blocks are ${blockWidth} x ${stripHeight} pixels (${isTiled ? 'TileWidth, TileLength' : 'RowsPerStrip'})`)
  const rowBytes = Math.ceil((blockWidth * bits * (stored / planes)) / 8)
  const isParted = !isTiled && !isCmyk && compression === 1 && rowBytes * stripHeight > partBytes
  const blockHeight = isParted ? Math.max(1, Math.floor(partBytes / rowBytes)) : stripHeight
  if (rowBytes * blockHeight > maxBlockBytes)
    throw cannot(`is one block of ${blockWidth} x ${blockHeight} pixels, too large to be read in parts`)

  const offsets = lists.get(isTiled ? 'tileOffsets' : 'stripOffsets')
  const byteCounts = lists.get(isTiled ? 'tileByteCounts' : 'stripByteCounts')
  if (!offsets || !byteCounts)
    throw broken(`it does not say where its pixels are (${isTiled ? 'TileOffsets, TileByteCounts' : 'StripOffsets, StripByteCounts'})`)
  const columns = Math.ceil(width / blockWidth)
  const stripRows = Math.ceil(height / stripHeight)
  const needed = columns * stripRows * planes
  if (offsets.count < needed || byteCounts.count < needed)
    throw broken(`${width} x ${height} pixels need ${needed} blocks, it lists ${Math.min(offsets.count, byteCounts.count)}`)

  const jpegTables = values.get('jpegTables')
  return {
    width,
    height,
    blockWidth,
    blockHeight,
    columns,
    rows: isParted ? stripRows * Math.ceil(stripHeight / blockHeight) : stripRows,
    isTiled,
    samples: isCmyk ? 3 : stored,
    isCmyk,
    isReversed: first('fillOrder', 1) === 2 && codec !== 'jpeg',
    planes,
    bits,
    sampleType,
    isLittle,
    compression,
    predictor,
    photometric,
    ...(jpegTables && { jpegTables: Uint8Array.from(jpegTables) }),
    lercAdded: values.get('lercParameters')?.[1] ?? 0,
    offsets,
    byteCounts,
    hasLeaders: hasLeaders && !isParted,
    partsPerStrip: isParted ? Math.ceil(stripHeight / blockHeight) : 1,
    stripHeight,
  }
}

/** First image row of block row `row`, and how many rows of it are inside the image. */
export function blockRows(layout: TiffLayout, row: number): { top: number; height: number } {
  const { partsPerStrip, stripHeight, blockHeight } = layout
  const strip = Math.floor(row / partsPerStrip)
  const part = row % partsPerStrip
  const top = strip * stripHeight + part * blockHeight
  const end = Math.min(layout.height, (strip + 1) * stripHeight, top + blockHeight)
  return { top, height: Math.max(0, end - top) }
}

/** Block row in which image row `y` lies. */
export function blockRowAt({ partsPerStrip, stripHeight, blockHeight }: TiffLayout, y: number): number {
  const strip = Math.floor(y / stripHeight)
  return strip * partsPerStrip + Math.floor((y - strip * stripHeight) / blockHeight)
}

function sampleTypeOf(bits: number, format: number): SampleType | undefined {
  if ((format === 1 || format === 4) && bits >= 1 && bits <= 32 && bits !== 24)
    return bits <= 8 ? 'uint8' : bits <= 16 ? 'uint16' : 'uint32'
  if (format === 2 && (bits === 8 || bits === 16 || bits === 32)) return `int${bits}`
  if (format === 3 && (bits === 16 || bits === 32 || bits === 64)) return `float${bits}`
  return undefined
}

/** A whole number of at least 1 that fits the arithmetic of pixels. */
function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 0x7fffffff
}
