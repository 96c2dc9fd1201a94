import { createHash } from 'node:crypto'
import { crsOf } from '#geo/crs.js'
import { defaultStyle } from '#styles/default-style.js'
import type { Style } from '#styles/style.js'
import { advertisedCrs } from './advertised-crs.js'
import type {
  Collection,
  CollectionExtent,
  FeatureSource,
  Finding,
  GeometryColumn,
  NamedStyle,
  RasterFile,
  RasterSource,
  RowKey,
} from './atlas.js'
import { type AttachedOverviews, attachOverviews } from './attach-overviews.js'
import { buildDimensions } from './build-dimensions.js'
import { buildRestriction } from './build-restriction.js'
import { extentFromLonLat, extentFromStorage } from './collection-extent.js'
import { printable, titleFromName } from './collection-id.js'
import type { Dimension } from './dimension.js'
import { fitStyle } from './fit-style.js'
import { buildMosaic } from './mosaic.js'
import type { Publication, RasterFound, StyleSetting, TableFound } from './publication.js'
import { restricted } from './restriction.js'
import { suggestedStyle } from './suggested-style.js'

/** The collection a publication becomes under `id`, or what keeps it from being published. */
export type BuiltCollection =
  | { readonly collection: Collection; readonly attached?: AttachedOverviews; readonly findings?: readonly Finding[] }
  | { readonly obstacle: Finding }

/** Overview files of one collection, those written last coming last, and the store they are in. */
export interface FoundOverviews {
  readonly store: string
  readonly files: readonly RasterFile[]
}

/** Longest table comment, in characters, that is a title; a longer one is an abstract. */
const longestTitle = 120

export function buildCollection(id: string, publication: Publication, overviews?: FoundOverviews): BuiltCollection {
  const { found } = publication
  if (found.kind === 'table') return fromTable(id, publication, found)
  if (found.kind === 'raster') return fromRaster(id, publication, found, overviews)
  return { obstacle: publication.findings[0] ?? { severity: 'error', code: 'unreadable', message: 'It could not be read.' } }
}

function fromTable(id: string, publication: Publication, found: TableFound): BuiltCollection {
  const { settings } = publication
  const { description } = found
  const missing = missingColumns(publication, found)
  if (missing) return { obstacle: missing }
  if (!description.isReadable) {
    return {
      obstacle: {
        severity: 'error',
        code: 'unreadable',
        message: `The database user may not read ${description.schema}.${description.table}.`,
      },
    }
  }
  const hidden = new Set(settings.hidden)
  const geometries = description.geometries
    .filter(geometry => !hidden.has(geometry.name))
    .map(geometry => placed(geometry, settings.crs, found.extents?.get(geometry.name)))
  const geometry = geometries.find(({ name }) => name === settings.geometry) ?? geometries.find(({ crs }) => crs) ?? geometries[0]
  if (geometry && !geometry.crs) return { obstacle: withoutCrs(geometry) }
  const source: FeatureSource = {
    kind: 'features',
    store: found.store,
    schema: description.schema,
    table: description.table,
    columns: withUnits(
      description.columns.filter(({ name, kind }) => kind !== 'geometry' && !hidden.has(name)),
      settings.units,
    ),
    geometries,
    ...(geometry && { geometry: geometry.name }),
    key: rowKey(found, settings.key),
    ...(description.isWritable && { isWritable: true }),
    ...countOf(found),
  }
  const restriction = buildRestriction(publication, source, description.columns)
  if (restriction && 'obstacle' in restriction) return restriction
  const crs = geometry?.crs
  const extent =
    crs === undefined ? undefined : settings.extent ? extentFromLonLat(settings.extent, crs) : extentFromStorage(geometry?.extent, crs)
  const { columns } = source
  const { dimensions, findings } = buildDimensions(settings.dimensions ?? [], { kind: 'table', columns, values: found.values ?? new Map() })
  const suggested = suggestedStyle(id, source, found.statistics)
  const fitted = (settings.styles ?? []).map(setting => ({ setting, ...fitStyle(setting.style, source) }))
  const styles = fitted.map(({ setting, style }) => ({ ...setting, style }))
  const drawn = { ...publication, settings: { ...settings, styles } }
  const shown = restriction ? restricted(source, restriction) : source
  const described = describe(id, drawn, shown, crs, extent, suggested.style, description.comment)
  return {
    collection: withDimensions(restriction ? { ...described, restriction } : described, dimensions),
    findings: [
      ...findings,
      ...(styles.length > 0 ? [] : suggested.findings),
      ...fitted.flatMap(({ setting, misfits }) => misfits.slice(0, mostMisfits).map(misfit => misfitOf(setting.name, misfit))),
    ],
  }
}

