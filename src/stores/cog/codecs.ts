/** Families of TIFF compression that are read. */
export type Codec = 'none' | 'lzw' | 'jpeg' | 'deflate' | 'packbits' | 'lerc' | 'zstd' | 'webp' | 'jxl'

/** The codec behind a TIFF compression number; undefined when it is not one that is read. */
export function codecOf(compression: number): Codec | undefined {
  return codecs[compression]
}

const codecs: Readonly<Record<number, Codec>> = {
  1: 'none',
  5: 'lzw',
  7: 'jpeg',
  8: 'deflate',
  32946: 'deflate',
  32773: 'packbits',
  34887: 'lerc',
  50000: 'zstd',
  50001: 'webp',
  50002: 'jxl',
  52546: 'jxl',
}

/** Names of compressions that are not read, for the message that says so. */
export const otherCompressions: Readonly<Record<number, string>> = {
  2: 'CCITT RLE',
  3: 'CCITT fax group 3',
  4: 'CCITT fax group 4',
  6: 'JPEG of TIFF 6.0, withdrawn in 1995',
  32766: 'NeXT',
  32809: 'ThunderScan',
  32908: 'Pixar film',
  32909: 'Pixar log',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGI log',
  34677: 'SGI log 24',
  34712: 'JPEG 2000',
  34925: 'LZMA',
}
