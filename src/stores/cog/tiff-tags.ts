/**
 * Tags of TIFF 6.0, its supplements, GeoTIFF (OGC 19-008) and GDAL that reading a raster needs: their number and how many values they may
 * have. Names are those of the standards, but for the case of the first letter.
 */
export const tags = {
  newSubfileType: [254, 1],
  subfileType: [255, 1],
  imageWidth: [256, 1],
  imageLength: [257, 1],
  bitsPerSample: [258, 65535],
  compression: [259, 1],
  photometricInterpretation: [262, 1],
  fillOrder: [266, 1],
  stripOffsets: [273, Number.POSITIVE_INFINITY],
  samplesPerPixel: [277, 1],
  rowsPerStrip: [278, 1],
  stripByteCounts: [279, Number.POSITIVE_INFINITY],
  planarConfiguration: [284, 1],
  dateTime: [306, 64],
  predictor: [317, 1],
  colorMap: [320, 3 * 65536],
  tileWidth: [322, 1],
  tileLength: [323, 1],
  tileOffsets: [324, Number.POSITIVE_INFINITY],
  tileByteCounts: [325, Number.POSITIVE_INFINITY],
  inkSet: [332, 1],
  extraSamples: [338, 65535],
  sampleFormat: [339, 65535],
  jpegTables: [347, 65535],
  modelPixelScale: [33550, 16],
  modelTiepoint: [33922, 65535],
  modelTransformation: [34264, 16],
  geoKeyDirectory: [34735, 4096],
  geoDoubleParams: [34736, 4096],
  geoAsciiParams: [34737, 65535],
  gdalMetadata: [42112, 1 << 20],
  gdalNodata: [42113, 1024],
  lercParameters: [50674, 16],
} as const satisfies Readonly<Record<string, readonly [tag: number, longest: number]>>

export type TagName = keyof typeof tags

/** Bytes of one value by TIFF field type; types that are not here are not read. */
export const fieldBytes: Readonly<Record<number, number>> = {
  1: 1, // BYTE
  2: 1, // ASCII
  3: 2, // SHORT
  4: 4, // LONG
  5: 8, // RATIONAL
  6: 1, // SBYTE
  7: 1, // UNDEFINED
  8: 2, // SSHORT
  9: 4, // SLONG
  10: 8, // SRATIONAL
  11: 4, // FLOAT
  12: 8, // DOUBLE
  13: 4, // IFD
  16: 8, // LONG8
  17: 8, // SLONG8
  18: 8, // IFD8
}

/** `count` values of a field as numbers; LONG8 beyond 2^53 lose precision, which no file offset reaches. */
export function fieldNumbers(view: DataView, type: number, count: number, isLittle: boolean): number[] {
  const read = readerOf(view, type, isLittle)
  const step = fieldBytes[type]
  return Array.from({ length: count }, (_, i) => read(i * step))
}

function readerOf(view: DataView, type: number, little: boolean): (at: number) => number {
  switch (type) {
    case 3:
      return at => view.getUint16(at, little)
    case 4:
    case 13:
      return at => view.getUint32(at, little)
    case 5:
      return at => view.getUint32(at, little) / view.getUint32(at + 4, little)
    case 6:
      return at => view.getInt8(at)
    case 8:
      return at => view.getInt16(at, little)
    case 9:
      return at => view.getInt32(at, little)
    case 10:
      return at => view.getInt32(at, little) / view.getInt32(at + 4, little)
    case 11:
      return at => view.getFloat32(at, little)
    case 12:
      return at => view.getFloat64(at, little)
    case 16:
    case 18:
      return at => Number(view.getBigUint64(at, little))
    case 17:
      return at => Number(view.getBigInt64(at, little))
    default:
      return at => view.getUint8(at)
  }
}
