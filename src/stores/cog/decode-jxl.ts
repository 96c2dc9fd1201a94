import { readFileSync } from 'node:fs'
import { initSync, JxlImage } from 'jxl-oxide-wasm'
import sharp from 'sharp'
import { Problem } from '#core/problem.js'
import type { DecodedImage } from './decode-jpeg.js'

/** Compiled once, when the first block needs this module. */
initSync({ module: readFileSync(new URL(import.meta.resolve('jxl-oxide-wasm/module.wasm'))) })

/** Decodes a JPEG XL block of 8 or 16 bits. Its size is compared with the layout before anything is rendered. */
export async function decodeJxl(bytes: Uint8Array, samples: number, bits: number, width: number, maxHeight: number): Promise<DecodedImage> {
  const png = toPng(bytes, width, maxHeight)
  const spaces = bits === 16 ? ['grey16', 'rgb16'] : ['b-w', 'srgb']
  const { data, info } = await sharp(png, { limitInputPixels: width * maxHeight })
    .toColourspace(spaces[samples < 3 ? 0 : 1])
    .raw({ depth: bits === 16 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== samples) throw new Problem('invalid-data', `a block has ${info.channels} bands instead of ${samples}`)
  return { width: info.width, height: info.height, samples: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}

/** The decoder gives PNG, which keeps both depths; it costs little beside the decoding. */
function toPng(bytes: Uint8Array, width: number, maxHeight: number): Uint8Array {
  const image = new JxlImage()
  try {
    image.feedBytes(bytes)
    if (!image.tryInit() || image.width !== width || !image.height || image.height > maxHeight)
      throw new Problem('invalid-data', 'a JPEG XL block has another size than the image says')
    // What is rendered is used up by this.
    return image.render().encodeToPng()
  } finally {
    image.free()
  }
}
