import type { FeatureFile, FeatureLayer, LayerGeometry, LayerRows, LayerValue } from '#core/ports.js'
import type { Bbox } from '#geo/bbox.js'
import { ewkbBbox } from '#geo/ewkb.js'
import { reprojectEwkb } from '#geo/reproject-ewkb.js'
import { type Transform, transformBetween } from '#geo/transform.js'
import type { ColumnKind } from '#rows/batch.js'
import { columnNames, freeName, printable } from './column-names.js'
import { guessCrs } from './crs/crs-guess.js'
import { type CsvColumnScan, csvValueReader, emptyColumn, isCodeName, kindOfColumn, scanValue } from './csv/csv-values.js'
import { geometryIntake } from './geometry/geometry-intake.js'
import {
  declaredDimensions,
  declaredType,
  emptyProfile,
  type GeometryProfile,
  profileGeometry,
  profileNotes,
} from './geometry/geometry-profile.js'
import { wkbFacts } from './geometry/wkb.js'
import { leftOutCounter } from './left-out.js'
import { batchBytes, batchRows, brokenFile, type OpenOptions, type PlainFile } from './reader.js'

/** A feature of a file that says neither types nor columns before its features, as its texts. */
export interface RawFeature {
  /** The layer it belongs to. */
  readonly layer: string
  /** Unique in a whole file, as its format has it. */
  readonly id?: string
  /** Values that are there, by the names of their columns. */
  readonly values: ReadonlyMap<string, string>
  /** WKB, x before y. */
  readonly wkb?: Uint8Array
  /** Of its coordinates, where that is known. */
  readonly crs?: string
  /** `line 12` */
  readonly place: string
  /** What of it is not read, once for each kind of thing. */
  readonly notes?: readonly string[]
}

/** A way of reading the features of a file; it is read once to find out what there is, and once more for each layer. */
export interface RawSource {
  read(signal: AbortSignal | undefined): AsyncIterable<{ readonly features: readonly RawFeature[]; readonly share: number }>
  /** Kinds that the file declares, by layer and column; known when it was read once. */
  kindOf?(layer: string, column: string): ColumnKind | undefined
  /** Name of the column for ids, where they are worth one. */
  readonly idColumn?: string
}

/** More than a table can have. */
const mostColumns = 1500
/** More than anybody publishes at once. */
const mostLayers = 500
const mostIdsKept = 200_000

interface LayerScan {
  readonly columns: Map<string, { readonly scan: CsvColumnScan; isTruth: boolean }>
  readonly geometry: GeometryProfile
  readonly notes: Set<string>
  readonly ids: Set<string>
  hasUniqueIds: boolean
  count: number
  bbox: Bbox | undefined
  crs: string | undefined
  hasSeveralCrs: boolean
}

/** Opens a file of raw features: one layer for each name they have. Throws `invalid-data`. */
export async function openRawFeatures(file: PlainFile, source: RawSource, { signal, onScan }: OpenOptions): Promise<FeatureFile> {
  const layers = new Map<string, LayerScan>()
  for await (const { features, share } of source.read(signal)) {
    for (const feature of features) scanFeature(file, layers, feature)
    onScan?.(share)
  }
  if (layers.size === 0) throw brokenFile(file.label, 'holds no features.')
  return { layers: [...layers].map(([name, scan]) => describeLayer(file, source, name, scan, layers.size === 1)), close: async () => {} }
}

function scanFeature(
  { label }: PlainFile,
  layers: Map<string, LayerScan>,
  { layer, id, values, wkb, crs, place, notes = [] }: RawFeature,
): void {
  const scan = layers.get(layer) ?? emptyScan()
  if (scan.count++ === 0) layers.set(layer, scan)
  if (layers.size > mostLayers) throw brokenFile(label, `${place}: has more than ${mostLayers} kinds of features.`)
  for (const [name, text] of values) {
    let column = scan.columns.get(name)
    if (!column) {
      column = { scan: emptyColumn(), isTruth: true }
      scan.columns.set(name, column)
      if (scan.columns.size > mostColumns)
        throw brokenFile(label, `${place}: the features have more than ${mostColumns} different properties.`)
    }
    scanValue(column.scan, text)
    column.isTruth &&= /^(0|1|true|false)?$/i.test(text)
  }
  for (const note of notes) if (scan.notes.size < 50) scan.notes.add(note)
  scan.hasUniqueIds &&= id !== undefined && scan.ids.size < mostIdsKept && !scan.ids.has(id)
  if (id !== undefined && scan.hasUniqueIds) scan.ids.add(id)
  if (!wkb) return
  profileGeometry(scan.geometry, wkbFacts(wkb))
  if (scan.crs !== undefined && crs !== scan.crs) scan.hasSeveralCrs = true
  scan.crs ??= crs
  const box = ewkbBbox(wkb)
  if (box) scan.bbox = scan.bbox ? union(scan.bbox, box) : box
}

const emptyScan = (): LayerScan => ({
  columns: new Map(),
  geometry: emptyProfile(),
  notes: new Set(),
  ids: new Set(),
  hasUniqueIds: true,
  count: 0,
  bbox: undefined,
  crs: undefined,
  hasSeveralCrs: false,
})

