import assert from 'node:assert/strict'
import sharp from 'sharp'
import type { Answer } from './suite.js'

/** Part of an image in pixels, from the upper left. */
export type Part = readonly [x: number, y: number, width: number, height: number]

export interface Picture {
  readonly width: number
  readonly height: number
  /** RGBA, straight alpha. */
  readonly rgba: Buffer
}

/** Pixels of an answer. Throws where it is not an image. */
export async function pictureOf(answer: Answer): Promise<Picture> {
  assert.match(answer.mediaType, /^image\//, `an image was expected, ${answer.mediaType} came: ${answer.bytes.toString('utf8', 0, 300)}`)
  const { data, info } = await sharp(answer.bytes, { limitInputPixels: false }).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgba: data }
}

/** Width, height and kind of an image, without decoding it. */
export async function headOf(answer: Answer): Promise<{ readonly width?: number; readonly height?: number; readonly format?: string }> {
  return sharp(answer.bytes, { limitInputPixels: false }).metadata()
}

/** Pixels of a part (or all) that `matches` is true for. */
export function count({ width, height, rgba }: Picture, matches: (rgb: number, alpha: number) => boolean, part?: Part): number {
  const [left, top, across, down] = part ?? [0, 0, width, height]
  let found = 0
  for (let y = top; y < top + down; y++)
    for (let x = left; x < left + across; x++) {
      const at = 4 * (y * width + x)
      if (matches(rgba.readUIntBE(at, 3), rgba[at + 3])) found++
    }
  return found
}

/** A pixel one can see through has no colour. */
export const ofColor = (color: number) => (rgb: number, alpha: number) => rgb === color && alpha === 255
export const white = ofColor(0xffffff)
export const transparent = (_rgb: number, alpha: number) => alpha === 0
export const opaque = (_rgb: number, alpha: number) => alpha === 255

/** Fails unless each part holds exactly as many pixels of the kind as stated. */
export function expectCounts(
  picture: Picture,
  kind: (rgb: number, alpha: number) => boolean,
  expected: readonly (readonly [Part, number])[],
): void {
  for (const [part, number] of expected) assert.equal(count(picture, kind, part), number, `pixels in the box ${part.join(',')}`)
}
