import type { SampleArray } from '#core/ports.js'

/**
 * A decoded block. Photographs of 8 bits are kept as drawing wants them, RGBA, so that it copies rows; everything else, and everything that
 * is measured, has one array of `width * height` samples per band the block holds.
 */
export type Block = BandsBlock | ColorsBlock

export interface BandsBlock {
  readonly kind: 'bands'
  readonly width: number
  readonly height: number
  readonly bands: readonly SampleArray[]
}

export interface ColorsBlock {
  readonly kind: 'colors'
  readonly width: number
  readonly height: number
  /** Straight alpha: 255 where the file has none. */
  readonly rgba: Uint8Array
}

/** Bytes that a block keeps in memory. */
export function bytesOf(block: Block): number {
  return block.kind === 'colors' ? block.rgba.byteLength : block.bands.reduce((sum, band) => sum + band.byteLength, 0)
}
