import sharp from 'sharp'

export interface Picture {
  readonly format: string
  /** `256x256`. */
  readonly size: string
  /** RGBA, row by row. */
  readonly pixels: Buffer
}

export async function readPicture(bytes: Uint8Array): Promise<Picture> {
  const { format } = await sharp(bytes).metadata()
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { format: String(format), size: `${info.width}x${info.height}`, pixels: data }
}

/** Share of pixels, 0 to 1, that `is` holds for. */
export function share({ pixels }: Picture, is: (r: number, g: number, b: number, a: number) => boolean): number {
  let count = 0
  for (let i = 0; i < pixels.length; i += 4) if (is(pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3])) count++
  return (count * 4) / pixels.length
}

/** Share of pixels that differ from the one in the upper left corner. */
export function varied(picture: Picture): number {
  const [r0, g0, b0, a0] = picture.pixels
  return share(picture, (r, g, b, a) => r !== r0 || g !== g0 || b !== b0 || a !== a0)
}

export const clear = (picture: Picture): number => share(picture, (_r, _g, _b, a) => a === 0)
