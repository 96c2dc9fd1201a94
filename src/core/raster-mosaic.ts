import Flatbush from 'flatbush'
import type { Bbox } from '#geo/bbox.js'
import type { Finding, RasterBand, RasterClass, RasterFile } from './atlas.js'

/** A GeoTIFF with its bands, as its store described it. */
export interface DescribedRaster {
  readonly file: RasterFile
  readonly bands: readonly RasterBand[]
  readonly notes: readonly Finding[]
  /** Bytes of the file itself, without what lies beside it. */
  readonly size: number
  /**
   * Tells its contents apart, as far as that is known without reading them: `etag:` and the ETag of its server, which on S3 often is the MD5
   * of the contents; else `state:` and a digest of size, time and place, which is no checksum of the contents.
   */
  readonly checksum: string
  /** Accuracy class, as the file states it. */
  readonly accuracy?: string
}

/**
 * Makes equal parts of descriptions the same objects: the files of a mosaic agree in levels, bands and CRS, so that tens of thousands of
 * them stay small.
 */
export function shareParts(): (described: DescribedRaster) => DescribedRaster {
  const known = new Map<string, unknown>()
  const shared = <T>(part: T): T => {
    const key = JSON.stringify(part)
    if (known.has(key)) return known.get(key) as T
    if (known.size < mostShared) known.set(key, part)
    return part
  }
  return ({ file, bands, notes, ...rest }) => ({
    ...rest,
    file: { ...file, crs: shared(file.crs), levels: shared(file.levels) },
    bands: shared(bands),
    notes: shared(notes),
  })
}

/** Different parts remembered: beyond it files agree in little, and looking for it costs more than it saves. */
const mostShared = 10_000

/** Share of a tile's area that a neighbour may cover and still be a neighbour, not another picture of the same place. */
const overlapOfNeighbours = 0.3
/** Files that may meet one, itself among them; side by side it is 9. */
const mostNeighbours = 100

/** What two files must share to be parts of one mosaic: CRS, pixel size and bands. */
export function mosaicKind({ file, bands }: DescribedRaster): string {
  const [, dx, rx, , ry, dy] = file.transform
  return JSON.stringify([file.crs, ...[dx, rx, ry, dy].map(size => size.toPrecision(6)), bandsKind({ bands })])
}

/** The bands of all `members`: those of the first, with the range of them all. */
export function commonBands(members: readonly Pick<DescribedRaster, 'bands'>[]): readonly RasterBand[] {
  return members[0].bands.map((first, i) => {
    const classes = commonClasses(members.map(({ bands }) => bands[i].classes))
    const band = classes && classes !== first.classes ? { ...first, classes } : first
    const ranges = members.flatMap(({ bands }) => (bands[i].range ? [bands[i].range] : []))
    if (ranges.length === 0) return band
    // shades are no numbers because some of the files are dark
    if (band.sampleType === 'uint8' && ranges.length < members.length) {
      const { range, ...shades } = band
      return shades
    }
    const [least, greatest] = ranges.reduce(([a, b], [c, d]) => [Math.min(a, c), Math.max(b, d)])
    return { ...band, range: [least, greatest] }
  })
}

/** Of values that several files have, the colour and the name of the first that says any. */
function commonClasses(lists: readonly (readonly RasterClass[] | undefined)[]): readonly RasterClass[] | undefined {
  // equal ones are one object, mostly
  const [first, ...others] = new Set(lists)
  if (others.length === 0) return first
  const known = new Map<number, RasterClass>()
  for (const classes of [first, ...others]) for (const each of classes ?? []) known.set(each.value, { ...each, ...known.get(each.value) })
  return [...known.values()].sort((a, b) => a.value - b.value)
}

/** What the files of a declared mosaic must share: what their bands mean. CRS and pixel size may differ. */
export function bandsKind({ bands }: Pick<DescribedRaster, 'bands'>): string {
  return JSON.stringify(bands.map(({ sampleType, meaning, nodata }) => [sampleType, meaning, nodata]))
}

/** Whether `files` lie side by side: no two of them cover much of the same ground. */
export function areNeighbours(files: readonly RasterFile[]): boolean {
  const tree = new Flatbush(files.length)
  for (const { bbox } of files) tree.add(...bbox)
  tree.finish()
  return files.every(({ bbox }, i) => {
    // by far more neighbours than any grid has: they lie upon each other
    const met = tree.search(...bbox)
    return met.length <= mostNeighbours && met.every(j => j === i || overlap(files[j].bbox, bbox) <= overlapOfNeighbours)
  })
}

function overlap(a: Bbox, b: Bbox): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  const area = ([minX, minY, maxX, maxY]: Bbox) => (maxX - minX) * (maxY - minY)
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.min(area(a), area(b))
}
