import type { RasterBand, RasterClass, RasterFile } from './atlas.js'
import type { RasterStore } from './ports.js'
import { sampleFiles } from './sample-files.js'

/** More colours without a name are those of a picture. */
const mostNameless = 64

/**
 * `bands` with the classes marked that legends leave out. Where classes have names, those with a name are shown; else those that occur in the smallest levels
 * of a few files; and none where more than 64 do, as in a scanned map.
 */
export async function listClasses(
  bands: readonly RasterBand[],
  files: readonly RasterFile[],
  store: RasterStore,
  signal?: AbortSignal,
): Promise<readonly RasterBand[]> {
  const isNamed = ({ classes }: RasterBand) => classes?.some(({ name }) => name !== undefined) === true
  const nameless = bands.some(band => band.classes && !isNamed(band))
  const occurring = nameless ? await valuesIn(bands, files, store, signal) : []
  return bands.map((band, b) => {
    if (!band.classes) return band
    const isShown = isNamed(band) ? ({ name }: RasterClass) => name !== undefined : among(occurring[b])
    return { ...band, classes: band.classes.map(each => (isShown(each) ? each : { ...each, isUnlisted: true as const })) }
  })
}

const among = (values: ReadonlySet<number>) => (values.size > mostNameless ? () => false : ({ value }: RasterClass) => values.has(value))

/** Values of each band; what cannot be read has none. */
async function valuesIn(
  bands: readonly RasterBand[],
  files: readonly RasterFile[],
  store: RasterStore,
  signal: AbortSignal | undefined,
): Promise<readonly ReadonlySet<number>[]> {
  const found = bands.map(() => new Set<number>())
  try {
    for await (const { bands: samples, mask } of sampleFiles(files, store, signal))
      for (const [b, values] of found.entries()) if (bands[b].classes) addValues(samples[b], mask, values)
  } catch {
    // a damaged file, or one that does not answer, costs rows of a legend, not the layer
    signal?.throwIfAborted()
  }
  return found
}

function addValues(samples: ArrayLike<number>, mask: Uint8Array | undefined, into: Set<number>): void {
  for (let i = 0; i < samples.length && into.size <= mostNameless; i++) if (mask?.[i] !== 0) into.add(samples[i])
}