function withUnits(columns: FeatureSource['columns'], units: Readonly<Record<string, string>> | undefined): FeatureSource['columns'] {
  if (!units) return columns
  return columns.map(column => (Object.hasOwn(units, column.name) ? { ...column, unit: units[column.name] } : column))
}

const mostMisfits = 10
const misfitOf = (style: string, misfit: string): Finding => ({
  severity: 'warning',
  code: 'style-column',
  message: `In the style "${style}": ${misfit}`,
})

function fromRaster(
  id: string,
  publication: Publication,
  { store, files: described, bands }: RasterFound,
  found: FoundOverviews | undefined,
): BuiltCollection {
  const { settings, findings } = publication
  const chosen = settings.crs?.[0]
  const placed = described.flatMap(file => {
    const crs = (crsOf(file.crs) ?? (chosen === undefined ? undefined : crsOf(chosen)))?.code
    return crs === undefined ? [] : [crs === file.crs ? file : { ...file, crs }]
  })
  if (placed.length === 0) {
    const message = 'Nothing says where its pixels are. Name the reference system first in the "crs" of the collection, or in the file.'
    return { obstacle: findings.find(({ code }) => code === 'unknown-srid') ?? { severity: 'error', code: 'missing-srid', message } }
  }
  const { order } = settings
  const mosaic = buildMosaic(placed, { ...(order && { order }), ...(chosen !== undefined && { storageCrs: chosen }) })
  const { crs } = mosaic.parts[0]
  const extent = settings.extent ? extentFromLonLat(settings.extent, crs) : extentFromStorage(mosaic.bbox, crs, 0)
  const attached = attachOverviews(found?.store ?? '', mosaic, found?.files ?? [])
  const { overviews } = attached
  const { resampling } = settings
  const source: RasterSource = { kind: 'raster', store, mosaic, bands, ...(overviews && { overviews }), ...(resampling && { resampling }) }
  const ground = { kind: 'raster' as const, bands, times: mosaic.times }
  const { dimensions, findings: dimensionFindings } = buildDimensions(settings.dimensions ?? [], ground)
  const collection = withDimensions(describe(id, publication, source, crs, extent, defaultStyle(id, 'raster'), undefined), dimensions)
  return { collection, attached, findings: dimensionFindings }
}

const withDimensions = (collection: Collection, dimensions: readonly Dimension[]): Collection =>
  dimensions.length === 0 ? collection : { ...collection, dimensions }

function describe(
  id: string,
  { name, settings }: Publication,
  source: FeatureSource | RasterSource,
  storageCrs: string | undefined,
  extent: CollectionExtent | undefined,
  style: Style,
  comment: string | undefined,
): Collection {
  const { title, abstract } = textsOf(comment, name)
  const {
    crs: chosenCrs,
    extent: _,
    geometry: _g,
    key: _k,
    hidden: _h,
    order: _o,
    timePattern: _t,
    dimensions: _d,
    accuracy: _a,
    accuracyPattern: _p,
    resampling: _r,
    filter: _fi,
    params: _pa,
    styles = [],
    styleFiles: _f,
    ...said
  } = settings
  return {
    id,
    title,
    ...(abstract !== undefined && { abstract }),
    ...said,
    ...(storageCrs !== undefined && { storageCrs }),
    crs: storageCrs === undefined ? [] : advertisedCrs(storageCrs, extent?.crs84, chosenCrs),
    ...(extent && { extent }),
    styles: [...styles, ...(styles.some(({ name }) => name === 'default') ? [] : [{ ...defaultName, style }])].map(versioned),
    source,
  }
}

