import Flatbush from 'flatbush'
import { type Bbox, unionBbox } from '#geo/bbox.js'
import { crsOf } from '#geo/crs.js'
import { transformBbox } from '#geo/transform.js'
import type { RasterFile } from './atlas.js'
import { drawingOrder, type MosaicOrder, newestOnTop } from './mosaic-order.js'

/**
 * The files of a raster collection and where they lie: a single file is a mosaic of one. Plain data, built once and never changed. Beside
 * the files themselves (some 400 bytes each, as what they have in common is shared) it takes about 45 bytes a file.
 */
export interface Mosaic {
  /** In drawing order: the last is on top. */
  readonly files: readonly RasterFile[]
  /** The files by CRS: those of the storage CRS first, then by their number. */
  readonly parts: readonly MosaicPart[]
  /** In the storage CRS, which is that of the first part. */
  readonly bbox: Bbox
  readonly order: MosaicOrder
  /** The instants at which files were taken, each once, ascending; milliseconds since the epoch. */
  readonly times: readonly number[]
}

/** The files of one CRS. */
export interface MosaicPart {
  readonly crs: string
  /** Positions in `files`, ascending; the tree counts in them. */
  readonly members: Uint32Array
  readonly tree: Flatbush
  /** Least and greatest size of a pixel on the ground, in metres. */
  readonly resolution: readonly [finest: number, coarsest: number]
  readonly bbox: Bbox
}

export interface MosaicOptions {
  readonly order?: MosaicOrder
  /** CRS to count as the storage CRS, where there are files in it; that of most files otherwise. */
  readonly storageCrs?: string
}

/** Puts `files` (one at least) in order and indexes them. */
export function buildMosaic(files: readonly RasterFile[], { order = newestOnTop, storageCrs }: MosaicOptions = {}): Mosaic {
  const ordered = files.length === 1 ? files : files.toSorted(drawingOrder(order))
  const byCrs = new Map<string, number[]>()
  ordered.forEach(({ crs }, i) => {
    const members = byCrs.get(crs)
    if (members) members.push(i)
    else byCrs.set(crs, [i])
  })
  const rank = ([crs, members]: [string, number[]]) => (crs === storageCrs ? Number.POSITIVE_INFINITY : members.length)
  const parts = [...byCrs]
    .sort((a, b) => rank(b) - rank(a) || (a[0] < b[0] ? -1 : 1))
    .map(([crs, members]) => partOf(crs, members, ordered))
  return { files: ordered, parts, bbox: commonBox(parts), order, times: timesOf(files) }
}

/** Size of a full resolution pixel on the ground in metres; degrees count as on the equator. */
export function groundResolution({ transform, crs }: Pick<RasterFile, 'transform' | 'crs'>): number {
  return cellSize(transform) * (crsOf(crs)?.metresPerUnit ?? 1)
}

const cellSize = ([, a, b, , d, e]: RasterFile['transform']) => Math.sqrt(Math.abs(a * e - b * d))

function partOf(crs: string, members: readonly number[], files: readonly RasterFile[]): MosaicPart {
  const tree = new Flatbush(members.length)
  const metresPerUnit = crsOf(crs)?.metresPerUnit ?? 1
  let [finest, coarsest] = [Number.POSITIVE_INFINITY, 0]
  for (const i of members) {
    const { bbox, transform } = files[i]
    tree.add(bbox[0], bbox[1], bbox[2], bbox[3])
    const size = cellSize(transform) * metresPerUnit
    finest = Math.min(finest, size)
    coarsest = Math.max(coarsest, size)
  }
  tree.finish()
  const { minX, minY, maxX, maxY } = tree
  return { crs, members: Uint32Array.from(members), tree, resolution: [finest, coarsest], bbox: [minX, minY, maxX, maxY] }
}

function timesOf(files: readonly RasterFile[]): readonly number[] {
  const times = new Set<number>()
  for (const { time } of files) if (time !== undefined) times.add(time)
  return [...times].sort((a, b) => a - b)
}

function commonBox(parts: readonly MosaicPart[]): Bbox {
  const [{ crs, bbox }, ...others] = parts
  return others.reduce<Bbox>((sum, part) => unionBbox(sum, crsOf(part.crs) && crsOf(crs) && transformBbox(part.bbox, part.crs, crs)), bbox)
}
