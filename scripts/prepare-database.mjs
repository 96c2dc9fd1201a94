// Prepares what the embedded database needs to start within seconds: a data folder in which PostGIS is already created, and a bundle of PostGIS
// without the parts never used (raster, topology, installation scripts), which cost half of its memory. Made once per version of the packages.
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createGunzip, gzipSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { postgis } from '@electric-sql/pglite-postgis'

/** Raise when this script makes something else of the same packages. */
const edition = 3
const target = new URL('../dist/stores/postgis/embedded/prepared/', import.meta.url)
const bundle = new URL('./postgis.tar.gz', import.meta.resolve('@electric-sql/pglite-postgis'))

const versionOf = async name => JSON.parse(await readFile(new URL('../package.json', import.meta.resolve(name)), 'utf8')).version
const versions = JSON.stringify({
  edition,
  pglite: await versionOf('@electric-sql/pglite'),
  postgis: await versionOf('@electric-sql/pglite-postgis'),
})

const present = await readFile(new URL('versions.json', target), 'utf8').catch(() => '')
if (present !== versions) await prepare()

async function prepare() {
  const draft = new URL(`../prepared-${process.pid}/`, target)
  await mkdir(draft, { recursive: true })
  try {
    await writeFile(new URL('postgis.tar.gz', draft), gzipSync(await trimmed(), { level: 6 }))
    // Little write-ahead log, in small segments: the folder is copied at the first start, and most of it would be log.
    const startParams = [...PGlite.defaultStartParams, '-c', 'min_wal_size=2MB', '-c', 'max_wal_size=8MB']
    const initDbStartParams = [
      '--wal-segsize=1',
      '--allow-group-access',
      '--encoding',
      'UTF8',
      '--locale=C.UTF-8',
      '--locale-provider=libc',
      '--auth=trust',
    ]
    const dataDir = fileURLToPath(new URL('database', draft))
    const database = await PGlite.create({ dataDir, extensions: { postgis }, initDbStartParams, startParams })
    for (const statement of ['CREATE EXTENSION postgis', 'VACUUM FULL ANALYZE', 'CHECKPOINT', 'CHECKPOINT']) await database.exec(statement)
    await database.close()
    await writeFile(new URL('versions.json', draft), versions)
    await rm(target, { recursive: true, force: true })
    await rename(draft, target).catch(async error => {
      // Another build may have been first; what it made is as good.
      if ((await readFile(new URL('versions.json', target), 'utf8').catch(() => '')) !== versions) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** The bundle's tar archive with only the entries that a running database opens (POSIX 1003.1, ustar: blocks of 512 bytes). */
async function trimmed() {
  const archive = Buffer.concat(await createReadStream(bundle).pipe(createGunzip()).toArray())
  const kept = []
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const name = archive.toString('latin1', at, archive.indexOf(0, at)).slice(0, 100)
    const end = at + 512 + Math.ceil(Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8) / 512) * 512
    if (!name.endsWith('.sql') && !/postgis_(raster|topology|tiger_geocoder)/.test(name)) kept.push(archive.subarray(at, end))
    at = end
  }
  return Buffer.concat([...kept, Buffer.alloc(1024)])
}
