import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type GdalAbility, GdalError, runGdal } from './run-gdal.js'
import type { CogWork } from './write-own.js'

/** Megabytes of blocks GDAL keeps, and of a piece it warps at once. */
const [cacheMegabytes, warpMegabytes] = [256, 128]

/** Why GDAL cannot do `work` on the file at `source`; undefined where it can. */
export function gdalObstacle(
  { compressions }: GdalAbility,
  source: string,
  { file, bands, plan, content, compression }: CogWork,
): string | undefined {
  if (/^[a-z0-9+.-]+:\/\//i.test(source)) return 'the file is on another machine'
  if (compression !== 'deflate' && !compressions.has(compression.toUpperCase())) return `it has no encoder of ${compression}`
  const alpha = bands.findIndex(({ meaning }) => meaning === 'alpha')
  if (alpha >= 0 && alpha < bands.length - 1) return 'alpha is not the last band'
  const [, , rx, , ry, dy] = file.transform
  if (!plan.grid && (rx !== 0 || ry !== 0 || dy > 0) && maskOf(bands, content) === 'from-nodata') return 'the file is rotated'
  return undefined
}

/** Where the mask of a file in its own pixels comes from. */
function maskOf(bands: CogWork['bands'], { profile }: CogWork['content']): 'from-nodata' | 'from-alpha' | 'as-it-is' {
  if (profile === 'data') return 'as-it-is'
  return bands.some(({ nodata }) => nodata !== undefined)
    ? 'from-nodata'
    : bands.some(({ meaning }) => meaning === 'alpha')
      ? 'from-alpha'
      : 'as-it-is'
}

/**
 * Writes the same as `writeOwn` by GDAL's programs: the warp is a virtual file, so that no second copy of all pixels is needed. `source` is the path of the
 * file. Throws GdalError.
 */
export async function writeGdal(path: string, source: string, ability: GdalAbility, work: CogWork): Promise<void> {
  const { file, bands, plan, content, compression, isCrsGiven, folder, onProgress, signal } = work
  const { grid, bbox, width, height } = plan
  const isPhoto = content.profile === 'photo'
  const nodata = content.bands.some(band => band.nodata !== undefined)
  const hasAlpha = content.bands.some(({ meaning }) => meaning === 'alpha')
  // a mask is made where the pixels themselves cannot say that there is nothing
  const needsMask = !nodata && !hasAlpha
  const method = plan.isCopy || content.isClassified ? 'near' : isPhoto ? 'cubic' : 'bilinear'
  const usual = ['--config', 'GDAL_CACHEMAX', String(cacheMegabytes), '--config', 'GDAL_TIFF_INTERNAL_MASK', 'YES']
  const mask = maskOf(bands, content)
  const isWarped = grid !== undefined || mask === 'from-nodata'
  const warped = join(folder, 'warped')
  if (isWarped) {
    const args = [
      ...usual,
      ...['-q', '-if', 'GTiff', '-of', 'VRT', '-s_srs', file.crs, '-t_srs', plan.crs],
      ...['-te', ...bbox.map(String), '-ts', String(width), String(height)],
      ...['-r', method, '-et', '0.05', '-wm', String(warpMegabytes), '-wo', 'UNIFIED_SRC_NODATA=YES'],
      ...(needsMask ? ['-dstalpha'] : []),
      source,
      warped,
    ]
    await runGdal('gdalwarp', args, signal)
  }
  const options: Readonly<Record<string, string | number>> = {
    BLOCKSIZE: plan.blockSide,
    BIGTIFF: 'IF_SAFER',
    NUM_THREADS: 'ALL_CPUS',
    SPARSE_OK: 'YES',
    OVERVIEW_RESAMPLING: content.isClassified ? 'NEAREST' : 'AVERAGE',
    ...(ability.options.has('OVERVIEW_COUNT') && { OVERVIEW_COUNT: plan.overviews }),
    ...(plan.overviews === 0 && { OVERVIEWS: 'NONE' }),
    ...compressionOptions(ability, compression),
  }
  const translate = (all: typeof options) => {
    const args = [
      ...usual,
      ...['-if', isWarped ? 'VRT' : 'GTiff', '-of', 'COG'],
      // what else the file says of its CRS, such as a vertical one, stays
      ...(isCrsGiven ? ['-a_srs', plan.crs] : []),
      ...((isWarped && needsMask) || mask === 'from-alpha' ? bandsAndMask(content.numbers) : []),
      ...(isPhoto ? ['-a_nodata', 'none'] : []),
      ...Object.entries(all).flatMap(([name, value]) => ['-co', `${name}=${value}`]),
      isWarped ? warped : source,
      path,
    ]
    return runGdal('gdal_translate', args, signal, onProgress)
  }
  await translate(options).catch(async error => {
    // samples of odd sizes, such as one bit
    if (!(error instanceof GdalError && /PREDICTOR/.test(error.message))) throw error
    await rm(path, { force: true })
    await translate({ ...options, PREDICTOR: 'NO' })
  })
}

/** The alpha band is the last one, after all that count. */
const bandsAndMask = (numbers: readonly number[]): readonly string[] => [
  ...numbers.flatMap(number => ['-b', String(number + 1)]),
  ...['-mask', String(numbers.length + 1)],
]

function compressionOptions(
  { compressions, options }: GdalAbility,
  compression: CogWork['compression'],
): Readonly<Record<string, string | number>> {
  if (compression === 'deflate') return { COMPRESS: compressions.has('ZSTD') ? 'ZSTD' : 'DEFLATE', PREDICTOR: 'YES' }
  const quality = { QUALITY: 85, ...(options.has('OVERVIEW_QUALITY') && { OVERVIEW_QUALITY: 85 }) }
  return { COMPRESS: compression.toUpperCase(), ...quality }
}
