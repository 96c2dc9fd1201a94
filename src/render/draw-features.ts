import { linearise } from '#geo/linearise.js'
import type { RowBatch } from '#rows/batch.js'
import type { Canvas } from './canvas.js'
import type { DrawExports } from './kernels/draw-kernel.js'
import { mostGridNodes, type Placement } from './placement.js'
import type { Pass, StylePlan } from './plan-style.js'
import { RenderError } from './render-error.js'

/** Draws the rows of one layer as they come. */
export interface LayerPainter {
  /** From now on coordinates go this way; once at least, before the first row. A grid may have `mostGridNodes` nodes. */
  place(placement: Placement): void
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
  /** Chords of curves stay this close to them, in units of the source. */
  readonly tolerance: number
  /** Called between pieces of some megabyte; what it throws ends the drawing. */
  readonly check?: () => void
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
export function paintLayer(canvas: Canvas, { plan, tolerance, check }: LayerOptions): LayerPainter {
  const { exports, setLocate } = canvas.kernel
  const { passes } = plan
  canvas.reserve(Math.max(0, passes.length - 1), mostGridNodes)
  for (let plane = 1; plane < passes.length; plane++) exports.clear(plane, 0)
  let drawnRows = 0
  let skipped = 0

  /** Puts rows into the input of the kernel and draws the geometries at `places` (pairs of position and length). */
  const drawChunk = (bytes: Uint8Array, places: readonly number[], isSimple = false) => {
    if (!exports.layInput(bytes.length)) throw new RenderError('too-large', 'A geometry is larger than drawing may hold in memory.')
    const base = exports.inputAt()
    new Uint8Array(exports.memory.buffer, base, bytes.length).set(bytes)
    const curved: Uint8Array[] = []
    for (const [plane, pass] of passes.entries()) {
      usePass(exports, pass, plane)
      for (let i = 0; i < places.length; i += 2) {
        const status = exports.draw(base + places[i], places[i + 1])
        if (status === tooBig) throw new RenderError('too-large', 'A geometry has more vertices than drawing may hold in memory.')
        if (plane > 0 || status === drawn) continue
        const simple = status === otherType && !isSimple ? simplified(bytes.subarray(places[i], places[i] + places[i + 1])) : undefined
        if (simple) curved.push(simple)
        else skipped++
      }
    }
    for (const simple of curved) drawChunk(simple, [0, simple.length], true)
  }

  const simplified = (ewkb: Uint8Array) => {
    try {
      const simple = linearise(ewkb, tolerance)
      return simple === ewkb ? undefined : simple
    } catch {
      return undefined
    }
  }

  return {
    place(placement) {
      setLocate(placement.kind === 'affine' ? undefined : placement.locate)
      usePlacement(exports, placement)
    },
    draw(batch, column) {
      drawnRows += batch.count
      if (passes.length === 0) return
      for (const { from, to, places } of chunksOf(batch, column)) {
        check?.()
        drawChunk(batch.bytes.subarray(from, to), places)
      }
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
  if (placement.kind === 'affine') {
    exports.useAffine(placement.originX, placement.originY, placement.pixelsPerX, placement.pixelsPerY)
    return
  }
  const [minX, minY, maxX, maxY] = placement.box
  const { columns, rows } = placement
  const [cellsPerX, cellsPerY] = [columns / (maxX - minX), rows / (maxY - minY)]
  exports.useClip(minX, minY, maxX, maxY)
  if (placement.kind === 'exact') exports.useHost(minX, minY, cellsPerX, cellsPerY)
  else {
    new Float64Array(exports.memory.buffer, exports.gridAt(), placement.nodes.length).set(placement.nodes)
    exports.useGrid(minX, minY, cellsPerX, cellsPerY, columns, rows)
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
