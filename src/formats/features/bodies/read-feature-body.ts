import { type GivenFeature, type GivenGeometry, isJsonObject, type JsonValue, jsonText, LongNumber } from '#core/given-feature.js'
import { type Fault, Problem } from '#core/problem.js'
import { type Crs, crsOf } from '#geo/crs.js'
import { parseCrsName } from '#geo/crs-name.js'
import { EwkbError, readEwkb, writeEwkb } from '#geo/ewkb.js'
import { mapPositions } from '#geo/reproject.js'
import { GeometryFault, geojsonEncoder, geojsonFacts } from '../readers/geojson/geojson-geometry.js'
import { JsonFault, parseJson } from './parse-json.js'

/** How a body is to be read. */
export interface BodyOptions {
  /** Content-Crs (OGC API Features Part 4): the name of a CRS, as `<http://www.opengis.net/def/crs/EPSG/0/2154>`; CRS84 where absent. */
  readonly contentCrs?: string
  /** Codes of the systems that are taken, CRS84 aside. */
  readonly crs: readonly string[]
  /** Columns that a member `time` of JSON-FG is put into: one, or one for the start and one for the end. */
  readonly time?: readonly string[]
}

/** Coordinates as a body has them. */
interface Placing {
  readonly crs: Crs
  readonly isFlipped: boolean
}

type Told = (pointer: string, message: string) => void

/**
 * The features of a body: one Feature, or a FeatureCollection with all of its own, in GeoJSON (RFC 7946) or JSON-FG (OGC 21-045), whose
 * `place` comes before `geometry`. Throws `malformed` for what is no JSON, `body-too-large`, `unknown-crs`, and `unprocessable` with all that makes it
 * no features.
 */
export function readFeatures(
  body: Buffer,
  options: BodyOptions,
): { readonly isCollection: boolean; readonly features: readonly GivenFeature[] } {
  return read(body, (root, tell) => {
    const placing = placingOfHeader(options)
    if (!isJsonObject(root)) {
      tell('', 'The body is no GeoJSON object.')
      return { isCollection: false, features: [] }
    }
    if (root.type !== 'FeatureCollection') return { isCollection: false, features: [feature(root, '', placing, options, tell, false)] }
    const { features } = root
    if (!Array.isArray(features)) {
      tell('/features', 'A FeatureCollection has an array “features”.')
      return { isCollection: true, features: [] }
    }
    const outer = placingOf(root, placing, options, '', tell)
    return { isCollection: true, features: features.map((one, i) => feature(one, `/features/${i}`, outer, options, tell, false)) }
  })
}

/** What a JSON Merge Patch (RFC 7396) says of a feature: properties and geometry, null for what is to be removed. Throws as `readFeatures`. */
export function readMergePatch(body: Buffer, options: BodyOptions): GivenFeature {
  return read(body, (root, tell) => {
    const placing = placingOfHeader(options)
    return feature(root, '', placing, options, tell, true)
  })
}

/** Faults told at once. */
const mostFaults = 100

function read<T>(body: Buffer, work: (root: JsonValue, tell: Told) => T): T {
  const faults: Fault[] = []
  try {
    const result = work(parseJson(body), (pointer, message) => {
      if (faults.length < mostFaults) faults.push({ pointer, message })
    })
    if (faults.length === 0) return result
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    throw new Problem(error.kind === 'malformed' ? 'malformed' : 'body-too-large', error.message)
  }
  const more = faults.length === 1 ? '' : ` And ${faults.length - 1} more.`
  throw new Problem('unprocessable', `${faults[0].message}${more}`, { faults: faults })
}

function feature(given: JsonValue, pointer: string, outer: Placing, options: BodyOptions, tell: Told, isPatch: boolean): GivenFeature {
  const nothing: GivenFeature = { pointer, properties: new Map() }
  if (!isJsonObject(given)) {
    tell(pointer, isPatch ? 'A merge patch of a feature is an object.' : 'What stands here is no Feature.')
    return nothing
  }
  const { type, id, properties } = given
  if (type !== 'Feature' && !(isPatch && type === undefined)) tell(`${pointer}/type`, 'The type of a feature is “Feature”.')
  const placing = placingOf(given, outer, options, pointer, tell)
  const members = new Map(isJsonObject(properties) ? Object.entries(properties) : [])
  if (!isJsonObject(properties) && (isPatch ? properties !== undefined : properties !== null && properties !== undefined))
    tell(`${pointer}/properties`, 'The properties of a feature are an object.')
  const moments = given.time === undefined || given.time === null ? undefined : momentsOf(given.time)
  if (moments) putMoments(moments, members, options.time, `${pointer}/time`, tell)
  if (given.time !== undefined && given.time !== null && !moments) tell(`${pointer}/time`, 'The time has no date, timestamp or interval.')
  const member = given.place !== undefined && given.place !== null ? 'place' : 'geometry'
  const shape = given[member]
  const name = typeof id === 'string' ? id : typeof id === 'number' ? String(id) : id instanceof LongNumber ? jsonText(id) : undefined
  return {
    pointer,
    ...(name !== undefined && { id: name }),
    properties: members,
    geometryMember: member,
    ...(shape === null && { geometry: null }),
    ...(shape !== null && shape !== undefined && { geometry: geometry(shape, `${pointer}/${member}`, placing, options, tell) }),
  }
}

