import { promisify } from 'node:util'
import { inflate, inflateSync } from 'node:zlib'
import { codecOf } from './codecs.js'
import { decodeLzw } from './lzw.js'
import { decodePackBits } from './pack-bits.js'
import type { TiffLayout } from './tiff-layout.js'

const inflateAsync = promisify(inflate)

/** Below this many bytes, decoding costs less than handing the work to another thread. */
const smallBytes = 32 * 1024
/** Blocks may hold more than they need, padding for example; a bomb ends here. */
const paddingBytes = 64 * 1024
/** Bytes that one byte of a deflate stream can become at most. */
const greatestDeflation = 1032

/**
 * Undoes the compression of a block that becomes `size` bytes, or a little more or less when it is damaged. Nothing larger is allocated than
 * the layout promises and the data can hold. The result belongs to the caller, unless the block is not compressed at all.
 */
export async function decompress(bytes: Uint8Array, layout: TiffLayout, size: number, height: number): Promise<Uint8Array> {
  switch (codecOf(layout.compression)) {
    case 'deflate':
      return inflateBounded(bytes, size)
    case 'lzw':
      return decodeLzw(bytes, size)
    case 'packbits':
      return decodePackBits(bytes, size)
    case 'zstd':
      return (await import('./zstd.js')).decodeZstd(bytes, size + paddingBytes)
    case 'lerc': {
      const { decodeLerc } = await import('./lerc.js')
      return decodeLerc(await unwrapLerc(bytes, layout, size), layout, height)
    }
    default:
      return bytes
  }
}

/** LERC may be compressed once more: 1 is deflate, 2 Zstandard (LercParameters, the second value). */
async function unwrapLerc(bytes: Uint8Array, { lercAdded }: TiffLayout, size: number): Promise<Uint8Array> {
  if (lercAdded === 1) return inflateBounded(bytes, size)
  return lercAdded === 2 ? (await import('./zstd.js')).decodeZstd(bytes, size + paddingBytes) : bytes
}

async function inflateBounded(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  // One chunk for the whole: chunks of the usual 16 KB would be collected and joined.
  const chunkSize = Math.max(64, Math.min(size + 64, bytes.length * greatestDeflation))
  const options = { maxOutputLength: size + paddingBytes, chunkSize }
  // A plain view: slicing a Buffer would not copy.
  const { buffer, byteOffset, byteLength } = size < smallBytes ? inflateSync(bytes, options) : await inflateAsync(bytes, options)
  return new Uint8Array(buffer, byteOffset, byteLength)
}
