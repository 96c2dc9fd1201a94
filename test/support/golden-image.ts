import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'

const isBlessing = process.env.ARPENT_BLESS === '1'

export interface ImageDistance {
  /** Mean difference of a channel, 0 to 255; infinite when the sizes differ. */
  readonly mean: number
  /** Share of pixels with a channel that is off by more than 8. */
  readonly visible: number
}

/** How far an image is from the picture `fixtures/expected/{name}`, which `npm run bless` records anew. */
export async function distanceToGolden(name: string, image: Uint8Array): Promise<ImageDistance> {
  const file = join('fixtures/expected', name)
  if (isBlessing) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, image)
  }
  return imageDistance(image, readFileSync(file))
}

export async function imageDistance(a: Uint8Array, b: Uint8Array): Promise<ImageDistance> {
  const [one, other] = await Promise.all([a, b].map(image => sharp(image).ensureAlpha().raw().toBuffer({ resolveWithObject: true })))
  if (one.info.width !== other.info.width || one.info.height !== other.info.height) return { mean: Infinity, visible: 1 }
  let sum = 0
  let visible = 0
  for (let i = 0; i < one.data.length; i += 4) {
    let most = 0
    for (let k = 0; k < 4; k++) {
      const off = Math.abs(one.data[i + k] - other.data[i + k])
      sum += off
      most = Math.max(most, off)
    }
    if (most > 8) visible++
  }
  return { mean: sum / one.data.length, visible: (visible * 4) / one.data.length }
}
