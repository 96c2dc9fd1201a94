import type { EncodedImage } from '#core/queries.js'
import { giveBackImageMemory, isImageMemory } from '#formats/images/image-memory.js'
import { joinPng } from '#formats/images/join-png.js'

/** The whole from pieces of it, from top to bottom, whose own memory goes back. */
export function joinImages(pieces: readonly EncodedImage[]): Pick<EncodedImage, 'bytes' | 'giveBack'> {
  const bytes = joinPng(pieces.map(({ bytes }) => bytes))
  for (const { giveBack } of pieces) giveBack?.()
  const { buffer } = bytes
  return { bytes, giveBack: isImageMemory(buffer) ? () => giveBackImageMemory(buffer) : undefined }
}
