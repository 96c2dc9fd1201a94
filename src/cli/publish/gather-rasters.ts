import type { CogStoreConfig, CollectionConfig } from '#config/config.js'
import type { Finding } from '#core/atlas.js'
import { fitRasterStyles } from '#core/fit-raster-styles.js'
import { listClasses } from '#core/list-classes.js'
import type { RasterRecords, RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { Publication } from '#core/publication.js'
import { attributesBy, type RasterAttributes, withAttributes } from '#core/raster-attributes.js'
import { bandsKind, commonBands, type DescribedRaster } from '#core/raster-mosaic.js'
import { mergeFindings } from '#core/verdict-raster.js'
import { joinLocation, nameOf, plainLocation, relativeLocation } from '#stores/cog/locations.js'
import { dressed } from './dress.js'
import { findDeclared, findRasters } from './find-rasters.js'
import { displayPath, leftOut } from './left-out.js'
import { groupRasters } from './raster-files.js'
import type { RasterIndex } from './raster-index.js'

/** The rasters of a store, and what is known of them. */
export interface RasterTools {
  readonly store: RasterStore
  readonly index: RasterIndex
  readonly records: RasterRecords | undefined
  /** Style files that were found. */
  readonly styleFiles: readonly string[]
}

/** Files whose heads take half a second to read from a warm disk, and minutes from a bucket. */
const manyFiles = 1000

/** What a store of GeoTIFFs publishes: the declared collections, then what lies in its `files` and is not in one of them. */
export async function gatherRasters(
  config: CogStoreConfig,
  declared: readonly CollectionConfig[],
  { store, index, records, styleFiles }: RasterTools,
  signal?: AbortSignal,
): Promise<readonly Publication[]> {
  const { id, root, files } = config
  const wanted = await findDeclared(config, declared, store, signal)
  const taken = new Set(wanted.flatMap(({ paths }) => paths))
  const { paths, failed } = await findRasters(files, store, signal)
  const loose = paths.filter(path => !taken.has(path))
  const nameInStore = (path: string) => relativeLocation(root, path)
  const names = [...new Set([...taken, ...loose])].map(nameInStore)
  const byName = await index.describe(store, names, { records, saidOf: attributesOf(wanted, nameInStore) }, signal)
  const described: Descriptions = path => byName.get(nameInStore(path))
  const ofDeclared = wanted.map(({ collection, paths }) => declaredMosaic(collection, paths, described, root))
  const readable = loose.flatMap(path => okay(described(path)))
  const groups = groupRasters(readable, ({ path }) => plainLocation(joinLocation(root, path)))
  const ofGroups = groups.map(({ name, members }): Publication => {
    const path = joinLocation(root, members[0].file.path)
    const source = members.length === 1 ? displayPath(path) : `${displayPath(folderOf(path))} (${members.length} files)`
    const file = members.length === 1 ? path : folderOf(path).replace(/[/\\]$/, '')
    return { ...published(id, source, name, members), file }
  })
  const broken = loose.flatMap(path => {
    const problem = described(path)
    return problem instanceof Problem ? leftOut(displayPath(path), problem) : []
  })
  const withStyles = await dressed([...ofDeclared, ...ofGroups], styleFiles)
  const fitted = await Promise.all(withStyles.map(publication => styled(publication, store, signal)))
  const found = records ? fitted : fitted.map(forgotten)
  return [...found, ...broken, ...failed.map(({ place, error }) => leftOut(displayPath(place), error))]
}

/** Says of a mosaic of many files that nothing remembers them: an embedded database is not started for that alone. */
function forgotten(publication: Publication): Publication {
  const { found, findings } = publication
  if (found.kind !== 'raster' || found.files.length < manyFiles) return publication
  const finding: Finding = {
    severity: 'info',
    code: 'not-remembered',
    message: `The heads of its ${found.files.length} files are read at every start, because state is kept nowhere.`,
    cure: 'in the config: stores: { local: { kind: embedded } } and state: { store: local }, or a PostGIS store',
  }
  return { ...publication, findings: [...findings, finding] }
}

/** What the first collection that has a file says of it. */
function attributesOf(
  wanted: Awaited<ReturnType<typeof findDeclared>>,
  nameInStore: (path: string) => string,
): (name: string) => RasterAttributes {
  const by = new Map<string, (name: string) => RasterAttributes>()
  for (const { collection, paths } of wanted.toReversed()) {
    const attributes = attributesBy(collection.settings)
    for (const path of paths) by.set(nameInStore(path), attributes)
  }
  const none = {}
  return name => by.get(name)?.(name) ?? none
}

const folderOf = (path: string) => plainLocation(path).replace(/[^/\\]*$/, '')

type Descriptions = (path: string) => DescribedRaster | Problem | undefined

const okay = (described: DescribedRaster | Problem | undefined) =>
  described === undefined || described instanceof Problem ? [] : [described]

function published(
  store: string,
  source: string,
  name: string,
  members: readonly DescribedRaster[],
  more: readonly Finding[] = [],
): Publication {
  const found = { kind: 'raster' as const, store, files: members.map(({ file }) => file), bands: commonBands(members) }
  return { source, name, settings: {}, found, findings: [...more, ...mergeFindings(members.map(({ notes }) => notes))] }
}

/** All files of a declared collection that can be read and have the bands of the first; the others are reported. */
function declaredMosaic(
  { id, store, files = [], settings }: CollectionConfig,
  paths: readonly string[],
  described: Descriptions,
  root: string | undefined,
): Publication {
  const source = `collection ${id}`
  const readable = paths.flatMap(path => okay(described(path)))
  const problems = faultsOf(paths, described)
  if (readable.length === 0) {
    const where =
      root === undefined ? 'its store has no "root" to look in' : `nothing below the root of its store matches ${files.join(', ')}`
    const none: Finding = { severity: 'error', code: 'not-found', message: `No GeoTIFF: ${where}.` }
    return { source, id, name: id, settings, found: { kind: 'nothing' }, findings: problems.length > 0 ? problems : [none] }
  }
  const isKind = sameBands(readable[0])
  const attributes = attributesBy(settings)
  const members = readable.filter(isKind).map(raster => {
    const file = withAttributes(raster.file, attributes(raster.file.path))
    return file === raster.file ? raster : { ...raster, file }
  })
  const odd = readable
    .filter(raster => !isKind(raster))
    .map(
      ({ file }): Finding => ({
        severity: 'warning',
        code: 'mixed-mosaic',
        message: `${nameOf(file.path)} differs from ${nameOf(readable[0].file.path)} in its bands, and is left out.`,
      }),
    )
  return { ...published(store, source, id, members, [...problems, ...listed(odd)]), id, settings }
}

/** With the classes that legends show, and the styles that can be drawn over the files that were found. */
async function styled(publication: Publication, store: RasterStore, signal: AbortSignal | undefined): Promise<Publication> {
  const { settings, findings } = publication
  if (publication.found.kind !== 'raster') return publication
  const found = { ...publication.found, bands: await listClasses(publication.found.bands, publication.found.files, store, signal) }
  if (!settings.styles) return { ...publication, found }
  const fit = await fitRasterStyles(settings.styles, found.files, found.bands, store, signal)
  return { ...publication, found, settings: { ...settings, styles: fit.styles }, findings: [...findings, ...fit.findings] }
}

/** Whether a raster has the bands of the first. Equal bands are one object, mostly. */
function sameBands(first: DescribedRaster): (raster: DescribedRaster) => boolean {
  const kind = bandsKind(first)
  const known = new Map([[first.bands, true]])
  return raster => {
    const isSame = known.get(raster.bands) ?? bandsKind(raster) === kind
    known.set(raster.bands, isSame)
    return isSame
  }
}

function faultsOf(paths: readonly string[], described: Descriptions): readonly Finding[] {
  const faults = paths.flatMap((path): Finding[] => {
    const problem = described(path)
    return problem instanceof Problem ? [{ severity: 'error', code: 'unreadable', message: `${nameOf(path)}: ${problem.message}` }] : []
  })
  return listed(faults)
}

/** Findings of one kind about single files: a verdict of thousands of lines would help nobody. */
const mostListed = 20
const listed = (findings: readonly Finding[]): readonly Finding[] =>
  findings.length <= mostListed
    ? findings
    : [...findings.slice(0, mostListed), { ...findings[mostListed], message: `So it is with ${findings.length - mostListed} more files.` }]