const union = (a: Bbox, b: Bbox): Bbox => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]

interface RawColumn {
  readonly source: string | undefined
  readonly kind: ColumnKind
  readonly read: (text: string) => LayerValue
}

function describeLayer(file: PlainFile, source: RawSource, name: string, scan: LayerScan, isOnly: boolean): FeatureLayer {
  const notes = [...scan.notes]
  const hasIds = source.idColumn !== undefined && scan.ids.size > 0
  const raw = [...(hasIds ? [source.idColumn ?? ''] : []), ...scan.columns.keys()]
  const named = columnNames(raw)
  notes.push(...named.notes, ...profileNotes(scan.geometry))
  const columns: RawColumn[] = [
    ...(hasIds ? [{ source: undefined, ...plain('text') }] : []),
    ...[...scan.columns].map(([column, seen]) => ({ source: column, ...kindOf(column, seen, source.kindOf?.(name, column), notes) })),
  ]
  const crs = scan.crs ?? guessed(scan, notes)
  if (scan.hasSeveralCrs) notes.push(`The geometries are in several reference systems: all are brought into ${crs}.`)
  const geometry: LayerGeometry | undefined =
    scan.geometry.count > 0
      ? {
          name: freeName('geom', named.names),
          type: declaredType(scan.geometry),
          dimensions: declaredDimensions(scan.geometry),
          ...(crs ? { crs } : {}),
        }
      : undefined
  return {
    name: isOnly && name === '' ? file.stem : name,
    columns: columns.map(({ kind }, i) => ({ name: named.names[i], kind })),
    ...(geometry ? { geometry } : {}),
    ...(hasIds && scan.hasUniqueIds ? { key: named.names[0] } : {}),
    count: scan.count,
    notes,
    read: signal => readRows(file, source, { layer: name, columns, geometry, notes, signal }),
  }
}

const plain = (kind: ColumnKind) => ({ kind, read: csvValueReader({ kind, hasDecimalComma: false }) })

/** What the file declares, where all values are such; else what they look like. */
function kindOf(
  name: string,
  { scan, isTruth }: { readonly scan: CsvColumnScan; readonly isTruth: boolean },
  declared: ColumnKind | undefined,
  notes: string[],
): Pick<RawColumn, 'kind' | 'read'> {
  if (declared === 'text') return plain('text')
  if (declared === 'boolean' && isTruth) return { kind: 'boolean', read: text => (text === '' ? null : /^(1|t)/i.test(text)) }
  const { kind, note } = kindOfColumn(scan, printable(name), false)
  if (note) notes.push(note)
  const isNumber = kind === 'integer' || kind === 'bigint'
  if (declared === 'double' && isNumber) return plain('double')
  return plain(isNumber && declared === undefined && isCodeName(name) ? 'text' : kind)
}

function guessed({ bbox }: LayerScan, notes: string[]): string | undefined {
  const guess = bbox && guessCrs(bbox)
  if (guess) notes.push(guess.note)
  return guess?.crs
}

interface Reading {
  readonly layer: string
  readonly columns: readonly RawColumn[]
  readonly geometry: LayerGeometry | undefined
  readonly notes: string[]
  readonly signal: AbortSignal | undefined
}

async function* readRows(
  file: PlainFile,
  source: RawSource,
  { layer, columns, geometry, notes, signal }: Reading,
): AsyncGenerator<LayerRows> {
  const leaveOut = leftOutCounter(notes)
  const take = geometry && geometryIntake(file.label, geometry, leaveOut)
  const transforms = new Map<string, Transform>()
  let rows: LayerValue[][] = []
  let bytes = 0
  for await (const { features, share } of source.read(signal)) {
    for (const feature of features) {
      if (feature.layer !== layer) continue
      const place = () => feature.place
      const row: LayerValue[] = columns.map(({ source, read }) => {
        const text = source === undefined ? feature.id : feature.values.get(source)
        return text === undefined ? null : read(text)
      })
      if (take && geometry) {
        const wkb = feature.wkb && brought(feature.wkb, feature.crs, geometry.crs, transforms)
        const isLost = feature.wkb !== undefined && wkb === undefined
        row.push(isLost ? leaveOut(`Geometry without a place in ${geometry.crs}`, place) : wkb ? take(wkb, place) : null)
        bytes += wkb?.length ?? 0
      }
      rows.push(row)
      if (rows.length < batchRows && bytes < batchBytes) continue
      yield { rows, progress: share }
      rows = []
      bytes = 0
    }
  }
  if (rows.length > 0) yield { rows, progress: 1 }
}

/** A geometry in the system of its layer; undefined where it has no place there. */
function brought(
  wkb: Uint8Array,
  from: string | undefined,
  to: string | undefined,
  transforms: Map<string, Transform>,
): Uint8Array | undefined {
  if (from === undefined || to === undefined || from === to) return wkb
  const transform = transforms.get(from) ?? transformBetween(from, to)
  transforms.set(from, transform)
  return reprojectEwkb(wkb, transform.into) ? wkb : undefined
}
