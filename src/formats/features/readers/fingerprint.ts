import { createHash } from 'node:crypto'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

/** Files up to this size are hashed whole, and may be touched or copied without counting as changed. */
const wholeBytes = 16 * 1024 * 1024
const endBytes = 64 * 1024

/** Grows when readers make something else of the same file, so that it is loaded again. */
const readersVersion = 1

/**
 * Changes when the content of a file or of its companions does (the `.dbf` of a `.shp`, the log of a GeoPackage): size and hash of everything, or
 * for large files size, time of change, and hash of both ends. Undefined when the file is not there or may not be read.
 */
export async function fingerprint(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    for (const part of await partsOf(path)) hash.update(`${basename(part)}\0${await stateOf(part)}\0`)
    return `${readersVersion}:${hash.digest('hex').slice(0, 40)}`
  } catch {
    return undefined
  }
}

const shapefile = ['.dbf', '.shx', '.prj', '.cpg']
const companionsOf: Readonly<Record<string, readonly string[]>> = {
  '.shp': shapefile,
  '.dbf': shapefile,
  '.tab': ['.dat', '.map', '.id', '.ind'],
  '.mif': ['.mid'],
}

async function partsOf(path: string): Promise<string[]> {
  const extension = extname(path).toLowerCase()
  if (extension === '.gpkg') return [path, ...(await exists(`${path}-wal`))]
  const own = companionsOf[extension]
  if (!own) return [path]
  const stem = basename(path, extname(path)).toLowerCase()
  const names = await readdir(dirname(path))
  const companions = names.filter(name => own.some(extension => name.toLowerCase() === stem + extension))
  return [path, ...companions.sort().map(name => join(dirname(path), name))]
}

const exists = (path: string): Promise<string[]> =>
  stat(path).then(
    () => [path],
    () => [],
  )

async function stateOf(path: string): Promise<string> {
  await using file = await open(path)
  const { size, mtimeMs } = await file.stat()
  const hash = createHash('sha256')
  const isWhole = size <= wholeBytes
  for await (const chunk of file.createReadStream({ autoClose: false, start: 0, end: isWhole ? undefined : endBytes }))
    hash.update(chunk as Buffer)
  if (!isWhole) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(endBytes), 0, endBytes, size - endBytes)
    hash.update(buffer.subarray(0, bytesRead))
  }
  return `${size}:${isWhole ? '' : mtimeMs}:${hash.digest('hex')}`
}
