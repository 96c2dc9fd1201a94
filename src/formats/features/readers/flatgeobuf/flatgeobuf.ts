import { ByteBuffer } from 'flatbuffers'
import { Feature } from 'flatgeobuf/lib/mjs/flat-geobuf/feature.js'
import type { FeatureFile, LayerColumn, LayerGeometry, LayerRows, LayerValue } from '#core/ports.js'
import { columnNames, freeName } from '../column-names.js'
import { guessCrs } from '../crs/crs-guess.js'
import { crsOfWkt } from '../crs/crs-of-wkt.js'
import { geometryIntake } from '../geometry/geometry-intake.js'
import { declaredType, emptyProfile, profileGeometry, profileNotes } from '../geometry/geometry-profile.js'
import { wkbTypeNames } from '../geometry/wkb.js'
import { leftOutCounter } from '../left-out.js'
import { batchBytes, batchRows, brokenFile, type FeatureReader, type OpenOptions, type PlainFile } from '../reader.js'
import { openWindowed, type WindowedFile } from '../windowed-file.js'
import { FlatgeobufFault, flatgeobufEncoder } from './flatgeobuf-geometry.js'
import { type FlatgeobufHeader, readFlatgeobufHeader } from './flatgeobuf-header.js'
import { flatgeobufKind, readProperties } from './flatgeobuf-properties.js'

/** FlatGeobuf 3. The index is passed over: every feature is wanted. */
export const flatgeobuf = {
  name: 'FlatGeobuf',
  extensions: ['.fgb'],
  open: openFlatgeobuf,
} satisfies FeatureReader

async function openFlatgeobuf(file: PlainFile, { signal }: OpenOptions): Promise<FeatureFile> {
  const bytes = await openWindowed(file.path, file.label)
  try {
    const header = await readFlatgeobufHeader(bytes, file.label)
    const unknown = header.columns.findIndex(column => flatgeobufKind(column.type) === undefined)
    if (unknown >= 0)
      throw brokenFile(file.label, `column ${unknown + 1} of its head has the type ${header.columns[unknown].type}, which does not exist.`)
    const named = columnNames(header.columns.map(column => column.name))
    const columns = header.columns.map((column, i) => ({ name: named.names[i], kind: flatgeobufKind(column.type) ?? 'text' }))
    const notes = [...named.notes]
    const geometry: LayerGeometry = {
      name: freeName('geom', named.names),
      type:
        header.geometryType > 0
          ? (wkbTypeNames[header.geometryType] ?? 'GEOMETRY')
          : await scanTypes({ bytes, header, label: file.label, signal }, notes),
      dimensions: header.hasZ ? (header.hasM ? 'xyzm' : 'xyz') : header.hasM ? 'xym' : 'xy',
      ...crsMember(header, notes),
    }
    const keys = header.columns.filter(column => column.isKey)
    return {
      layers: [
        {
          name: file.stem,
          columns,
          geometry,
          ...(keys.length === 1 ? { key: columns[header.columns.indexOf(keys[0])].name } : {}),
          ...(header.count > 0 ? { count: header.count } : {}),
          notes,
          read: signal => readRows({ bytes, header, label: file.label, signal }, columns, geometry, notes),
        },
      ],
      close: () => bytes.close(),
    }
  } catch (error) {
    await bytes.close()
    throw error
  }
}

function crsMember({ crs, bbox }: FlatgeobufHeader, notes: string[]): { crs?: string } {
  // GDAL says so of WGS 84 with heights; x and y are those of WGS 84
  if (crs?.code) return { crs: crs.code === 'EPSG:4979' ? 'EPSG:4326' : crs.code }
  const found = crs?.wkt ? crsOfWkt(crs.wkt) : bbox && guessCrs(bbox)
  if (!found) notes.push('The coordinate reference system is not stated; --crs names it.')
  else if (found.note) notes.push(found.note)
  return found ? { crs: found.crs } : {}
}

interface Source {
  readonly bytes: WindowedFile
  readonly header: FlatgeobufHeader
  readonly label: string
  readonly signal: AbortSignal | undefined
}

interface FeatureGroup {
  readonly features: readonly { readonly feature: Feature; readonly size: number }[]
  readonly share: number
}

/**
 * Features in groups, as many as lie in memory: a turn of the event loop for each would cost more than reading it. Each has memory of its own,
 * because its number arrays must lie at multiples of eight.
 */
async function* featureGroups({ bytes, header, label, signal }: Source): AsyncGenerator<FeatureGroup> {
  let at = header.firstFeature
  let features: { feature: Feature; size: number }[] = []
  for (let index = 0; header.count > 0 ? index < header.count : at < bytes.bytes; index++) {
    const prefix = bytes.peek(at, 4) ?? (await bytes.load(at, 4))
    const size = prefix?.readUInt32LE(0) ?? 0
    const body = size >= 4 ? (bytes.peek(at + 4, size) ?? (await bytes.load(at + 4, size))) : undefined
    if (!body) throw brokenFile(label, `feature ${index + 1} at byte ${at + 1} is cut off or broken: the file is truncated.`)
    const aligned = new Uint8Array(size + 4)
    aligned.set(body, 4)
    features.push({ feature: Feature.getSizePrefixedRootAsFeature(new ByteBuffer(aligned)), size })
    at += size + 4
    if (features.length < batchRows && size < batchBytes) continue
    signal?.throwIfAborted()
    yield { features, share: at / bytes.bytes }
    features = []
  }
  if (features.length > 0) yield { features, share: 1 }
}

/** For files that leave the type to each feature. */
async function scanTypes(source: Source, notes: string[]): Promise<string> {
  const profile = emptyProfile()
  const { hasZ, hasM } = source.header
  let index = 0
  for await (const { features } of featureGroups(source))
    for (const { feature } of features) {
      index++
      const type = atFeature(source.label, index, () => feature.geometry()?.type() ?? 0)
      profileGeometry(profile, { type: type < wkbTypeNames.length ? type : 0, hasZ, hasM })
    }
  notes.push(...profileNotes(profile))
  return declaredType(profile)
}

async function* readRows(
  source: Source,
  columns: readonly LayerColumn[],
  geometry: LayerGeometry,
  notes: string[],
): AsyncGenerator<LayerRows> {
  const { header, label, signal } = source
  const leaveOut = leftOutCounter(notes)
  const take = geometryIntake(label, geometry, leaveOut)
  const encode = flatgeobufEncoder(header.hasZ, header.hasM)
  let index = 0
  const place = () => `feature ${index}`
  const leaveOutValue = (column: number, what: string) => leaveOut(`Column “${columns[column].name}”, values that are no ${what}`, place)
  for await (const { features, share } of featureGroups(source)) {
    const rows = features.map(({ feature, size }) => {
      index++
      return atFeature(label, index, () => {
        const row: LayerValue[] = columns.map(() => null)
        const properties = feature.propertiesArray()
        if (properties) readProperties(properties, header.columns, row, leaveOutValue)
        const shape = feature.geometry()
        // heads of parts and missing ordinates make WKB longer than its source, never several times
        row.push(shape && take(encode(shape, header.geometryType || shape.type(), size * 4 + 1024), place))
        return row
      })
    })
    yield { rows, progress: share }
    signal?.throwIfAborted()
  }
}

function atFeature<T>(label: string, ordinal: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof FlatgeobufFault || error instanceof RangeError || error instanceof TypeError)
      throw brokenFile(label, `feature ${ordinal} is broken: ${error.message}.`, error)
    throw error
  }
}
