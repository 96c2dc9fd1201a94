import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Problem } from '#core/problem.js'
import { isRemote, nameOf } from '#stores/cog/locations.js'

/** What is allowed to be replaced. */
export interface OutputChoice {
  /** A folder, or the file itself where one input is given. */
  readonly output?: string
  readonly overwrite: boolean
  /** Each file takes the place of its input. */
  readonly inPlace: boolean
}

/** Files beside a GeoTIFF that would be taken for its overviews, mask or place. */
const companions = (path: string) => [
  ...['.ovr', '.msk', '.msk.ovr', '.aux.xml'].map(end => path + end),
  ...['.tfw', '.tifw', '.wld'].map(end => path.replace(/\.tiff?$/i, end)),
]

/**
 * Where the result for each of `inputs` goes: into the folder or to the file that was named, else beside the input as `NAME-cog.tif`. Throws `conflict` where
 * something is there that may not be replaced, and `invalid-parameter` where the choice makes no sense.
 */
export async function outputPaths(inputs: readonly string[], { output, overwrite, inPlace }: OutputChoice): Promise<readonly string[]> {
  const isFolder = output !== undefined && (inputs.length > 1 || /[/\\]$/.test(output) || (await isDirectory(output)))
  if (isFolder && existsSync(output) && !(await isDirectory(output)))
    throw new Problem('invalid-parameter', `--output ${output}: for ${inputs.length} files a folder is needed, and this is a file.`)
  const paths = inputs.map(input => {
    if (isRemote(input) && (inPlace || output === undefined))
      throw new Problem('invalid-parameter', `${nameOf(input)} is on another machine: --output FILE or FOLDER says where the result goes.`)
    if (inPlace) return resolve(input)
    if (output === undefined) return resolve(input.replace(/(\.tiff?)?$/i, '-cog.tif'))
    return resolve(isFolder ? join(output, nameOf(input).replace(/(\.tiff?)?$/i, '.tif')) : output)
  })
  const twice = paths.find((path, i) => paths.indexOf(path) !== i)
  if (twice !== undefined) throw new Problem('conflict', `Two files would both be written to ${twice}: give them names of their own.`)
  for (const [i, path] of paths.entries()) await refuseToReplace(path, inputs[i], { overwrite, inPlace })
  return paths
}

async function refuseToReplace(path: string, input: string, { overwrite, inPlace }: OutputChoice): Promise<void> {
  if (!isRemote(input) && !inPlace && (await isSameFile(path, input)))
    throw new Problem('conflict', `${path} is the file itself. --output elsewhere would work, or --in-place to replace it.`)
  if (!overwrite && !inPlace && existsSync(path)) throw new Problem('conflict', `${path} is there already. --overwrite replaces it.`)
  const stale = companions(path).filter(companion => existsSync(companion))
  if (stale.length > 0)
    throw new Problem(
      'conflict',
      `${stale.join(', ')} would be taken for a part of the new ${basename(path)}. Remove it, or write elsewhere with --output.`,
    )
}

const isDirectory = async (path: string) => (await stat(path).catch(() => undefined))?.isDirectory() ?? false

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a).catch(() => undefined), stat(b).catch(() => undefined)])
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev
}

/**
 * Lets `write` make a file in a folder of its own beside `path`, and puts the file in its place when it is whole. Whatever happens the folder goes; what a
 * killed process left is removed by the next one.
 */
export async function writeWhole(path: string, write: (draft: string, folder: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await sweep(path)
  const folder = `${path}.${process.pid}.part`
  await mkdir(folder)
  try {
    // no name that would be served if the folder is watched
    const draft = join(folder, 'whole')
    await write(draft, folder)
    const file = await open(draft, 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function sweep(path: string): Promise<void> {
  const start = `${basename(path)}.`
  for (const name of await readdir(dirname(path))) {
    const pid = name.startsWith(start) ? /^(\d+)\.part$/.exec(name.slice(start.length))?.[1] : undefined
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await rm(join(dirname(path), name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
