import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RasterFile } from '#core/atlas.js'
import { type CogPlan, planAsItIs, planForGrid } from '#core/cog-plan.js'
import { type CogContent, type CogProfile, cogContent } from '#core/cog-profile.js'
import type { RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { requireCrs } from '#geo/crs.js'
import type { TileMatrixSet } from '#geo/tile-matrix-set.js'
import { nameOf } from '#stores/cog/locations.js'
import { writeWhole } from './output-files.js'
import { type GdalAbility, GdalError } from './run-gdal.js'
import { gdalObstacle, writeGdal } from './write-gdal.js'
import { type CogWork, writeOwn } from './write-own.js'

/** What was asked of all files, and what is there to do it. */
export interface CogifyChoice {
  readonly grid: TileMatrixSet | undefined
  readonly matrix?: string
  readonly profile?: CogProfile
  readonly compression: 'jpeg' | 'webp'
  /** Of files that do not name theirs. */
  readonly crs?: string
  /** Absent where it is not installed or not wanted. */
  readonly gdal: GdalAbility | undefined
  readonly writer?: 'gdal' | 'own'
  readonly store: RasterStore
  readonly signal: AbortSignal
  readonly onProgress: (label: string, share: number, megapixels: number) => void
}

/** Side of the piece that is looked at to tell photographs from classes, in pixels. */
const sampleSide = 512
/** Bytes left on a disk below which it is called full. */
const fullDisk = 1 << 20

/** Writes the file at `input` anew to `output` and resolves to what was made of it, for people. Throws Problems. */
export async function cogifyFile(input: string, output: string, choice: CogifyChoice): Promise<string> {
  const { grid, matrix, store, gdal, signal, onProgress } = choice
  const described = await store.describe(input, signal)
  const file = placed(described.file, input, choice.crs)
  const plan = grid ? planForGrid(file, nameOf(input), grid, matrix) : planAsItIs(file)
  const content = cogContent(nameOf(input), described.bands, await sampleOf(file, store, signal), choice.profile)
  const compression = compressionOf(content, choice.compression, input)
  const megapixels = Math.round((plan.width * plan.height) / 1e6)
  let by = 'our own writer'
  await writeWhole(output, async (draft, folder) => {
    const work: CogWork = {
      file,
      bands: described.bands,
      plan,
      content,
      compression,
      isCrsGiven: described.file.crs === '',
      folder,
      signal,
      onProgress: share => onProgress(nameOf(input), share, Math.round(share * megapixels)),
    }
    const obstacle = gdal && gdalObstacle(gdal, input, work)
    if (choice.writer === 'gdal' && obstacle) throw new Problem('unsupported', `GDAL cannot do this: ${obstacle}. --writer own would work.`)
    try {
      if (gdal && !obstacle) {
        await writeGdal(draft, input, gdal, work)
        by = gdal.version
      } else await writeOwn(draft, store, work)
    } catch (error) {
      signal.throwIfAborted()
      throw await explained(error, output)
    }
    await verify(draft, plan, content, store, signal)
  }).catch(async error => {
    throw signal.aborted ? error : await explained(error, output)
  })
  return summary(plan, content, compression, by)
}

/** The file with a CRS to count in. Throws `invalid-data` where neither it nor the operator names one. */
function placed(file: RasterFile, input: string, given: string | undefined): RasterFile {
  if (given !== undefined && file.crs === '') return { ...file, crs: requireCrs(given).code }
  if (file.crs !== '') return file
  throw new Problem('invalid-data', `"${nameOf(input)}" does not name its CRS, or one that has no code here. --crs EPSG:2154 would say it.`)
}

/** A piece from the middle of the file. */
function sampleOf(file: RasterFile, store: RasterStore, signal: AbortSignal) {
  const [width, height] = [Math.min(sampleSide, file.width), Math.min(sampleSide, file.height)]
  const window = { left: (file.width - width) >> 1, top: (file.height - height) >> 1, width, height }
  return store.read(file, 0, window, signal)
}

function compressionOf({ profile, bands }: CogContent, wanted: 'jpeg' | 'webp', input: string): CogWork['compression'] {
  if (profile === 'data') return 'deflate'
  if (wanted === 'webp' && bands.length !== 3)
    throw new Problem('invalid-parameter', `"${nameOf(input)}" is gray, and WebP stores colours. --compression jpeg would work.`)
  return wanted
}

/** Looks at what was written with our own reader before it takes any place. Throws `internal`. */
async function verify(draft: string, plan: CogPlan, { bands }: CogContent, store: RasterStore, signal: AbortSignal): Promise<void> {
  const made = await store.describe(draft, signal)
  const [levels, off] = [made.file.levels, made.file.transform.map((value, i) => Math.abs(value - plan.transform[i]))]
  const pixel = Math.hypot(plan.transform[1], plan.transform[4])
  const isRight =
    made.file.width === plan.width &&
    made.file.height === plan.height &&
    made.bands.length === bands.length &&
    levels.length === plan.overviews + 1 &&
    levels.every(({ blockWidth, blockHeight }) => blockWidth === plan.blockSide && blockHeight === plan.blockSide) &&
    Math.max(off[0], off[3]) < pixel / 1000
  if (!isRight)
    throw new Problem('internal', 'What was written is not what was planned; nothing was put in place. --writer own or gdal may work.')
}

/** What went wrong, fit for people. */
async function explained(error: unknown, output: string): Promise<unknown> {
  const code = (error as NodeJS.ErrnoException).code
  const folder = dirname(output)
  const isFull =
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    (error instanceof GdalError && (saysFull.test(error.message) || (await freeBytes(folder)) < fullDisk))
  if (isFull)
    return new Problem(
      'unavailable',
      `There is no room left in ${folder}; nothing was put in place. Room for about twice the result is needed.`,
    )
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR')
    return new Problem('forbidden', `${folder} cannot be written to (${code}). --output FOLDER would write elsewhere.`)
  if (error instanceof GdalError) return new Problem('unavailable', `${error.message}\n--writer own does without GDAL.`)
  return error
}

const saysFull = /no space left|disk full|quota exceeded|free disk space/i

async function freeBytes(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => undefined)
  return found ? found.bavail * found.bsize : Number.POSITIVE_INFINITY
}

function summary({ width, height, grid, crs, overviews }: CogPlan, content: CogContent, compression: string, by: string): string {
  const size = `${width} x ${height} pixels, ${overviews} overviews`
  const where = grid
    ? `${grid.id} matrix ${grid.matrix} (pixels of ${short(grid.cellSize)}, those of the file are ${short(grid.ownCellSize)}), tiles are blocks in ${grid.aligned.length === 1 ? 'matrix' : 'matrices'} ${grid.aligned.join(', ')}`
    : `pixels as they were, ${crs}`
  const how = content.profile === 'photo' ? `photo (${compression === 'jpeg' ? 'JPEG' : 'WebP'} 85)` : `data (exact)`
  return `${size}; ${where}; ${how}; by ${by}`
}

const short = (size: number) => String(Number(size.toPrecision(4)))
