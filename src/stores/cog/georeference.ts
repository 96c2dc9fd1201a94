import type { RasterFile } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import type { Bbox } from '#geo/bbox.js'
import { crsFromWkt } from './crs-from-text.js'
import { readGeoKeys } from './geo-keys.js'
import type { Pam } from './pam.js'
import type { TiffDirectory } from './tiff-directory.js'

export type PixelTransform = RasterFile['transform']

/** Where a raster lies. `crs` is absent when nothing names it; `label` is what its reference system is called. */
export interface Georeference {
  readonly transform: PixelTransform
  readonly crs?: string
  readonly label?: string
  /** Whether the projection is spelled out, so that other programs can compute with it. */
  readonly isDescribed: boolean
}

/** Texts beside the file that may say where it lies. */
export interface Sidecars {
  readonly worldFile?: string
  readonly prj?: string
  readonly pam?: Pam
}

/** The georeference of an image: the `.aux.xml`, then its own tags, then the world file and `.prj`. Throws `invalid-data` when there is none or it is absurd. */
export function georeferenceOf(directory: TiffDirectory, { worldFile, prj, pam }: Sidecars, name: string): Georeference {
  const geoKeys = readGeoKeys(directory)
  const transform =
    pam?.transform ?? ownTransform(directory, geoKeys.isPoint, name) ?? (worldFile ? worldFileTransform(worldFile) : undefined)
  if (!transform)
    throw new Problem(
      'invalid-data',
      `"${name}" does not say where it lies. A world file (.tfw) beside it would help, or: gdal_translate -a_srs EPSG:2154 -a_ullr LEFT TOP RIGHT BOTTOM "${name}" out.tif`,
    )
  if (!transform.every(Number.isFinite) || transform[1] * transform[5] - transform[2] * transform[4] === 0)
    throw new Problem('invalid-data', `"${name}" has a georeference that is not a number or has no size.`)
  const named = [pam?.srs ? crsFromWkt(pam.srs) : undefined, geoKeys, prj ? crsFromWkt(prj) : undefined]
  const crs = named.find(found => found?.crs)?.crs
  const label = named.find(found => found?.label)?.label
  return { transform, isDescribed: named.some(found => found?.isDescribed), ...(crs && { crs }), ...(label && { label }) }
}

function ownTransform({ values }: TiffDirectory, isPoint: boolean, name: string): PixelTransform | undefined {
  const matrix = values.get('modelTransformation')
  const scale = values.get('modelPixelScale')
  const tie = values.get('modelTiepoint')
  if (scale && scale.length >= 2 && tie && tie.length >= 6) {
    const [width, height] = [scale[0], -Math.abs(scale[1])]
    return shifted([tie[3] - tie[0] * width, width, 0, tie[4] - tie[1] * height, 0, height], isPoint)
  }
  if (matrix && matrix.length >= 8) return shifted([matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5]], isPoint)
  if (tie && tie.length > 6)
    throw new Problem(
      'unsupported',
      `"${name}" is placed by ground control points. This would work: gdalwarp -of COG "${name}" "${name.replace(/\.tiff?$/i, '')}-cog.tif"`,
    )
  return undefined
}

/** Where pixels are points the tie point is the centre of a pixel (OGC 19-008, 7.1.3.3). */
function shifted(t: PixelTransform, isPoint: boolean): PixelTransform {
  return isPoint ? [t[0] - (t[1] + t[2]) / 2, t[1], t[2], t[3] - (t[4] + t[5]) / 2, t[4], t[5]] : t
}

/** Six lines: A, D, B, E, then the centre of the upper left pixel. */
function worldFileTransform(text: string): PixelTransform | undefined {
  const lines = text.slice(0, 4096).trim().split(/\s+/).slice(0, 6)
  const [a, d, b, e, c, f] = lines.map(line => Number(line.replace(',', '.')))
  return lines.length === 6 ? shifted([c, a, b, f, d, e], true) : undefined
}

/** The box around the four corners of a raster. Throws `invalid-data` when it is infinite. */
export function bboxOf(transform: PixelTransform, width: number, height: number, name: string): Bbox {
  const [x0, a, b, y0, d, e] = transform
  const xs = [x0, x0 + width * a, x0 + height * b, x0 + width * a + height * b]
  const ys = [y0, y0 + width * d, y0 + height * e, y0 + width * d + height * e]
  const bbox = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const
  if (!bbox.every(Number.isFinite)) throw new Problem('invalid-data', `"${name}" has pixels too large to be anywhere.`)
  return bbox
}
