import type { LayerGeometry } from '#core/ports.js'
import { WktFault, wktToWkb } from '#geo/wkt-to-wkb.js'
import { guessCrs } from '../crs/crs-guess.js'
import { GeometryFault, geojsonEncoder } from '../geojson/geojson-geometry.js'
import { declaredDimensions, declaredType, emptyProfile, profileGeometry, profileNotes } from '../geometry/geometry-profile.js'
import { wkbFacts } from '../geometry/wkb.js'
import { addressColumns, type CsvGeometry, crsInName, findGeometry, latLon } from './csv-geometry-columns.js'
import { type CsvSource, csvRecords } from './csv-records.js'
import { boxOf, type CsvScan, fieldText } from './csv-scan.js'
import type { CsvKind } from './csv-values.js'

/** The geometry of a text table: what it is, and how to get it from a record. */
export interface CsvShapes {
  readonly geometry: Omit<LayerGeometry, 'name'>
  /** Column that holds nothing but geometry, and is no attribute then. */
  readonly column?: number
  /** WKB of a record; null where it has none; throws ShapeTextFault-like errors (`isShapeFault`). */
  readonly wkb: (record: readonly string[]) => Uint8Array | null
}

export const isShapeFault = (error: unknown): error is Error =>
  error instanceof WktFault || error instanceof GeometryFault || error instanceof SyntaxError

/** Finds the geometry by the columns' names and values; undefined for plain tables, with a note where addresses could have been places. */
export async function findShapes(
  source: CsvSource,
  scan: CsvScan,
  kinds: readonly CsvKind[],
  notes: string[],
): Promise<CsvShapes | undefined> {
  const facts = scan.names.map((name, i) => ({
    name,
    isNumber: ['integer', 'bigint', 'double'].includes(kinds[i].kind),
    example: scan.examples[i],
  }))
  const found = findGeometry(facts)
  if (!found) {
    const addresses = addressColumns(scan.names)
    if (addresses.length > 0)
      notes.push(
        `There are addresses (${addresses.join(', ')}) but no coordinates: loaded as a table without geometry. Columns lon and lat would place it.`,
      )
    return undefined
  }
  if (found.kind === 'xy') return pairShapes(found, scan, kinds, notes)
  if (found.kind === 'lat,lon') return { geometry: { type: 'POINT', dimensions: 'xy', crs: 'EPSG:4326' }, wkb: latLonWkb(found.column) }
  return textShapes(found, source, scan, notes)
}

function pairShapes(
  { x, y, isDegrees }: CsvGeometry & { kind: 'xy' },
  scan: CsvScan,
  kinds: readonly CsvKind[],
  notes: string[],
): CsvShapes | undefined {
  const box = boxOf(scan, x, y)
  if (!box) return undefined
  const guess = guessCrs(box)
  const named = crsInName(scan.names[x])
  const areDegrees = box[0] >= -180 && box[1] >= -90 && box[2] <= 180 && box[3] <= 90
  // lon and lat columns that hold no degrees are no longitude and latitude, whatever they are called
  const crs = isDegrees && areDegrees ? 'EPSG:4326' : named === 'EPSG:4326' && !areDegrees ? guess?.crs : (named ?? guess?.crs)
  if (crs === undefined) notes.push(`The system of “${scan.names[x]}” and “${scan.names[y]}” is not known; --crs names it.`)
  else if (crs === guess?.crs && !isDegrees && !named) notes.push(guess.note)
  const number = (text: string, column: number) => (kinds[column].hasDecimalComma ? Number(text.replace(',', '.')) : Number(text))
  return {
    geometry: { type: 'POINT', dimensions: 'xy', ...(crs ? { crs } : {}) },
    wkb: record => {
      const [xText, yText] = [fieldText(record[x]), fieldText(record[y])]
      return xText === '' || yText === '' ? null : pointWkb(number(xText, x), number(yText, y))
    },
  }
}