function geometry(shape: JsonValue, pointer: string, outer: Placing, options: BodyOptions, tell: Told): GivenGeometry | null {
  const { crs, isFlipped } = placingOf(shape, outer, options, pointer, tell)
  try {
    const { hasZ } = geojsonFacts(shape)
    const wkb = geojsonEncoder(hasZ)(shape)
    if (!isFlipped) return { wkb, crs: crs.code }
    const turned = mapPositions(readEwkb(wkb), (y, x) => [x, y])
    return { wkb: turned ? writeEwkb(turned, { isIso: true }) : wkb, crs: crs.code }
  } catch (error) {
    if (!(error instanceof GeometryFault || error instanceof EwkbError)) throw error
    tell(pointer, `This is no geometry of GeoJSON: ${error.message}.`)
    return null
  }
}

function placingOfHeader({ contentCrs, crs }: BodyOptions): Placing {
  if (contentCrs === undefined) return { crs: crsOf('OGC:CRS84')!, isFlipped: false }
  const placing = placingOfName(contentCrs, crs)
  if (placing) return placing
  throw new Problem('unknown-crs', `Content-Crs: ${notTaken(contentCrs, crs)}`, { locator: 'Content-Crs' })
}

/** `coordRefSys` of JSON-FG, where an object has one; or `crs` of GeoJSON as it was in 2008, whose coordinates are x,y always. */
function placingOf(given: JsonValue, outer: Placing, options: BodyOptions, pointer: string, tell: Told): Placing {
  if (!isJsonObject(given)) return outer
  const { coordRefSys, crs: old } = given
  if (coordRefSys !== undefined && coordRefSys !== null) {
    const name = isJsonObject(coordRefSys) ? coordRefSys.href : coordRefSys
    const placing = typeof name === 'string' ? placingOfName(name, options.crs) : undefined
    if (placing) return placing
    tell(`${pointer}/coordRefSys`, notTaken(typeof name === 'string' ? name : jsonText(coordRefSys), options.crs))
  } else if (
    options.contentCrs === undefined &&
    isJsonObject(old) &&
    isJsonObject(old.properties) &&
    typeof old.properties.name === 'string'
  ) {
    const placing = placingOfName(old.properties.name, options.crs)
    if (placing) return { ...placing, isFlipped: false }
    tell(`${pointer}/crs`, notTaken(old.properties.name, options.crs))
  }
  return outer
}

/** In a safe CURIE (`[EPSG:4326]`) as in an address the authority decides about the axes. */
function placingOfName(name: string, taken: readonly string[]): Placing | undefined {
  const parsed = parseCrsName(name, 'other')
  if (!parsed) return undefined
  const { crs, isFlipped } = parsed
  if (!taken.includes(crs.code) && crs.code !== 'OGC:CRS84' && crs.code !== 'OGC:CRS84h') return undefined
  return { crs: crs.code === 'OGC:CRS84h' ? crsOf('OGC:CRS84')! : crs, isFlipped: isFlipped || (/^\s*\[/.test(name) && crs.axes === 'yx') }
}

const notTaken = (name: string, crs: readonly string[]) =>
  `“${name.slice(0, 100)}” is none of the reference systems that are taken here: CRS84${crs.map(code => `, ${code}`).join('')}.`

/** One moment, or the ends of an interval; `..` is open. */
function momentsOf(time: JsonValue): readonly (string | null)[] | undefined {
  if (!isJsonObject(time)) return undefined
  const { interval, timestamp, date } = time
  if (Array.isArray(interval) && interval.length === 2 && interval.every(end => typeof end === 'string'))
    return interval.map(end => (end === '..' ? null : String(end)))
  const moment = timestamp ?? date
  return typeof moment === 'string' ? [moment] : undefined
}

/** Properties that say the same come first. */
function putMoments(
  moments: readonly (string | null)[],
  properties: Map<string, JsonValue>,
  columns: readonly string[] | undefined,
  pointer: string,
  tell: Told,
): void {
  if (!columns) tell(pointer, 'The features of this collection have no member “time”; send the property itself.')
  else if (moments.length > columns.length) tell(pointer, 'The features of this collection have one time, no interval.')
  else
    for (const [i, column] of columns.entries())
      if (!properties.has(column)) properties.set(column, moments.length === 1 ? moments[0] : moments[i])
}
