import type { CogStoreConfig, CollectionConfig } from '#config/config.js'
import type { Finding } from '#core/atlas.js'
import type { RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { Publication } from '#core/publication.js'
import { type DescribedRaster, mosaicKind } from '#core/raster-mosaic.js'
import { mergeFindings } from '#core/verdict-raster.js'
import { joinLocation, nameOf, plainLocation, relativeLocation } from '#stores/cog/locations.js'
import { findDeclared, findRasters } from './find-rasters.js'
import { inParallel } from './in-parallel.js'
import { displayPath, leftOut } from './left-out.js'
import { groupRasters } from './raster-files.js'

interface Described extends DescribedRaster {
  readonly notes: readonly Finding[]
}

/** Files whose heads are read at once. */
const atOnce = 16

/** What a store of GeoTIFFs publishes: the declared collections, then what lies in its `files` and is not in one of them. */
export async function gatherRasters(
  config: CogStoreConfig,
  declared: readonly CollectionConfig[],
  store: RasterStore,
  signal?: AbortSignal,
): Promise<readonly Publication[]> {
  const { id, root, files } = config
  const wanted = await findDeclared(config, declared, store, signal)
  const taken = new Set(wanted.flatMap(({ paths }) => paths))
  const { paths, failed } = await findRasters(files, store, signal)
  const loose = paths.filter(path => !taken.has(path))
  const nameInStore = (path: string) => relativeLocation(root, path)
  const all = [...new Set([...taken, ...loose])]
  const described = new Map<string, Described | Problem>()
  await inParallel(all, atOnce, async path => void described.set(path, await describe(store, nameInStore(path), signal)))
  const ofDeclared = wanted.map(({ collection, paths }) => declaredMosaic(collection, paths, described, root))
  const readable = loose.flatMap(path => okay(described.get(path)))
  const groups = groupRasters(readable, ({ path }) => plainLocation(joinLocation(root, path)))
  const ofGroups = groups.map(({ name, members }): Publication => {
    const [{ file }] = members
    const path = joinLocation(root, file.path)
    const source = members.length === 1 ? displayPath(path) : `${displayPath(folderOf(path))} (${members.length} files)`
    return published(id, source, name, members as readonly Described[])
  })
  const broken = loose.flatMap(path => {
    const problem = described.get(path)
    return problem instanceof Problem ? leftOut(displayPath(path), problem) : []
  })
  return [...ofDeclared, ...ofGroups, ...broken, ...failed.map(({ place, error }) => leftOut(displayPath(place), error))]
}

const folderOf = (path: string) => plainLocation(path).replace(/[^/\\]*$/, '')

const okay = (described: Described | Problem | undefined) => (described === undefined || described instanceof Problem ? [] : [described])

function published(store: string, source: string, name: string, members: readonly Described[], more: readonly Finding[] = []): Publication {
  const found = { kind: 'raster' as const, store, files: members.map(({ file }) => file), bands: members[0].bands }
  return { source, name, settings: {}, found, findings: [...more, ...mergeFindings(members.map(({ notes }) => notes))] }
}

/** All files of a declared collection that can be read and are of the same kind as the first; the others are reported. */
function declaredMosaic(
  { id, store, files = [], settings }: CollectionConfig,
  paths: readonly string[],
  described: ReadonlyMap<string, Described | Problem>,
  root: string | undefined,
): Publication {
  const source = `collection ${id}`
  const readable = paths.flatMap(path => okay(described.get(path)))
  const problems = paths.flatMap(path => {
    const problem = described.get(path)
    return problem instanceof Problem
      ? [{ severity: 'error' as const, code: 'unreadable', message: `${nameOf(path)}: ${problem.message}` }]
      : []
  })
  if (readable.length === 0) {
    const where =
      root === undefined ? 'its store has no "root" to look in' : `nothing below the root of its store matches ${files.join(', ')}`
    const none: Finding = { severity: 'error', code: 'not-found', message: `No GeoTIFF: ${where}.` }
    return { source, id, name: id, settings, found: { kind: 'nothing' }, findings: problems.length > 0 ? problems : [none] }
  }
  const kind = mosaicKind(readable[0])
  const members = readable.filter(raster => mosaicKind(raster) === kind)
  const strangers = readable.filter(raster => mosaicKind(raster) !== kind)
  const odd: Finding[] = strangers.map(({ file }) => ({
    severity: 'warning',
    code: 'mixed-mosaic',
    message: `${nameOf(file.path)} differs from ${nameOf(readable[0].file.path)} in CRS, pixel size or bands, and is left out.`,
  }))
  return { ...published(store, source, id, members, [...problems, ...odd]), id, settings }
}

async function describe(store: RasterStore, path: string, signal: AbortSignal | undefined): Promise<Described | Problem> {
  try {
    return await store.describe(path, signal)
  } catch (error) {
    signal?.throwIfAborted()
    return error instanceof Problem ? error : new Problem('invalid-data', 'It cannot be read as a GeoTIFF.', { cause: error })
  }
}
