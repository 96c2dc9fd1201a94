import { Problem } from '#core/problem.js'
import { printable } from '../column-names.js'
import { fileChunks } from '../file-chunks.js'
import { brokenFile, type PlainFile } from '../reader.js'
import { type JsonPiece, jsonValues } from './json-values.js'
import { parseKeepingDigits, parsePiece } from './parse-json.js'

type JsonObject = Readonly<Record<string, unknown>>

/** Features of a GeoJSON file in order, in groups as they come off the disk. */
export interface FeatureGroup {
  readonly features: readonly JsonObject[]
  /** Position in the file of each feature. */
  readonly places: readonly number[]
  /** Members of the collections that ended here, their features aside. */
  readonly collections: readonly JsonObject[]
  /** Features that were not UTF-8. */
  readonly latinCount: number
  /** 0 to 1 */
  readonly share: number
}

const geometryTypes = ['Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon', 'GeometryCollection']

/** Reads a FeatureCollection, single Features, bare geometries, and sequences of them (RFC 7946, RFC 8142, one per line). */
export async function* geojsonFeatures(file: PlainFile, signal?: AbortSignal): AsyncGenerator<FeatureGroup> {
  let ordinal = 0
  let done = 0
  const chunks = async function* () {
    for await (const chunk of fileChunks(file, signal)) {
      done += chunk.length
      yield chunk
    }
  }
  for await (const pieces of jsonValues(chunks(), file.label)) {
    const features: JsonObject[] = []
    const places: number[] = []
    const collections: JsonObject[] = []
    let latinCount = 0
    for (const piece of pieces) {
      const { object, isLatin } = parse(piece, file.label, ordinal + 1)
      if (isLatin) latinCount++
      const kind = piece.kind === 'element' ? 'Feature' : object.type
      if (kind === 'FeatureCollection') {
        collections.push(object)
        continue
      }
      ordinal++
      places.push(piece.at)
      if (kind === 'Feature' && object.type === 'Feature') features.push(object)
      else if (geometryTypes.includes(String(object.type))) features.push({ type: 'Feature', properties: null, geometry: object })
      else throw notGeojson(file.label, object, piece)
    }
    yield { features, places, collections, latinCount, share: file.bytes > 0 ? Math.min(1, done / file.bytes) : 1 }
  }
}

function parse(piece: JsonPiece, label: string, ordinal: number): { object: JsonObject; isLatin: boolean } {
  const place = `${piece.kind === 'element' ? `feature ${ordinal}` : 'the object'} at byte ${piece.at + 1}`
  try {
    const { value, isLatin } = parsePiece(piece.bytes)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw brokenFile(label, `${place} is not an object.`)
    const object = value as JsonObject
    return { object: hasLongInteger(object) ? (parseKeepingDigits(piece.bytes) as JsonObject) : object, isLatin }
  } catch (error) {
    if (error instanceof Problem) throw error
    throw brokenFile(label, `${place} is not JSON: ${printable(error instanceof Error ? error.message : String(error))}.`, error)
  }
}

/** Whether a property lost digits to the precision of a double. */
function hasLongInteger({ properties }: JsonObject): boolean {
  if (typeof properties !== 'object' || properties === null) return false
  for (const name in properties) {
    const value: unknown = (properties as JsonObject)[name]
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e30) return true
  }
  return false
}

function notGeojson(label: string, object: JsonObject, piece: JsonPiece): Problem {
  if (object.type === 'Topology') return new Problem('unsupported', `${label}: TopoJSON is not read; GeoJSON would have worked.`)
  const found = typeof object.type === 'string' ? `its type is “${printable(object.type)}”` : 'it has no type'
  return brokenFile(
    label,
    `the object at byte ${piece.at + 1} is not GeoJSON: ${found}; FeatureCollection, Feature or a geometry would have worked.`,
  )
}
