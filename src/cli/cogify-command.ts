import { resolve } from 'node:path'
import { readEnvironment } from '#config/environment.js'
import { Problem } from '#core/problem.js'
import { type TileMatrixSet, tileMatrixSet } from '#geo/tile-matrix-set.js'
import { builtInTileMatrixSets, tileMatrixSetOf } from '#geo/tile-matrix-sets.js'
import { createBlockCache } from '#stores/cog/block-cache.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { isRemote } from '#stores/cog/locations.js'
import { chooseConfig } from './choose-config.js'
import { type CogifyChoice, cogifyFile } from './cogify/cogify-file.js'
import { outputPaths } from './cogify/output-files.js'
import { findGdal } from './cogify/run-gdal.js'
import { startProgress } from './progress.js'
import { displayPath } from './publish/left-out.js'
import { stopSignal } from './stop-signal.js'

export interface CogifyArguments {
  readonly files: readonly string[]
  readonly grid?: string
  readonly matrix?: string
  readonly profile?: 'photo' | 'data'
  readonly compression: 'jpeg' | 'webp'
  readonly crs?: string
  readonly output?: string
  readonly overwrite?: boolean
  readonly inPlace?: boolean
  readonly writer?: 'gdal' | 'own'
  readonly config?: string
}

/** Bytes of decoded source blocks that are kept: two rows of blocks of a very wide file. */
const blockBytes = 256e6

/** Writes each file anew, whole or not at all; one that fails does not stop the others. Resolves to the exit code. */
export async function cogifyCommand(given: CogifyArguments): Promise<number> {
  const misuse = misuseOf(given)
  if (misuse !== undefined) {
    process.stderr.write(`${misuse}\n`)
    return 2
  }
  const { s3 } = readEnvironment(process.env)
  const { endpoint, region, keys } = s3
  const stop = stopSignal()
  const progress = startProgress(process.stderr)
  const store = openCogStore({
    id: 'cogify',
    cache: createBlockCache(blockBytes),
    remote: { ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }) },
    ...(keys && { keys }),
  })
  try {
    const grid = given.grid === undefined ? undefined : await findGrid(given.grid, given.config)
    const files = given.files.map(file => (isRemote(file) ? file : resolve(file)))
    const { output, overwrite = false, inPlace = false } = given
    const outputs = await outputPaths(files, { overwrite, inPlace, ...(output !== undefined && { output }) })
    const gdal = given.writer === 'own' ? undefined : await findGdal(stop.signal)
    if (given.writer === 'gdal' && !gdal)
      throw new Problem(
        'unsupported',
        '--writer gdal: gdalwarp and gdal_translate 3.2 or newer are not on the PATH. Without it our own writer does the same.',
      )
    const choice: CogifyChoice = {
      ...given,
      grid,
      gdal,
      store,
      signal: stop.signal,
      onProgress: (label, share, megapixels) => progress.update(label, share, megapixels, 'megapixels'),
    }
    let isFaulty = false
    for (const [i, file] of files.entries()) {
      try {
        const said = await cogifyFile(file, outputs[i], choice)
        progress.clear()
        process.stdout.write(`${displayPath(outputs[i])}: ${said}\n`)
      } catch (error) {
        stop.signal.throwIfAborted()
        if (!(error instanceof Problem)) throw error
        progress.clear()
        process.stderr.write(`${displayPath(file)}: ${error.message}\n`)
        isFaulty = true
      }
    }
    return isFaulty ? 1 : 0
  } catch (error) {
    progress.clear()
    if (!stop.signal.aborted) throw error
    process.stderr.write('Stopped; files that were not finished are as they were.\n')
    return 1
  } finally {
    stop.dispose()
    await store.close()
  }
}

function misuseOf({ grid, matrix, profile, compression, output, inPlace }: CogifyArguments): string | undefined {
  if (matrix !== undefined && grid === undefined) return '--matrix needs --grid.'
  if (profile === 'data' && compression === 'webp') return '--compression webp is for photographs; data are stored exactly.'
  if (inPlace && output !== undefined) return '--in-place and --output exclude each other.'
  return undefined
}

/** A built-in grid or one of the config. Throws `invalid-parameter`, and `ConfigError`. */
async function findGrid(id: string, file: string | undefined): Promise<TileMatrixSet> {
  const { config } = await chooseConfig({ sources: [], isDemo: false, ...(file !== undefined && { config: file }) }, process.env)
  const own = [...config.grids].map(([name, definition]) => [name, tileMatrixSet(definition)] as const)
  const grids = new Map([...builtInTileMatrixSets(), ...own])
  const grid = tileMatrixSetOf(grids, id)
  if (grid) return grid
  throw new Problem(
    'invalid-parameter',
    `There is no grid "${id}"; there are ${[...grids.keys()].join(', ')}. Others can be added to the config.`,
  )
}
