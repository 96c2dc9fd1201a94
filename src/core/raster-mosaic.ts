import type { Bbox } from '#geo/bbox.js'
import type { RasterBand, RasterFile } from './atlas.js'

/** A GeoTIFF with its bands, as its store described it. */
export interface DescribedRaster {
  readonly file: RasterFile
  readonly bands: readonly RasterBand[]
}

/** Share of a tile's area that a neighbour may cover and still be a neighbour, not another picture of the same place. */
const overlapOfNeighbours = 0.3

/** What two files must share to be parts of one mosaic: CRS, pixel size and bands. */
export function mosaicKind({ file, bands }: DescribedRaster): string {
  const [, dx, rx, , ry, dy] = file.transform
  const samples = bands.map(({ sampleType, meaning, nodata }) => [sampleType, meaning, nodata])
  return JSON.stringify([file.crs, ...[dx, rx, ry, dy].map(size => size.toPrecision(6)), samples])
}

/** Whether `files` lie side by side: no two of them cover much of the same ground. */
export function areNeighbours(files: readonly RasterFile[]): boolean {
  const open: RasterFile[] = []
  for (const file of [...files].sort((a, b) => a.bbox[0] - b.bbox[0])) {
    const met = open.filter(({ bbox }) => bbox[2] > file.bbox[0])
    if (met.some(other => overlap(other.bbox, file.bbox) > overlapOfNeighbours)) return false
    open.splice(0, open.length, ...met, file)
  }
  return true
}

function overlap(a: Bbox, b: Bbox): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  const area = ([minX, minY, maxX, maxY]: Bbox) => (maxX - minX) * (maxY - minY)
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.min(area(a), area(b))
}
