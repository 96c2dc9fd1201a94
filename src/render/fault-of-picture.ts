import { decodeDataAddress } from './data-address.js'
import { prepareIcon } from './prepare-icon.js'
import { RenderError } from './render-error.js'

/** Pixels in which a picture is tried. */
const trialHeight = 16

/** Why a picture (its bytes, or a `data:` address) cannot be drawn, as a sentence; undefined where it can. */
export async function faultOfPicture(picture: Uint8Array | string): Promise<string | undefined> {
  try {
    await prepareIcon(typeof picture === 'string' ? decodeDataAddress(picture) : picture, { size: trialHeight })
    return undefined
  } catch (error) {
    if (error instanceof RenderError) return error.message
    throw error
  }
}
