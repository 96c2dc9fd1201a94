import { Problem } from '#core/problem.js'
import type { FilePages } from './file-pages.js'
import { type Pam, readPam } from './pam.js'
import { lookBeside } from './sidecars.js'
import type { ByteSource, SourceFile } from './sources/byte-source.js'
import { readTiffHead, type TiffDirectory } from './tiff-directory.js'
import { layoutOf, type TiffLayout } from './tiff-layout.js'

/** One image inside a GeoTIFF or one of the files that belong to it. */
export interface PyramidImage {
  /** Index into `Pyramid.parts`. */
  readonly part: number
  /** Number among all images of the pyramid, for cache keys. */
  readonly number: number
  readonly layout: TiffLayout
}

export interface PyramidLevel {
  readonly image: PyramidImage
  /** Zero where there is nothing. */
  readonly mask?: PyramidImage
}

/** A GeoTIFF with its `.ovr` and `.msk`: what reading its pixels needs. Level 0 is full resolution. */
export interface Pyramid {
  readonly name: string
  /** The file itself, then `.ovr` and `.msk` where there are any. */
  readonly parts: readonly SourceFile[]
  /** Of all parts. */
  readonly version: string
  readonly levels: readonly PyramidLevel[]
  /** Pieces of the files that are in memory, file by file. */
  readonly pages: readonly FilePages[]
}

/** The same with all that is said of it, in itself and in its `.aux.xml`, world file and `.prj`: everything but pixels. */
export interface DescribedPyramid extends Pyramid {
  readonly directory: TiffDirectory
  readonly pam?: Pam
  readonly worldFile?: string
  readonly prj?: string
  /** Images after the first that are neither overviews nor masks. */
  readonly otherImages: number
}

/** Bytes that the headers of a raster keep in memory now: it grows a little while lists of block positions are used. */
export function sizeOf({ levels, pages }: Pyramid): number {
  let lists = 0
  for (const { image, mask } of levels)
    for (const layout of [image.layout, mask?.layout])
      lists += (layout?.offsets.bytes?.length ?? 0) + (layout?.byteCounts.bytes?.length ?? 0)
  return pages.reduce((sum, { bytes }) => sum + bytes, lists) + levels.length * 2048 + 4096
}

/** Opens the headers of the raster at `location`, a path or an address of `source`. Throws Problems that call it `name`. */
export async function openPyramid(source: ByteSource, location: string, name: string, signal?: AbortSignal): Promise<DescribedPyramid> {
  refuseByName(name)
  const file = await source.open(location, name, signal)
  const own = await readTiffHead(file, name)
  const main = layoutOf(own.directories[0], name)
  const parts = [file]
  const pages = [own.pages]
  const candidates = own.directories.slice(1).map(directory => ({ directory, part: 0 }))
  const {
    overviews,
    masks: maskFile,
    maskOverviews,
    pam,
    worldFile,
    prj,
  } = await lookBeside(source, location, own.directories, name, signal)
  for (const [sidecar, extension, changed] of [
    [overviews, '.ovr', asOverview],
    [maskFile, '.msk', asMask],
    [maskOverviews, '.msk.ovr', asMask],
  ] as const) {
    if (!sidecar) continue
    const head = await readTiffHead(sidecar, name + extension)
    const part = parts.push(sidecar) - 1
    pages.push(head.pages)
    for (const directory of head.directories) candidates.push({ directory: changed(directory), part })
  }

  const images: PyramidImage[] = [{ part: 0, number: 0, layout: main }]
  const masks: PyramidImage[] = []
  let otherImages = 0
  for (const { directory, part } of candidates) {
    const kind = kindOf(directory)
    if ((kind & 5) === 0) {
      otherImages++
      continue
    }
    const layout = withTablesOf(main, layoutOf(directory, name))
    const image = { part, number: images.length + masks.length, layout }
    if (kind & 4) masks.push(image)
    else if (isOverviewOf(layout, main) && !images.some(known => known.layout.width === layout.width)) images.push(image)
  }
  images.sort((a, b) => b.layout.width - a.layout.width)
  const levels = images.map(image => {
    const mask = masks.find(
      ({ layout }) => layout.width === image.layout.width && layout.height === image.layout.height && layout.samples === 1,
    )
    return mask ? { image, mask } : { image }
  })
  return {
    name,
    parts,
    version: parts.map(part => part.version).join('+'),
    levels,
    directory: own.directories[0],
    otherImages,
    pages,
    ...(pam && { pam: readPam(pam) }),
    ...(worldFile && { worldFile }),
    ...(prj && { prj }),
  }
}

/** Overviews have the tables of the image itself, as a rule: thousands of files make that worth a look. */
function withTablesOf({ jpegTables }: TiffLayout, layout: TiffLayout): TiffLayout {
  const isSame = jpegTables && layout.jpegTables && Buffer.compare(jpegTables, layout.jpegTables) === 0
  return isSame ? { ...layout, jpegTables } : layout
}

function refuseByName(name: string) {
  const kind = /\.(jp2|j2k|ecw|sid|img|vrt|asc|png|jpe?g|webp)$/i.exec(name)?.[1].toLowerCase()
  if (kind)
    throw new Problem(
      'unsupported',
      `"${name}": .${kind} rasters are not read. This would work: gdal_translate -of COG "${name}" "${name.replace(/\.[^.]+$/, '')}.tif"`,
    )
}

/** Same picture, smaller: width and height shrink by the same factor, up to the rounding of the programs that make overviews. */
function isOverviewOf(layout: TiffLayout, full: TiffLayout): boolean {
  if (layout.width >= full.width || layout.samples !== full.samples || layout.sampleType !== full.sampleType) return false
  const factor = Math.round(full.width / layout.width)
  return Math.abs(full.height / factor - layout.height) <= 2 && Math.abs(full.width / factor - layout.width) <= 2
}

/** Bits of NewSubfileType; the older SubfileType knew only of reduced images. */
const kindOf = ({ values }: TiffDirectory) => values.get('newSubfileType')?.[0] ?? (values.get('subfileType')?.[0] === 2 ? 1 : 0)
const withKind = (directory: TiffDirectory, kind: number): TiffDirectory => ({
  ...directory,
  values: new Map(directory.values).set('newSubfileType', [kind]),
})
const asMask = (directory: TiffDirectory) => withKind(directory, 4)
const asOverview = (directory: TiffDirectory) => withKind(directory, kindOf(directory) | 1)
