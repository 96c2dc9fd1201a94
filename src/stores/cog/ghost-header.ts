/** What GDAL's COG driver says of a file's structure between the TIFF header and the first image. */
export interface GhostHeader {
  /** Every block is preceded by its size (4 bytes, little-endian) and followed by a repetition of its last 4 bytes; blocks lie row by row. */
  readonly hasLeaders: boolean
  /** The block of the mask follows that of the picture. */
  readonly masksInterleaved: boolean
}

/** Lines beyond these are not looked at; GDAL writes about 200 bytes. */
const maxLength = 4096

/**
 * Reads the ghost header, `bytes` being what follows the TIFF header (gdal.org/drivers/raster/cog.html). Absent, not understood, or no
 * longer true because another program changed the file: nothing is promised.
 */
export function readGhostHeader(bytes: Uint8Array): GhostHeader {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, maxLength))
  const head = /^GDAL_STRUCTURAL_METADATA_SIZE=(\d{6}) bytes\n/.exec(text)
  const lines = head ? text.slice(head[0].length, head[0].length + Number(head[1])) : ''
  const says = (key: string, value: string) => new RegExp(`^${key}=${value} ?$`, 'm').test(lines)
  const isTrue = head !== null && !/^KNOWN_INCOMPATIBLE_EDITION=YES/m.test(lines)
  return {
    hasLeaders:
      isTrue && says('BLOCK_ORDER', 'ROW_MAJOR') && says('BLOCK_LEADER', 'SIZE_AS_UINT4') && says('BLOCK_TRAILER', 'LAST_4_BYTES_REPEATED'),
    masksInterleaved: isTrue && says('MASK_INTERLEAVED_WITH_IMAGERY', 'YES'),
  }
}
