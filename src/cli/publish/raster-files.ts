import { basename, dirname, extname } from 'node:path'
import type { RasterFile } from '#core/atlas.js'
import { areNeighbours, type DescribedRaster, mosaicKind } from '#core/raster-mosaic.js'
import { shellWord } from '#core/shell-word.js'

/** What GDAL makes a GeoTIFF of with one command: photographs, or values that have to stay exact. */
type Translation = 'JPEG' | 'DEFLATE'

/** Formats of rasters that are known by name but not read. */
const refused: Readonly<Record<string, readonly [name: string, compression?: Translation]>> = {
  '.jp2': ['JPEG 2000', 'JPEG'],
  '.j2k': ['JPEG 2000', 'JPEG'],
  '.ecw': ['ECW', 'JPEG'],
  '.sid': ['MrSID', 'JPEG'],
  '.vrt': ['VRT', 'DEFLATE'],
  '.asc': ['Arc/Info ASCII grid', 'DEFLATE'],
  '.nc': ['NetCDF'],
  '.grib': ['GRIB'],
  '.grb2': ['GRIB'],
  '.hgt': ['SRTM', 'DEFLATE'],
  '.img': ['Erdas Imagine', 'DEFLATE'],
  '.las': ['LAS'],
  '.laz': ['LAZ'],
}

/** Why a raster is not read and what would have worked; undefined for what is no raster. */
export function refusedRaster(path: string): string | undefined {
  const bare = path.replace(/\.(gz|zip)$/i, '')
  if (bare !== path && /\.tiff?$/i.test(bare))
    return `${basename(path)}: packed rasters are not read; the GeoTIFF itself would have worked.`
  const found = refused[extname(path).toLowerCase()]
  if (!found) return undefined
  const [name, compression] = found
  const [from, to] = [basename(path), `${basename(path, extname(path))}.tif`]
  const command = compression && `: gdal_translate -of COG -co COMPRESS=${compression} ${shellWord(from)} ${shellWord(to)}`
  return `${from}: ${name} is not read; GeoTIFF would have worked${command ?? '.'}`
}

/** Rasters that are published as one collection. */
export interface RasterGroup {
  /** Of the folder for a mosaic that fills it, else what file names have in common. */
  readonly name: string
  readonly members: readonly DescribedRaster[]
}

/**
 * Which rasters belong together: those of one folder that agree in CRS, pixel size and bands and lie side by side are one mosaic; all
 * others stand alone. `pathOf` tells the absolute path of a file.
 */
export function groupRasters(rasters: readonly DescribedRaster[], pathOf: (file: RasterFile) => string): readonly RasterGroup[] {
  const folderOf = ({ file }: DescribedRaster) => dirname(pathOf(file))
  const alone = (raster: DescribedRaster): RasterGroup => ({ name: stemOf(pathOf(raster.file)), members: [raster] })
  const groups: RasterGroup[] = []
  for (const [folder, inFolder] of groupBy(rasters, folderOf)) {
    for (const members of groupBy(inFolder, mosaicKind).values()) {
      if (members.length === 1 || !areNeighbours(members.map(({ file }) => file))) {
        groups.push(...members.map(alone))
        continue
      }
      const shared = members.length === inFolder.length ? '' : commonPart(members.map(({ file }) => stemOf(pathOf(file))))
      groups.push({ name: shared || basename(folder), members })
    }
  }
  return groups
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}

const stemOf = (path: string) => basename(path, extname(path))

/** What all names begin with, up to a separator or a change from letters to digits. */
function commonPart(names: readonly string[]): string {
  let length = 0
  while (length < names[0].length && names.every(name => name[length] === names[0][length])) length++
  return names[0].slice(0, length).replace(/[\d_.\- ]+$/, '')
}
