import type { RasterBand } from './atlas.js'
import type { Pixels } from './ports.js'
import { Problem } from './problem.js'

/** `photo`: lossy, with a mask; `data`: exact. */
export type CogProfile = 'photo' | 'data'

/** How the pixels of a file are kept. */
export interface CogContent {
  readonly profile: CogProfile
  /** Of the file, without a photograph's alpha, which becomes its mask. */
  readonly bands: readonly RasterBand[]
  /** Of `bands`, from 0. */
  readonly numbers: readonly number[]
  /** Values between two are none: never averaged or interpolated. */
  readonly isClassified: boolean
}

/** Different values in a piece of one band of 8 bits up to which they are classes, and above which it is a photograph. */
const fewValues = 64

/**
 * What a file holds. Photographs are 8-bit red, green and blue, with or without alpha, and one 8-bit band of gray that takes many values in `sample`, a
 * piece of it at full resolution; all else is data. Throws `invalid-parameter` where `asked` cannot be.
 */
export function cogContent(name: string, bands: readonly RasterBand[], sample: Pixels, asked?: CogProfile): CogContent {
  const isByte = bands.every(({ sampleType }) => sampleType === 'uint8')
  const plain = bands.filter(({ meaning }) => meaning !== 'alpha')
  const meanings = plain.map(({ meaning }) => meaning).join()
  const isSingle = plain.length === 1 && /^(gray|value)$/.test(meanings)
  const canBePhoto = isByte && bands.length - plain.length <= 1 && (meanings === 'red,green,blue' || isSingle)
  if (asked === 'photo' && !canBePhoto)
    throw new Problem(
      'invalid-parameter',
      `"${name}" cannot be stored as a photograph: that is 8-bit red, green and blue, or gray. --profile data would work, or to choose bands first: gdal_translate -b 1 -b 2 -b 3`,
    )
  const isFew = isSingle && isByte && bands.length === 1 && countValues(sample) <= fewValues
  const profile = asked ?? (canBePhoto && !isFew ? 'photo' : 'data')
  const numbers = (kept: readonly RasterBand[]) => kept.map(band => bands.indexOf(band))
  if (profile === 'data')
    return { profile, bands, numbers: numbers(bands), isClassified: bands.some(({ meaning }) => meaning === 'palette') || isFew }
  // lossy values are near the nodata value, not equal to it: the mask says what it said
  const photograph = plain.map(({ nodata: _, range: __, ...band }) => band)
  return { profile, bands: photograph, numbers: numbers(plain), isClassified: false }
}

function countValues({ bands: [values], mask }: Pixels): number {
  const seen = new Set<number>()
  for (let i = 0; i < values.length; i++) if (mask?.[i] !== 0) seen.add(values[i])
  return seen.size
}
