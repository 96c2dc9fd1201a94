import { readFile } from 'node:fs/promises'
import type { FeatureFile, LayerGeometry, LayerRows, LayerValue } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { freeName } from '../column-names.js'
import { guessCrs } from '../crs/crs-guess.js'
import { crsOfWkt } from '../crs/crs-of-wkt.js'
import { geometryIntake } from '../geometry/geometry-intake.js'
import { leftOutCounter } from '../left-out.js'
import { batchBytes, batchRows, brokenFile, type FeatureReader, type OpenOptions, type PlainFile } from '../reader.js'
import { type DbfTable, openDbf } from './dbf.js'
import { ShapeFault, shapeReader } from './shp-geometry.js'
import { openShapes, type Shapes } from './shp-records.js'

/** ESRI Shapefile (Technical Description of July 1998) with its companions, and dBase tables alone. */
export const shapefile = {
  name: 'Shapefile',
  extensions: ['.shp', '.dbf'],
  open: openShapefile,
} satisfies FeatureReader

async function openShapefile(file: PlainFile, _options: OpenOptions): Promise<FeatureFile> {
  const isTable = /\.dbf$/i.test(file.path)
  const dbfPath = isTable ? file.path : await file.companion('.dbf')
  const cpg = await smallText(await file.companion('.cpg'))
  const opened: { close(): Promise<void> }[] = []
  try {
    const shapes = isTable ? undefined : await openShapes(file)
    if (shapes) opened.push(shapes)
    const table = dbfPath ? await openDbf(dbfPath, isTable ? file.label : `${file.label} (.dbf)`, cpg) : undefined
    if (table) opened.push(table)
    const notes = [...(table?.notes ?? []), ...(shapes?.notes ?? [])]
    if (!table) notes.push('There is no .dbf beside it: the shapes have no attributes.')
    const geometry = shapes && (await describeGeometry(file, shapes, table, notes))
    const columns = table?.columns ?? []
    const count = shapes ? shapes.count : table?.rows
    if (shapes && table && shapes.count !== undefined && shapes.count !== table.rows)
      notes.push(`${shapes.count} shapes, but ${table.rows} rows in the .dbf: what one lacks is empty.`)
    return {
      layers: [
        {
          name: file.stem,
          columns,
          ...(geometry ? { geometry } : {}),
          ...(count === undefined ? {} : { count }),
          notes,
          read: signal => readRows({ file, shapes, table, geometry, notes, signal }),
        },
      ],
      close: async () => {
        for (const each of opened) await each.close()
      },
    }
  } catch (error) {
    for (const each of opened) await each.close()
    throw error
  }
}

/** Companions that are a line of text; longer ones are not what they claim. */
async function smallText(path: string | undefined): Promise<string | undefined> {
  if (!path) return undefined
  const bytes = await readFile(path).catch(() => undefined)
  return bytes && bytes.length < 64 * 1024 ? bytes.toString('utf8') : undefined
}

async function describeGeometry(file: PlainFile, shapes: Shapes, table: DbfTable | undefined, notes: string[]): Promise<LayerGeometry> {
  const { family, hasZ, hasM } = shapes.type
  const crs = await findCrs(file, shapes, notes)
  const taken = table?.columns.map(column => column.name) ?? []
  return {
    name: freeName('geom', taken),
    // shapes of one part and of several share a type, so that the column takes both
    type: { null: 'GEOMETRY', point: 'POINT', multipoint: 'MULTIPOINT', line: 'MULTILINESTRING', polygon: 'MULTIPOLYGON' }[family],
    dimensions: hasZ ? (hasM ? 'xyzm' : 'xyz') : hasM ? 'xym' : 'xy',
    ...(crs ? { crs } : {}),
  }
}

async function findCrs(file: PlainFile, shapes: Shapes, notes: string[]): Promise<string | undefined> {
  const prj = await smallText(await file.companion('.prj'))
  const found = prj?.trim() ? (crsOfWkt(prj) ?? 'unknown') : shapes.bbox && guessCrs(shapes.bbox)
  if (found === 'unknown') notes.push('The .prj describes a coordinate reference system without a known code; --crs names it.')
  else if (!found) notes.push('There is no .prj beside it: the coordinate reference system is not known; --crs names it.')
  else if (found.note) notes.push(found.note)
  return found === 'unknown' ? undefined : found?.crs
}

interface Reading {
  readonly file: PlainFile
  readonly shapes: Shapes | undefined
  readonly table: DbfTable | undefined
  readonly geometry: LayerGeometry | undefined
  readonly notes: string[]
  readonly signal: AbortSignal | undefined
}

/** Shape n belongs to row n; rows marked as deleted are left out with their shapes. */
async function* readRows({ file, shapes, table, geometry, notes, signal }: Reading): AsyncGenerator<LayerRows> {
  const leaveOut = leftOutCounter(notes)
  const take = geometry && geometryIntake(file.label, geometry, leaveOut)
  const toWkb = shapes && shapeReader(shapes.type.hasZ, shapes.type.hasM)
  const rowAt = table?.rowReader(leaveOut)
  const records = shapes?.records()
  const noValues: LayerValue[] = (table?.columns ?? []).map(() => null)
  const total = Math.max(table?.rows ?? 0, shapes?.count ?? 0)
  let rows: LayerValue[][] = []
  let bytes = 0
  for (let index = 0; ; index++) {
    const record = records?.(index)
    const content = record instanceof Promise ? await record : record
    if (content === undefined && index >= (table?.rows ?? 0)) break
    const found = rowAt && table && index < table.rows ? rowAt(index) : [...noValues]
    const row = found instanceof Promise ? await found : found
    if (!row) continue
    if (take && toWkb) {
      const place = () => `shape ${index + 1}`
      const wkb = content ? atShape(file.label, place, () => toWkb(content)) : null
      row.push(wkb && take(wkb, place))
      bytes += wkb?.length ?? 0
    }
    rows.push(row)
    if (rows.length < batchRows && bytes < batchBytes) continue
    signal?.throwIfAborted()
    yield { rows, ...(total > 0 ? { progress: Math.min(1, (index + 1) / total) } : {}) }
    rows = []
    bytes = 0
  }
  signal?.throwIfAborted()
  if (rows.length > 0) yield { rows, progress: 1 }
}

function atShape<T>(label: string, place: () => string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ShapeFault || error instanceof RangeError)
      throw brokenFile(label, `${place()} is broken: ${error.message}.`, error)
    throw error instanceof Problem ? error : error
  }
}
