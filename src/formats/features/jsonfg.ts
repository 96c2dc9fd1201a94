import type { FeatureTable } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import { CrsError } from '#geo/crs-error.js'
import { reprojectEwkb } from '#geo/reproject-ewkb.js'
import { type Transform, transformBetween } from '#geo/transform.js'
import type { RowView } from '#rows/row-view.js'
import type { TextSink } from '../text-sink.js'
import type { CollectionFormat, Page, WriteOptions } from './collection-format.js'
import { featurePieces, pieceSink } from './feature-pieces.js'
import { putGeoJsonGeometry } from './geojson-geometry.js'
import { geometryIndex, jsonNumbers, propertiesWriter, putId } from './geojson-members.js'
import { isCurved, putPlace } from './jsonfg-geometry.js'
import { timeWriter } from './jsonfg-time.js'
import { srsOf } from './srs.js'

/**
 * JSON-FG 1.0 (OGC 21-045r1): what GeoJSON has a word for in WGS 84 is `geometry`; other systems, curves and measures are `place`, in the axis order of their
 * system. The profile `jsonfg-plus` has a `geometry` for every `place`.
 */
export const jsonfg: CollectionFormat = {
  names: ['jsonfg', 'json-fg', 'fgjson'],
  title: 'JSON-FG',
  mediaTypes: ['application/fg+json', 'application/vnd.ogc.fg+json'],
  extension: 'fg.json',
  isText: true,
  isDocument: true,
  hasObjects: true,
  isStreamed: true,
  obstacle: ({ geometry }) =>
    geometry && !srsOf(geometry.crs) ? 'JSON-FG names the reference system, and theirs is not known' : undefined,
  write: writeJsonfg,
}

const conformance = 'http://www.opengis.net/spec/json-fg-1/1.0/conf/'

/** What is the same for every feature. */
interface Facts {
  /** Address of the system of places; undefined where they are in WGS 84, longitude first. */
  readonly coordRefSys?: string
  readonly isFlipped: boolean
  readonly hasMeasures: boolean
  readonly mayBeCurved: boolean
}

async function* writeJsonfg(table: FeatureTable, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const { page } = options
  const sink = pieceSink()
  const facts = factsOf(table, options)
  const putFeature = featureWriter(table, options, facts)
  const putHead = () => {
    const classes = ['core', 'types-schemas', ...(facts.mayBeCurved ? ['circular-arcs'] : []), ...(facts.hasMeasures ? ['measures'] : [])]
    sink.ascii(`"conformsTo":${JSON.stringify(classes.map(name => conformance + name))},"featureType":`).text(JSON.stringify(table.id))
    if (facts.coordRefSys) sink.ascii(`,"coordRefSys":${JSON.stringify(facts.coordRefSys)}`)
    if (facts.hasMeasures) sink.ascii(',"measures":{"enabled":true}')
  }
  if (page?.isSingle) {
    yield* featurePieces(sink, table, row => {
      sink.ascii('{"type":"Feature",')
      putHead()
      putFeature(sink, row)
    })
    sink.ascii(',"links":').text(JSON.stringify([...page.links, ...page.lastLinks()]))
  } else {
    sink.ascii('{"type":"FeatureCollection",')
    putHead()
    const dimension = dimensionOf(table.geometry?.type)
    if (dimension !== undefined) sink.ascii(`,"geometryDimension":${dimension}`)
    sink.ascii(',"features":[')
    const count = yield* featurePieces(sink, table, (row, before) => {
      sink.ascii(before ? ',{"type":"Feature"' : '{"type":"Feature"')
      putFeature(sink, row)
      sink.byte(0x7d)
    })
    sink.ascii(`],"numberReturned":${count}`)
    if (page) putPage(sink, page)
  }
  sink.byte(0x7d)
  yield sink.take()
}