/** A table comment's first line is the title, if it is short, and the rest the abstract; without a comment the name serves. */
function textsOf(comment: string | undefined, name: string): { readonly title: string; readonly abstract?: string } {
  const [first, ...rest] = (comment ?? '').split(/\r?\n/).map(line => printable(line).trim())
  const body = rest.join('\n').trim()
  if (first && first.length <= longestTitle) return body ? { title: first, abstract: body } : { title: first }
  const whole = [first, body].filter(Boolean).join('\n')
  return whole ? { title: titleFromName(name), abstract: whole } : { title: titleFromName(name) }
}

const defaultName = { name: 'default', title: { en: 'Default', fr: 'Par défaut' } }

function versioned(setting: StyleSetting): NamedStyle {
  const version = createHash('sha1').update(JSON.stringify(setting.style)).digest('base64url').slice(0, 12)
  return { ...setting, version }
}

/** `column` with its CRS: the declared one, else the first the operator named for coordinates without a SRID. */
function placed(column: GeometryColumn, chosen: readonly string[] | undefined, exact: GeometryColumn['extent']): GeometryColumn {
  const crs = column.crs !== undefined ? crsOf(column.crs) : column.srid === 0 && chosen?.[0] !== undefined ? crsOf(chosen[0]) : undefined
  const { crs: _, extent, ...rest } = column
  const box = extent ?? exact
  return { ...rest, ...(crs && { crs: crs.code }), ...(box && { extent: box }) }
}

function withoutCrs({ name, srid }: GeometryColumn): Finding {
  return srid === 0
    ? {
        severity: 'error',
        code: 'missing-srid',
        message: `Column ${name} has no SRID, so nobody can know where its coordinates are. Set it in the database (import with --crs EPSG:n where it was a file), or name it first in the collection's "crs".`,
      }
    : { severity: 'error', code: 'unknown-srid', message: `Column ${name} has the SRID ${srid}, which is not a known EPSG code.` }
}

function missingColumns({ settings }: Publication, { description }: TableFound): Finding | undefined {
  const names = new Set([...description.columns, ...description.geometries].map(({ name }) => name))
  const placed = (settings.dimensions ?? []).flatMap(({ place }) =>
    place.kind === 'column' ? [place.column] : place.kind === 'columns' ? [place.start, place.end] : [],
  )
  const wanted = [
    ...placed,
    ...(settings.key ?? []),
    ...(settings.hidden ?? []),
    ...(settings.queryables ?? []),
    ...Object.keys(settings.units ?? {}),
    ...(settings.geometry === undefined ? [] : [settings.geometry]),
  ]
  const missing = wanted.filter(name => !names.has(name))
  if (missing.length > 0) {
    const message = `${description.schema}.${description.table} has no column ${missing.join(', ')}; it has ${[...names].slice(0, 50).join(', ')}.`
    return { severity: 'error', code: 'unknown-column', message }
  }
  if (settings.geometry === undefined || description.geometries.some(({ name }) => name === settings.geometry)) return undefined
  const others = description.geometries.map(({ name }) => name).join(', ') || 'none'
  return {
    severity: 'error',
    code: 'unknown-column',
    message: `Column ${settings.geometry} holds no geometry; geometry columns: ${others}.`,
  }
}

const rowKey = ({ description }: TableFound, chosen: readonly string[] | undefined): RowKey =>
  chosen && chosen.length > 0 ? { kind: 'unique', columns: chosen } : description.key

function countOf({ count, description }: TableFound): Pick<FeatureSource, 'count'> {
  if (count !== undefined) return { count: { value: count, isExact: true } }
  return description.estimatedCount >= 0 ? { count: { value: description.estimatedCount, isExact: false } } : {}
}
