import type { RowBatch } from '#rows/batch.js'
import type { Canvas } from './canvas.js'
import type { DrawExports, Locate } from './kernels/draw-kernel.js'
import type { Pass, StylePlan } from './plan-style.js'
import { RenderError } from './render-error.js'

/** How coordinates of the rows become pixels of the map. */
export type Placement =
  /** Same CRS: pixel = (source - origin) * pixels per unit; `pixelsPerY` is negative where the map is north up. */
  | { readonly kind: 'affine'; readonly originX: number; readonly originY: number; readonly pixelsPerX: number; readonly pixelsPerY: number }
  /** Another CRS: pixel positions at the nodes of a grid over the source, bilinear between; `locate` answers outside it and where nodes are NaN. */
  | {
      readonly kind: 'grid'
      readonly originX: number
      readonly originY: number
      readonly cellWidth: number
      readonly cellHeight: number
      readonly columns: number
      readonly rows: number
      /** (columns + 1) * (rows + 1) pairs x, y, row by row. */
      readonly nodes: Float64Array
      readonly locate: Locate
    }
  /** Another CRS that no grid follows closely enough: every vertex for itself. */
  | { readonly kind: 'exact'; readonly locate: Locate }

/** Draws the rows of one layer as they come. */
export interface LayerPainter {
  /** Draws the geometries in `column` of all rows. */
  draw(batch: RowBatch, column: number): void
  /** Puts the passes on the map, and counts what was left out. */
  finish(): LayerSummary
}

export interface LayerSummary {
  readonly drawn: number
  /** Geometries that are broken, or of a type that cannot be drawn. */
  readonly skipped: number
}

export interface LayerOptions {
  readonly plan: StylePlan
  readonly placement: Placement
  /** Turns EWKB of curves and surfaces into types 1 to 7; without it they are skipped. */
  readonly linearise?: (ewkb: Uint8Array) => Uint8Array
}

const kinds = { fill: 0, stroke: 1, mark: 2 } as const
const unitsPerPixel = 256
/** Bytes handed to the kernel at once, unless a single row is longer. */
const chunkBytes = 1 << 20
const drawn = 0
const otherType = 1
const tooBig = 3

/**
 * Begins a layer. The first pass draws on the map itself, each further one on a plane of its own that is laid over it at the end: so rows are
 * seen once, and memory is bounded by planes, not by rows. Throws `RenderError` when map and planes are more than drawing may take.
 */
export function paintLayer(canvas: Canvas, { plan, placement, linearise }: LayerOptions): LayerPainter {
  const { exports, setLocate } = canvas.kernel
  const { passes } = plan
  canvas.reserve(Math.max(0, passes.length - 1), placement.kind === 'grid' ? placement.nodes.length / 2 : 0)
  for (let plane = 1; plane < passes.length; plane++) exports.clear(plane, 0)
  setLocate(placement.kind === 'affine' ? undefined : placement.locate)
  usePlacement(exports, placement)
  let drawnRows = 0
  let skipped = 0

  /** Draws geometries that lie in the input, as pairs of position and length. */
  const drawInput = (places: readonly number[]) => {
    const base = exports.inputAt()
    const odd: number[] = []
    for (const [plane, pass] of passes.entries()) {
      usePass(exports, pass, plane)
      for (let i = 0; i < places.length; i += 2) {
        const status = exports.draw(base + places[i], places[i + 1])
        if (status === tooBig) throw new RenderError('too-large', 'A geometry has more vertices than drawing may hold in memory.')
        if (plane > 0 || status === drawn) continue
        if (status === otherType) odd.push(places[i], places[i + 1])
        else skipped++
      }
    }
    return odd
  }

  const drawChunk = (bytes: Uint8Array, places: readonly number[]) => {
    if (!exports.layInput(bytes.length)) throw new RenderError('too-large', 'A geometry is larger than drawing may hold in memory.')
    new Uint8Array(exports.memory.buffer, exports.inputAt(), bytes.length).set(bytes)
    const odd = drawInput(places)
    for (let i = 0; i < odd.length; i += 2) {
      if (linearise) drawChunk(linearise(bytes.subarray(odd[i], odd[i] + odd[i + 1])), [])
      else skipped++
    }
  }

  return {
    draw(batch, column) {
      drawnRows += batch.count
      if (passes.length === 0) return
      for (const { from, to, places } of chunksOf(batch, column)) drawChunk(batch.bytes.subarray(from, to), places)
    },
    finish() {
      for (let plane = 1; plane < passes.length; plane++) exports.compose(plane, 0, 255)
      setLocate(undefined)
      return { drawn: drawnRows - skipped, skipped }
    },
  }
}

/** Cuts a batch into pieces of whole rows, with position (in the piece) and length of every geometry that is not null. */
function* chunksOf({ bytes, offsets, count }: RowBatch, column: number) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let from = offsets[0]
  let places: number[] = []
  for (let row = 0; row < count; row++) {
    if (offsets[row + 1] - from > chunkBytes && places.length > 0) {
      yield { from, to: offsets[row], places }
      from = offsets[row]
      places = []
    }
    let at = offsets[row]
    for (let i = 0; i < column; i++) at += 4 + Math.max(0, view.getInt32(at))
    const length = view.getInt32(at)
    if (length > 0) places.push(at + 4 - from, length)
  }
  if (places.length > 0) yield { from, to: offsets[count], places }
}

function usePlacement(exports: DrawExports, placement: Placement): void {
  switch (placement.kind) {
    case 'affine':
      return exports.useAffine(placement.originX, placement.originY, placement.pixelsPerX, placement.pixelsPerY)
    case 'exact':
      return exports.useHost()
    case 'grid': {
      const { nodes, originX, originY, cellWidth, cellHeight, columns, rows } = placement
      new Float64Array(exports.memory.buffer, exports.gridAt(), nodes.length).set(nodes)
      return exports.useGrid(originX, originY, 1 / cellWidth, 1 / cellHeight, columns, rows)
    }
  }
}

function usePass(exports: DrawExports, pass: Pass, plane: number): void {
  exports.usePass(kinds[pass.kind], pass.classes, plane, pass.color)
  if (pass.kind === 'stroke') exports.setStroke((pass.width / 2) * unitsPerPixel, pass.isRound ? 1 : 0)
  if (pass.kind === 'mark') {
    exports.setMarkColors(pass.color, pass.haloColor)
    for (const [x, y] of pass.outline) exports.addMarkPoint(0, Math.round(x * unitsPerPixel), Math.round(y * unitsPerPixel))
    for (const [x, y] of pass.halo) exports.addMarkPoint(1, Math.round(x * unitsPerPixel), Math.round(y * unitsPerPixel))
  }
}
