import type { RasterBand } from '#core/atlas.js'
import { readGeoKeys } from './geo-keys.js'
import { type BandMetadata, nodataOf, readGdalMetadata } from './pam.js'
import type { DescribedPyramid } from './pyramid.js'

type Meaning = RasterBand['meaning']

/** Bands as the file describes them: order and meaning, nodata, names, units; `range` only where statistics are stored. */
export function bandsOf({ directory, levels, pam }: DescribedPyramid): RasterBand[] {
  const { layout } = levels[0].image
  const metadata = readGdalMetadata(directory.texts.get('gdalMetadata') ?? '')
  const interpretations = Array.from({ length: layout.samples }, (_, i) =>
    layout.isCmyk ? undefined : { ...metadata.get(i), ...pam?.bands.get(i) }.colorInterpretation,
  )
  const { verticalUnit } = readGeoKeys(directory)
  const meanings = meaningsOf(layout.photometric, layout.samples, directory.values.get('extraSamples') ?? [], interpretations)
  const { nodata } = nodataOf(directory.texts.get('gdalNodata'))
  const counts = new Map<Meaning, number>()
  for (const meaning of meanings) counts.set(meaning, (counts.get(meaning) ?? 0) + 1)
  return meanings.map((meaning, i) => {
    const known: BandMetadata = { ...metadata.get(i), ...pam?.bands.get(i) }
    const range =
      known.minimum !== undefined && known.maximum !== undefined && known.minimum < known.maximum
        ? ([known.minimum, known.maximum] as const)
        : layout.bits < 8 && (meaning === 'gray' || meaning === 'value')
          ? ([0, (1 << layout.bits) - 1] as const)
          : undefined
    const value = known.nodata ?? nodata
    const unit = known.unit ?? (meaning === 'gray' || meaning === 'value' ? verticalUnit : undefined)
    return {
      name: known.description ?? (meaning === 'value' || (counts.get(meaning) ?? 0) > 1 ? `band ${i + 1}` : meaning),
      sampleType: layout.sampleType,
      meaning,
      ...(value !== undefined && meaning !== 'alpha' && { nodata: value }),
      ...(range && (layout.sampleType !== 'uint8' || layout.bits < 8) && { range }),
      ...(unit && { unit }),
      ...(known.scale !== undefined && known.scale !== 1 && { scale: known.scale }),
      ...(known.offset !== undefined && known.offset !== 0 && { offset: known.offset }),
    }
  })
}

/**
 * Meaning of every band: as GDAL noted it, else by photometric interpretation. Three or more bands that nobody named are taken as red,
 * green, blue and infrared, the order of multispectral photographs.
 */
function meaningsOf(
  photometric: number,
  samples: number,
  extra: readonly number[],
  interpretations: readonly (string | undefined)[],
): Meaning[] {
  const own = photometric === 2 || photometric === 5 || photometric === 6 ? 3 : 1
  const isAlpha = Array.from({ length: samples }, (_, i) => {
    const named = interpretations[i]
    if (named) return named === 'alpha'
    const kind = i < own ? 0 : extra[i - own]
    return kind === 1 || kind === 2
  })
  const colors = isAlpha.filter(is => !is).length
  const guesses: readonly Meaning[] =
    photometric === 3 ? ['palette'] : colors >= 3 ? ['red', 'green', 'blue', 'infrared'] : [colors === 1 ? 'gray' : 'value']
  return isAlpha.map((is, i) => {
    if (is) return 'alpha'
    const named = interpretations[i]
    const guess = guesses[i] ?? 'value'
    // Writers that know of one band only call the first of several gray.
    return !named || named === 'undefined' || (named === 'gray' && colors >= 3) ? guess : (meaningOf(named) ?? 'value')
  })
}

function meaningOf(interpretation: string): Meaning | undefined {
  const meanings: Readonly<Record<string, Meaning>> = {
    red: 'red',
    green: 'green',
    blue: 'blue',
    gray: 'gray',
    palette: 'palette',
    nir: 'infrared',
    swir: 'infrared',
  }
  return meanings[interpretation]
}

/** Colours of a palette image as 0xRRGGBB; for grey images that store white as zero, the inverted ramp. */
export function paletteOf({ directory, levels }: DescribedPyramid): Uint32Array | undefined {
  const { photometric, bits } = levels[0].image.layout
  if (photometric === 0 && bits <= 8) {
    const top = (1 << bits) - 1
    return Uint32Array.from({ length: 256 }, (_, i) => Math.round((Math.max(0, top - i) * 255) / top) * 0x10101)
  }
  const colors = directory.values.get('colorMap')
  if (photometric !== 3 || !colors) return undefined
  const count = Math.floor(colors.length / 3)
  // Some writers store 8-bit values where TIFF asks for 16-bit ones.
  const shift = colors.some(value => value > 255) ? 8 : 0
  return Uint32Array.from({ length: bits <= 8 ? 256 : 65536 }, (_, i) =>
    i < count ? ((colors[i] >> shift) << 16) | ((colors[count + i] >> shift) << 8) | (colors[2 * count + i] >> shift) : 0,
  )
}
