import type { FeatureHead, FeatureTable } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import { crsWkt } from '#geo/crs-wkt.js'
import { readEwkb } from '#geo/ewkb.js'
import { ewkbType } from '#geo/ewkb-scan.js'
import { lineariseGeometry } from '#geo/linearise.js'
import { rowView } from '#rows/row-view.js'
import { type StreamedEntry, zipStream } from '../../zip-stream.js'
import type { CollectionFormat } from '../collection-format.js'
import { fileBytes } from '../file-bytes.js'
import { srsOf } from '../srs.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { dbfFields } from './dbf-fields.js'
import { fieldsCsv } from './fields-csv.js'
import { type ShapeLayers, shapeLayers } from './shape-layers.js'
import { type ShapeKind, shapesOf } from './shapes.js'

/** Bytes of a .shp or .dbf that every program reads. */
const twoGigabytes = 2 ** 31 - 1
/** Fields of a DBF that every program reads. */
const mostFields = 255

/**
 * Shapefiles (ESRI, 1998) in a ZIP archive: one, or one for each kind of shape where the column may hold several, each split where it would be larger than
 * `mostBytes`; with .cpg (UTF-8), .prj, and `fields.csv` which says what the shortened names of the fields stand for.
 */
export function shapefileUpTo(mostBytes: number): CollectionFormat {
  return {
    names: ['shp', 'shapefile', 'shape-zip'],
    title: 'Shapefile',
    mediaTypes: ['application/x-shapefile', 'application/zip', 'application/x-zipped-shp'],
    extension: 'zip',
    isKept: true,
    isText: false,
    isStreamed: false,
    obstacle,
    write: (table, options) => inTemporaryFolder(options.temporaryFolder, folder => writeArchive(table, folder, mostBytes)),
  }
}

/** Shapefiles as the world knows them: at most 2 GB each. */
export const shapefile = shapefileUpTo(twoGigabytes)

function obstacle({ columns, geometry }: FeatureHead): string | undefined {
  if (columns.length > mostFields)
    return `a shapefile has at most ${mostFields} attributes and this has ${columns.length}; GeoPackage and CSV have no such limit`
  if (geometry?.crs && !crsWkt(geometry.crs, 'esri'))
    return `a shapefile cannot say that its coordinates are in ${geometry.crs}; another CRS or GeoPackage would work`
  return undefined
}

async function* writeArchive(table: FeatureTable, folder: string, mostBytes: number): AsyncGenerator<Uint8Array, void> {
  const fields = dbfFields(table)
  const name = table.id.replace(/[^A-Za-z0-9_-]+/g, '_') || 'features'
  const layers = shapeLayers(folder, name, singleKind(table) !== undefined, fields, table.geometry, mostBytes)
  try {
    await fill(table, layers)
    for (const { shp } of layers.layers) await shp?.end()
    const prj = table.geometry?.crs && crsWkt(table.geometry.crs, 'esri')
    yield* zipStream([
      ...layers.layers.flatMap(({ name, shp, dbf }): StreamedEntry[] => [
        ...(shp ? [{ name: `${name}.shp`, content: fileBytes(shp.path) }] : []),
        ...(shp ? [{ name: `${name}.shx`, content: fileBytes(shp.indexPath) }] : []),
        { name: `${name}.dbf`, content: dbf.bytes() },
        { name: `${name}.cpg`, content: 'UTF-8' },
        ...(shp && prj ? [{ name: `${name}.prj`, content: prj }] : []),
      ]),
      { name: 'fields.csv', content: fieldsCsv(table, fields) },
    ])
  } finally {
    await layers.close()
  }
}

/** The kind of a declared type; `table` without geometry; undefined where rows may be of several. */
function singleKind({ geometry }: FeatureTable): ShapeKind | 'table' | undefined {
  if (!geometry) return 'table'
  switch (geometry.type.toUpperCase()) {
    case 'POINT':
      return 'point'
    case 'MULTIPOINT':
      return 'multipoint'
    case 'LINESTRING':
    case 'MULTILINESTRING':
    case 'CIRCULARSTRING':
    case 'COMPOUNDCURVE':
    case 'MULTICURVE':
      return 'line'
    case 'GEOMETRY':
    case 'GEOMETRYCOLLECTION':
      return undefined
    default:
      return 'polygon'
  }
}

async function fill(table: FeatureTable, layers: ShapeLayers): Promise<void> {
  const { geometry, schema } = table
  const single = singleKind(table)
  const shape = geometry ? schema.columns.length - 1 : -1
  const tolerance = srsOf(geometry?.crs)?.tolerance ?? 0.01
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      row.at(i)
      const ewkb = shape < 0 ? undefined : row.bytes(shape)
      if (ewkb && ewkbType(ewkb).dimensions !== geometry?.dimensions) throw otherDimensions(row.text(0), geometry?.dimensions)
      const shapes = ewkb ? shapesOf(lineariseGeometry(readEwkb(ewkb), tolerance)) : []
      if (single && shapes.some(({ kind }) => kind !== single))
        throw new Problem(
          'invalid-data',
          `The geometry of feature ${row.text(0)} is not of the type its column is declared, ${geometry?.type}.`,
        )
      if (shapes.length === 0) await layers.add(single ?? 'table', undefined, row)
      for (const one of shapes) await layers.add(one.kind, one, row)
    }
    await layers.flush()
  }
  // a file without features is a file, too
  if (layers.layers.length === 0) await layers.begin(single ?? 'table')
}

function otherDimensions(id: string | null, wanted: string | undefined): Problem {
  return new Problem(
    'unsupported',
    `The coordinates of feature ${id} are not ${wanted}: a shapefile has one dimension for all. GeoPackage would work.`,
  )
}
