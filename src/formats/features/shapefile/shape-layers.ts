import { join } from 'node:path'
import type { FeatureGeometry } from '#core/feature-table.js'
import type { RowView } from '#rows/row-view.js'
import type { DbfField } from './dbf-fields.js'
import { type DbfSpool, dbfSpool } from './dbf-spool.js'
import type { Shape, ShapeKind } from './shapes.js'
import { type ShpSpool, shpSpool } from './shp-spool.js'

/** One shapefile of an archive: a kind of shapes, up to the size that such files may have; or a table alone, of rows without a shape. */
export interface ShapeLayer {
  /** Of its files, without the dot and what follows. */
  readonly name: string
  readonly dbf: DbfSpool
  readonly shp?: ShpSpool & { readonly path: string; readonly indexPath: string }
}

/** Shapefiles as they fill, in temporary files. */
export interface ShapeLayers {
  /** In the order they were begun. */
  readonly layers: readonly ShapeLayer[]
  /** Puts the row into the file of the kind, its shape beside it; a null shape without one. `table`: rows that have no file of their own. */
  add(kind: ShapeKind | 'table', shape: Shape | undefined, row: RowView): Promise<void>
  /** Begins a file of the kind, which `add` does where it must. */
  begin(kind: ShapeKind | 'table'): Promise<ShapeLayer>
  flush(): Promise<void>
  close(): Promise<void>
}

/** `single`: all rows go to one file named `name`, as their column is declared; else files are named after what they hold. */
export function shapeLayers(
  folder: string,
  name: string,
  single: boolean,
  fields: readonly DbfField[],
  geometry: FeatureGeometry | undefined,
  mostBytes: number,
): ShapeLayers {
  const layers: ShapeLayer[] = []
  const current = new Map<ShapeKind | 'table', ShapeLayer>()
  const begun = new Map<ShapeKind | 'table', number>()

  const begin = async (kind: ShapeKind | 'table'): Promise<ShapeLayer> => {
    const number = (begun.get(kind) ?? 0) + 1
    begun.set(kind, number)
    const own = `${name}${single ? '' : `_${kind}`}${number > 1 ? `_${number}` : ''}`
    const path = join(folder, String(layers.length))
    const dbf = await dbfSpool(`${path}.rows`, fields)
    const layer = kind === 'table' || !geometry ? { name: own, dbf } : { name: own, dbf, shp: await shpLayer(path, kind, geometry) }
    layers.push(layer)
    current.set(kind, layer)
    return layer
  }
  return {
    layers,
    begin,
    async add(kind, shape, row) {
      let layer = current.get(kind) ?? (await begin(kind))
      const isFull = layer.dbf.sizeWith(row) > mostBytes || (layer.shp && layer.shp.sizeWith(shape) > mostBytes)
      if (isFull && layer.dbf.count() > 0) {
        layer = await begin(kind)
        layer.dbf.sizeWith(row)
      }
      layer.dbf.add()
      layer.shp?.add(shape)
    },
    async flush() {
      for (const { dbf, shp } of layers) {
        await dbf.flush()
        await shp?.flush()
      }
    },
    async close() {
      for (const { dbf, shp } of layers) {
        await dbf.close()
        await shp?.close()
      }
    },
  }
}

async function shpLayer(path: string, kind: ShapeKind, { dimensions }: FeatureGeometry): Promise<NonNullable<ShapeLayer['shp']>> {
  const [shpPath, indexPath] = [`${path}.shp`, `${path}.shx`]
  return { ...(await shpSpool(shpPath, indexPath, kind, dimensions)), path: shpPath, indexPath }
}
