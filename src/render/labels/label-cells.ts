import type { BoundedCache } from '../bounded-cache.js'
import type { LabelEngine } from './label-engine.js'
import type { LabelRequest } from './label-request.js'
import { bytesOfLabel, inDrawingOrder, type PlacedLabel, touches } from './placed-label.js'
import type { Rectangle } from './placing/frame.js'

/** The labels of the tiles of one grid, level and style. */
export interface LabelCells {
  /** All labels that show on a tile, in pixels of that tile, in drawing order. `minX, minY` is its upper left corner in pixels of the level. */
  ofTile(minX: number, minY: number, width: number, height: number): Promise<PlacedLabel[]>
}

export interface LabelCellsOptions {
  readonly engine: LabelEngine
  /** Side of a cell in pixels: four tiles. */
  readonly side: number
  /** How far labels reach out of their cell, at most; in pixels, less than half a side. */
  readonly margin: number
  /** The level in its own pixels: no label reaches beyond. */
  readonly bounds: Rectangle
  /**
   * What wants a label in `extent` (pixels of the level), in pixels from `corner`. Lines and polygons that touch the extent must come whole,
   * so that all cells see the same.
   */
  readonly requestsIn: (extent: Rectangle, corner: readonly [number, number]) => Promise<readonly LabelRequest[]>
  /** Where placed cells are kept, for all grids, levels and styles together: so one bound holds for all. */
  readonly cache: CellCache
  /** What tells these cells from others there: grid, level, style, state of the data. */
  readonly name: string
}

export type CellCache = BoundedCache<string, readonly PlacedLabel[]>

/**
 * Places labels cell by cell. A label belongs to the cell its anchor lies in, so no label is there twice. Cells have one of four colours,
 * neighbours never the same; each is placed around the labels of its neighbours of lower colours, and thus always the same way, whichever
 * tile asked first. A label may reach into other cells, so none is cut where tiles meet.
 */
export function createLabelCells({ engine, side, margin, bounds, requestsIn, cache, name }: LabelCellsOptions): LabelCells {
  const pending = new Map<string, Promise<readonly PlacedLabel[]>>()

  /** Labels of a cell, in pixels from its corner. */
  function labelsOf(column: number, row: number): Promise<readonly PlacedLabel[]> {
    const key = `${name} ${column} ${row}`
    const known = cache.get(key)
    if (known) return Promise.resolve(known)
    let promise = pending.get(key)
    if (!promise) {
      promise = resolve(column, row).finally(() => pending.delete(key))
      pending.set(key, promise)
    }
    return promise
  }

  async function resolve(column: number, row: number): Promise<readonly PlacedLabel[]> {
    const [x, y] = [column * side, row * side]
    const extent: Rectangle = [
      Math.max(bounds[0], x - margin),
      Math.max(bounds[1], y - margin),
      Math.min(bounds[2], x + side + margin),
      Math.min(bounds[3], y + side + margin),
    ]
    if (bounds[0] >= x + side || bounds[1] >= y + side || bounds[2] <= x || bounds[3] <= y) return []
    const around = neighbours.filter(([dx, dy]) => colorOf(column + dx, row + dy) < colorOf(column, row))
    const [requests, ...taken] = await Promise.all([
      requestsIn(extent, [x, y]),
      ...around.map(async ([dx, dy]) => (await labelsOf(column + dx, row + dy)).map(label => moved(label, dx * side, dy * side))),
    ])
    const room: Rectangle = [extent[0] - x, extent[1] - y, extent[2] - x, extent[3] - y]
    const labels = engine.place(
      requests,
      { room, owned: [0, 0, side, side] },
      taken.flat().filter(label => touches(label, ...room)),
    )
    const bytes = labels.reduce((sum, label) => sum + bytesOfLabel(label), 100)
    cache.set(`${name} ${column} ${row}`, labels, bytes)
    return labels
  }

  return {
    async ofTile(minX, minY, width, height) {
      const asked: Promise<PlacedLabel[]>[] = []
      for (let row = Math.floor((minY - margin) / side); row * side - margin < minY + height; row++) {
        for (let column = Math.floor((minX - margin) / side); column * side - margin < minX + width; column++) {
          const [dx, dy] = [column * side - minX, row * side - minY]
          const onTile = (label: PlacedLabel) => touches(label, -dx, -dy, width - dx, height - dy)
          asked.push(labelsOf(column, row).then(labels => labels.filter(onTile).map(label => moved(label, dx, dy))))
        }
      }
      return (await Promise.all(asked)).flat().sort(inDrawingOrder)
    },
  }
}

const neighbours = [-1, 0, 1].flatMap(dy => [-1, 0, 1].map(dx => [dx, dy] as const)).filter(([dx, dy]) => dx !== 0 || dy !== 0)

const colorOf = (column: number, row: number) => (column & 1) + 2 * (row & 1)

/** The same label seen from another corner, whole pixels away. */
function moved(label: PlacedLabel, dx: number, dy: number): PlacedLabel {
  if (dx === 0 && dy === 0) return label
  return {
    ...label,
    x: label.x + dx,
    y: label.y + dy,
    origins: label.origins.map((value, i) => value + (i % 2 === 0 ? dx : dy) * 256),
    boxes: label.boxes.map((value, i) => value + (i % 2 === 0 ? dx : dy)),
  }
}