function putPage(sink: TextSink, { numberMatched: matched, numberEstimated, timeStamp, links, lastLinks }: Page): void {
  const numberMatched = matched()
  if (numberMatched !== undefined) sink.ascii(`,"numberMatched":${numberMatched}`)
  else if (numberEstimated !== undefined) sink.ascii(`,"numberEstimated":${numberEstimated}`)
  sink.ascii(`,"timeStamp":${JSON.stringify(timeStamp)},"links":`).text(JSON.stringify([...links, ...lastLinks()]))
}

function factsOf({ geometry }: FeatureTable, { isFlipped = false }: WriteOptions): Facts {
  const srs = srsOf(geometry?.crs)
  // EPSG:4326 asked for longitude first is what GeoJSON is in anyway
  const isWgs84 = geometry?.crs === 'OGC:CRS84' || geometry?.crs === 'OGC:CRS84h' || (geometry?.crs === 'EPSG:4326' && !isFlipped)
  return {
    ...(srs && !isWgs84 && { coordRefSys: srs.url }),
    isFlipped: srs !== undefined && !isWgs84 && srs.isNorthFirst,
    hasMeasures: geometry?.dimensions.includes('m') ?? false,
    mayBeCurved: /CURVE|CIRCULAR|MULTISURFACE|^GEOMETRY/.test(geometry?.type ?? ''),
  }
}

/** 0 of points, 1 of lines, 2 of surfaces; undefined where it may be any. */
function dimensionOf(type = ''): number | undefined {
  if (/POINT$/.test(type)) return 0
  if (/LINESTRING$|CIRCULARSTRING$|^(COMPOUND|MULTI)CURVE$/.test(type)) return 1
  return /POLYGON$|SURFACE$|^TIN$|^TRIANGLE$/.test(type) ? 2 : undefined
}

/** Puts all of a feature behind its type, but its closing brace. */
function featureWriter(table: FeatureTable, options: WriteOptions, facts: Facts): (sink: TextSink, row: RowView) => void {
  const numbers = jsonNumbers(table, options)
  const place = { ...numbers, isFlipped: facts.isFlipped }
  const putProperties = propertiesWriter(table, { ...numbers, isFlipped: facts.isFlipped })
  const timeOf = timeWriter(table)
  const shape = geometryIndex(table)
  const isAlwaysPlace = facts.coordRefSys !== undefined || facts.hasMeasures
  const hasFallback = /\bjsonfg-plus\b/.test(options.parameters.get('profile') ?? '')
  const toWgs84 = hasFallback && facts.coordRefSys && table.geometry?.crs ? wgs84From(table.geometry.crs) : undefined
  const longitudeFirst = { decimals: 9, tolerance: 1e-7 }
  return (sink, row) => {
    putId(sink, row, table)
    sink.ascii(',"time":').text(timeOf(row)).ascii(',"place":')
    const bytes = shape < 0 ? undefined : row.bytes(shape)
    const isPlace = bytes !== undefined && (isAlwaysPlace || isCurved(bytes))
    if (isPlace) putPlace(sink, bytes, place)
    else sink.ascii('null')
    sink.ascii(',"geometry":')
    const fallback = isPlace && hasFallback ? (toWgs84 ? brought(bytes, toWgs84) : facts.coordRefSys ? undefined : bytes) : undefined
    if (fallback) putGeoJsonGeometry(sink, fallback, longitudeFirst)
    else if (bytes && !isPlace) putGeoJsonGeometry(sink, bytes, { ...numbers, isFlipped: false })
    else sink.ascii('null')
    putProperties(sink, row)
  }
}

function wgs84From(code: string): Transform {
  try {
    return transformBetween(code, 'OGC:CRS84')
  } catch (error) {
    throw error instanceof CrsError ? new Problem('unknown-crs', error.message, { cause: error }) : error
  }
}

/** A copy in another system; undefined where that has no coordinates for it. */
function brought(ewkb: Uint8Array, transform: Transform): Uint8Array | undefined {
  const copy = Uint8Array.from(ewkb)
  return reprojectEwkb(copy, transform.into) ? copy : undefined
}
