import { Problem } from '#core/problem.js'
import { georeferenceOf } from './georeference.js'
import { besideLocation } from './locations.js'
import type { ByteSource, SourceFile } from './sources/byte-source.js'
import type { TiffDirectory } from './tiff-directory.js'
import { layoutOf } from './tiff-layout.js'

/** What lies beside a raster. */
export interface Beside {
  readonly overviews?: SourceFile
  readonly masks?: SourceFile
  /** Overviews of the masks that lie beside. */
  readonly maskOverviews?: SourceFile
  readonly pam?: string
  readonly worldFile?: string
  readonly prj?: string
}

/** Sidecars are a few kilobytes. */
const longestText = 1 << 20
/** Images up to this many pixels need no overviews. */
const smallPixels = 4e6

/**
 * Looks for the files that belong to the raster at `location`. On local disks all of them are looked for. Elsewhere, where each costs a
 * request, none is when the raster says itself where it lies; overviews and masks are only when it is large and has no overviews.
 */
export async function lookBeside(
  source: ByteSource,
  location: string,
  directories: readonly TiffDirectory[],
  name: string,
  signal?: AbortSignal,
): Promise<Beside> {
  const wantsImages = !source.isRemote || lacksOverviews(directories, name)
  const wantsTexts = !source.isRemote || lacksPlace(directories[0], name)
  const image = (extension: string) =>
    wantsImages
      ? openBeside(
          source,
          besideLocation(location, path => path + extension),
          name + extension,
          signal,
        )
      : undefined
  const text = (...changes: ((path: string) => string)[]) =>
    wantsTexts
      ? textBeside(
          source,
          (source.isRemote ? changes.slice(0, 1) : changes).map(change => besideLocation(location, change)),
          name,
          signal,
        )
      : undefined
  const ending = (extension: string) => (path: string) => path.replace(/\.[^.]+$/, extension)
  const [overviews, masks, pam, worldFile, prj] = await Promise.all([
    image('.ovr'),
    image('.msk'),
    text(path => `${path}.aux.xml`),
    text(ending('.tfw'), ending('.TFW'), path => `${path}w`, ending('.wld')),
    text(ending('.prj'), ending('.PRJ')),
  ])
  const maskOverviews = masks && (await image('.msk.ovr'))
  return {
    ...(overviews && { overviews }),
    ...(masks && { masks }),
    ...(maskOverviews && { maskOverviews }),
    ...(pam && { pam }),
    ...(worldFile && { worldFile }),
    ...(prj && { prj }),
  }
}

function lacksOverviews([main, ...others]: readonly TiffDirectory[], name: string): boolean {
  const { width, height } = layoutOf(main, name)
  return width * height > smallPixels && !others.some(({ values }) => ((values.get('newSubfileType')?.[0] ?? 0) & 1) === 1)
}

function lacksPlace(directory: TiffDirectory, name: string): boolean {
  try {
    return georeferenceOf(directory, {}, name).crs === undefined
  } catch {
    return true
  }
}

/** The file at `location`; undefined where there is none that can be used. */
async function openBeside(source: ByteSource, location: string, name: string, signal?: AbortSignal): Promise<SourceFile | undefined> {
  try {
    return await source.open(location, name, signal)
  } catch (error) {
    // object stores say "forbidden" of what is not there to those who may not list
    if (error instanceof Problem && ['not-found', 'forbidden', 'invalid-data'].includes(error.kind)) return undefined
    throw error
  }
}

/** Text of the first of `locations` that is there and short. */
async function textBeside(source: ByteSource, locations: readonly string[], name: string, signal?: AbortSignal) {
  for (const location of locations) {
    const file = await openBeside(source, location, name, signal)
    if (!file) continue
    try {
      if (file.size <= longestText) return new TextDecoder().decode(await file.read(0, file.size, signal))
    } finally {
      await file.close()
    }
  }
  return undefined
}
