import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Problem } from '#core/problem.js'

/** Made by `npm run build` (scripts/prepare-database.mjs). */
const prepared = fileURLToPath(new URL('./prepared/', import.meta.url))
const marker = 'arpent.json'

export interface DatabaseFolder {
  /** PostgreSQL's data directory. */
  readonly folder: string
  /** The PostGIS that fits it. */
  readonly bundle: string
}

/**
 * The embedded database's folder `{dataDir}/database`, made from the prepared one if there is none; a start cut short leaves nothing half made.
 * Throws `unavailable` when the folder belongs to another version, or when nothing is prepared.
 */
export async function prepareFolder(dataDir: string): Promise<DatabaseFolder> {
  const folder = join(dataDir, 'database')
  const bundle = join(prepared, 'postgis.tar.gz')
  const versions = await readFile(join(prepared, 'versions.json'), 'utf8').catch(cause => {
    throw new Problem('unavailable', 'The embedded database is not prepared; run `npm run build` first.', { cause })
  })
  const present = await readFile(join(folder, marker), 'utf8').catch(() => undefined)
  if (present === undefined) await create(folder, versions)
  else if (familyOf(present) !== familyOf(versions)) {
    const message =
      'The embedded database was made by another version of this program; move the folder “database” away and load the data again.'
    throw new Problem('unavailable', message)
  }
  return { folder, bundle }
}

async function create(folder: string, versions: string): Promise<void> {
  const draft = `${folder}.new`
  try {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true, mode: 0o700 })
    await cp(join(prepared, 'database'), draft, { recursive: true })
    await writeFile(join(draft, marker), versions)
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => {})
    throw new Problem('unavailable', `The embedded database cannot be made: ${reasonOf(cause)}; name another data folder with --data.`, {
      cause,
    })
  }
  await rename(draft, folder).catch(cause => {
    throw new Problem('unavailable', 'There is a folder “database” that is not Arpent’s; name another data folder, or move it away.', {
      cause,
    })
  })
}

function reasonOf(cause: unknown): string {
  const { code = 'unknown reason' } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk of the data folder is full'
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'the data folder may not be written'
  return `the data folder cannot be used (${code})`
}

/** Releases that differ only in their last number read each other's folders. */
function familyOf(versions: string): string {
  try {
    const { pglite, postgis } = JSON.parse(versions) as Record<string, string>
    return `${pglite} ${postgis}`.replace(/(\d+\.\d+)\.\S+/g, '$1')
  } catch {
    return 'unknown'
  }
}
