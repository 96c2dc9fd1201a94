import { open } from 'node:fs/promises'
import type { EncodedCogBlock } from '#formats/coverages/cog-spec.js'

/** Encoded blocks on disk, in the order they were made, to be read in that of the file. */
export interface BlockSpool {
  put(level: number, index: number, block: EncodedCogBlock): Promise<void>
  /** Undefined where nothing was put. */
  get(level: number, index: number): Promise<EncodedCogBlock | undefined>
  close(): Promise<void>
}

/** Opens a new file for the blocks of levels of these lengths; memory holds 24 bytes a block. */
export async function openSpool(path: string, lengths: readonly number[]): Promise<BlockSpool> {
  const file = await open(path, 'wx+')
  const places = lengths.map(length => ({
    at: new Float64Array(length),
    image: new Float64Array(length),
    mask: new Float64Array(length),
  }))
  let end = 0
  const read = async (at: number, length: number) => {
    const bytes = new Uint8Array(length)
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(bytes, done, length - done, at + done)
      if (bytesRead === 0) throw new Error('The file of finished blocks has become shorter.')
      done += bytesRead
    }
    return bytes
  }
  return {
    async put(level, index, { image, mask }) {
      const { at, image: images, mask: masks } = places[level]
      at[index] = end
      images[index] = image.length
      masks[index] = mask?.length ?? 0
      for (const bytes of [image, mask ?? new Uint8Array()]) {
        for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, end + done)).bytesWritten
        end += bytes.length
      }
    },
    async get(level, index) {
      const { at, image: images, mask: masks } = places[level]
      if (images[index] === 0) return undefined
      const image = await read(at[index], images[index])
      return masks[index] === 0 ? { image } : { image, mask: await read(at[index] + images[index], masks[index]) }
    },
    close: () => file.close(),
  }
}