function latLonWkb(column: number) {
  return (record: readonly string[]) => {
    const text = fieldText(record[column])
    const point = latLon(text)
    if (!point && text !== '') throw new WktFault('it is no pair “latitude, longitude”')
    return point ? pointWkb(point[0], point[1]) : null
  }
}

function pointWkb(x: number, y: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(21))
  view.setUint8(0, 1)
  view.setUint32(1, 1, true)
  view.setFloat64(5, x, true)
  view.setFloat64(13, y, true)
  return new Uint8Array(view.buffer)
}

/** Geometry written out needs a pass of its own for its types and dimensions. */
async function textShapes(
  { kind, column }: CsvGeometry & { kind: 'wkt' | 'geojson' | 'wkb' },
  source: CsvSource,
  scan: CsvScan,
  notes: string[],
): Promise<CsvShapes> {
  const encodeFlat = geojsonEncoder(false)
  const encodeHigh = geojsonEncoder(true)
  let srid: number | undefined
  const readers = {
    wkt: (text: string) => {
      const read = wktToWkb(text)
      srid ??= read.srid
      return read.wkb
    },
    wkb: (text: string) => Buffer.from(text, 'hex'),
    geojson: (text: string) => {
      const geometry: unknown = JSON.parse(text)
      return (text.length < 1e6 && /\[\s*-?[\d.e+-]+\s*,\s*-?[\d.e+-]+\s*,/i.test(text) ? encodeHigh : encodeFlat)(geometry)
    },
  }
  const wkb = (record: readonly string[]) => {
    const text = fieldText(record[column])
    return text === '' ? null : readers[kind](text)
  }
  const profile = emptyProfile()
  let isFirst = scan.hasHeader
  let bbox: [number, number, number, number] | undefined
  for await (const group of csvRecords(source))
    for (const record of group) {
      if (isFirst) {
        isFirst = false
        continue
      }
      try {
        const bytes = wkb(record)
        if (!bytes) continue
        profileGeometry(profile, wkbFacts(bytes))
        bbox = withFirstPosition(bbox, bytes)
      } catch (error) {
        if (!isShapeFault(error)) throw error
        // reported with its row when the rows are read
      }
    }
  notes.push(...profileNotes(profile))
  const guess = bbox && guessCrs(bbox)
  const named = crsInName(scan.names[column])
  const crs = srid && srid > 0 ? `EPSG:${srid}` : kind === 'geojson' ? 'EPSG:4326' : (named ?? guess?.crs)
  if (guess && crs === guess.crs && !srid && !named && kind === 'wkt') notes.push(guess.note)
  if (!crs) notes.push('The coordinate reference system is not known; --crs names it.')
  return { geometry: { type: declaredType(profile), dimensions: declaredDimensions(profile), ...(crs ? { crs } : {}) }, column, wkb }
}

/** The first coordinate pair of any WKB: behind all heads and counts. Enough to tell degrees from metres. */
function withFirstPosition(
  bbox: [number, number, number, number] | undefined,
  wkb: Uint8Array,
): [number, number, number, number] | undefined {
  const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.length)
  let at = 0
  for (let depth = 0; depth < 8 && at + 9 <= wkb.length; depth++) {
    const { type } = wkbFacts(wkb, at)
    if (type === 0) return bbox
    at += 5 + (view.getUint32(at + 1, wkb[at] === 1) & 0x20000000 ? 4 : 0)
    if (type >= 4 && type !== 8 && type !== 17) at += 4
    else {
      at += type === 1 ? 0 : type === 2 || type === 8 ? 4 : 8
      break
    }
  }
  if (at + 16 > wkb.length) return bbox
  const [x, y] = [view.getFloat64(at, wkb[0] === 1), view.getFloat64(at + 8, wkb[0] === 1)]
  if (!Number.isFinite(x) || !Number.isFinite(y)) return bbox
  return bbox ? [Math.min(bbox[0], x), Math.min(bbox[1], y), Math.max(bbox[2], x), Math.max(bbox[3], y)] : [x, y, x, y]
}
