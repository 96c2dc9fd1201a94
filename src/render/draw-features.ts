import { linearise } from '#geo/linearise.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import { graphicsIn } from '#styles/computed.js'
import type { StylePass } from '#styles/style.js'
import type { IconBook } from './brushes/icon-book.js'
import type { BrushTools } from './brushes/tools.js'
import type { Canvas } from './canvas.js'
import type { DrawExports } from './kernels/draw-kernel.js'
import { type LayerTarget, rasterTarget } from './layer-target.js'
import type { MapScale } from './map-scale.js'
import type { Pen } from './pens.js'
import { type Placement, putPatch } from './placement.js'
import { eachRule, type ReadyPass, type ReadyRule, readyPass } from './prepare-run.js'
import { RenderError } from './render-error.js'
import type { RowCompiler } from './row-compiler.js'

/** Draws the rows of one layer as they come. */
export interface LayerPainter {
  /** From now on coordinates go this way; once at least, before the first row. */
  place(placement: Placement): void
  /** To be waited for before a batch is drawn: fetches icons. Undefined where there is nothing to wait for. */
  prepare(batch: RowBatch): Promise<void> | undefined
  draw(batch: RowBatch): void
  /** Puts the passes on the map, and counts what was left out. */
  finish(): LayerSummary
}

export interface LayerSummary {
  readonly drawn: number
  /** Geometries that are broken, or of a type that cannot be drawn. */
  readonly skipped: number
}

export interface LayerOptions {
  /** Those of one run of a plan. */
  readonly passes: readonly StylePass[]
  readonly scale: MapScale
  /** Name of the geometry column that is drawn. */
  readonly geometry: string
  /** For the rows of one schema. */
  readonly compilerFor: (schema: RowSchema) => RowCompiler
  readonly icons: IconBook
  readonly spareKernel: BrushTools['spareKernel']
  readonly glyph?: BrushTools['glyph']
  /** Absolute position of the map's upper left corner, in its pixels: patterns are fixed to it. */
  readonly phase?: readonly [x: number, y: number]
  /** Chords of curves stay this close to them, in units of the source. */
  readonly tolerance: number
  /** Called between pieces of some megabyte; what it throws ends the drawing. */
  readonly check?: () => void
}

/** Bytes handed to the kernel at once, unless a single row is longer. */
const chunkBytes = 1 << 20
const drawn = 0
const tooBig = 3

/** Begins a layer on a map of pixels (see `rasterTarget`). Throws `RenderError` when map and planes are more than drawing may take. */
export function paintLayer(canvas: Canvas, options: LayerOptions): LayerPainter {
  return paintLayerOn(rasterTarget(canvas, options.passes, options.passes.some(hasGraphics)), options)
}

/** Begins a layer: rows are seen once, whatever the number of passes. */
export function paintLayerOn(target: LayerTarget, options: LayerOptions): LayerPainter {
  const { passes, check, icons, spareKernel, glyph, phase = [0, 0] } = options
  const { exports, setPlacement } = target.kernel
  exports.setPhase(...phase)
  let ready: readonly ReadyPass[] = []
  let schema: RowSchema | undefined
  let drawnRows = 0
  let skipped = 0
  let inHand: Pen | undefined
  let passInHand = -1

  const take = (pen: Pen, pass: number) => {
    if (pen === inHand && pass === passInHand) return
    target.use(pen, pass)
    inHand = pen
    passInHand = pass
  }

  /** Draws a geometry that lies in the input; false where it is one that the kernel does not know. Hot path. */
  const drawOne = (pen: Pen, pass: number, at: number, length: number): boolean => {
    take(pen, pass)
    const status = target.draw(at, length)
    if (status === tooBig) throw new RenderError('too-large', 'A geometry has more vertices than drawing may hold in memory.')
    return status === drawn
  }

  const compile = (batch: RowBatch) => {
    schema = batch.schema
    const tools: BrushTools = { scale: options.scale, compiler: options.compilerFor(schema), icons, spareKernel, ...(glyph && { glyph }) }
    const columnOf = (name = options.geometry) => columnIndex(batch.schema.columns, name)
    ready = passes.map(pass => {
      const made = readyPass(pass, tools, columnOf)
      return made.plain && target.join ? { ...made, plain: target.join(made.plain) } : made
    })
  }

  /** Asks for the icons of all rows, and again once they are there: what is drawn may depend on which could be had. */
  const fetchIcons = async (batch: RowBatch) => {
    const view = new RowView(batch)
    for (let round = 0; round < 3; round++) {
      for (const pass of ready)
        if (!pass.plain)
          for (let row = 0; row < batch.count; row++)
            eachRule(pass, view.at(row), ({ brushes }) => {
              for (const { pen } of brushes) pen(view)
            })
      if (!icons.isLacking) return
      await icons.load()
      compile(batch)
    }
  }

  /** A curve as chords; undefined where the geometry is broken. */
  const simplified = (ewkb: Uint8Array) => {
    try {
      const simple = linearise(ewkb, options.tolerance)
      return simple === ewkb ? undefined : simple
    } catch {
      return undefined
    }
  }

  const drawChunk = (view: RowView, chunk: Chunk, own: number, isSimple = false) => {
    const { from, first, last } = chunk
    const laid = layInput(exports, view.batch, chunk)
    const shift = laid.bytes - from
    const odd = new Set<number>()
    const drawRow = (row: number, pen: Pen, pass: number) => {
      const length = view.at(row).length(own)
      if (length > 0 && !drawOne(pen, pass, shift + view.start(own), length)) odd.add(row)
    }
    for (const [index, pass] of ready.entries()) {
      let row = first
      const useRule = ({ brushes }: ReadyRule) => {
        for (const { pen, column } of brushes) {
          const length = view.length(column)
          const chosen = length > 0 ? pen(view) : undefined
          if (chosen && !drawOne(chosen, index, shift + view.start(column), length)) odd.add(row)
        }
      }
      const onlyPen = pass.plain?.length === 1 ? pass.plain[0] : undefined
      if (onlyPen && target.drawRows) {
        take(onlyPen, index)
        while (row < last) {
          row = target.drawRows(laid.offsets, shift, row, last, own)
          // again where it stopped, to hear why
          if (row < last) drawRow(row++, onlyPen, index)
        }
      } else if (pass.plain) {
        for (; row < last; row++) for (const pen of pass.plain) drawRow(row, pen, index)
      } else {
        for (; row < last; row++) eachRule(pass, view.at(row), useRule)
      }
    }
    for (const row of odd) {
      const geometry = view.at(row).bytes(own)
      const simple = geometry && !isSimple ? simplified(geometry) : undefined
      if (!simple) skipped++
      else drawAlone(view, row, own, simple)
    }
  }

  /** A row with another geometry in the place of its own. */
  const drawAlone = (view: RowView, row: number, own: number, geometry: Uint8Array) => {
    const batch = withGeometry(view.at(row), own, geometry)
    drawChunk(new RowView(batch), { from: 0, to: batch.bytes.length, first: 0, last: 1 }, own, true)
  }

  return {
    place(placement) {
      if (placement.kind === 'affine') setPlacement(undefined)
      else setPlacement({ locate: placement.locate, putPatch: (column, row, out) => putPatch(placement, column, row, out) })
      usePlacement(exports, placement)
    },
    prepare(batch) {
      if (batch.schema !== schema) compile(batch)
      return icons.isLacking || passes.some(hasIcons) ? fetchIcons(batch) : undefined
    },
    draw(batch) {
      drawnRows += batch.count
      if (passes.length === 0 || batch.count === 0) return
      if (batch.schema !== schema) compile(batch)
      const own = columnIndex(batch.schema.columns, options.geometry)
      const view = new RowView(batch)
      for (const chunk of chunksOf(batch)) {
        check?.()
        drawChunk(view, chunk, own)
      }
    },
    finish() {
      target.finish()
      setPlacement(undefined)
      return { drawn: drawnRows - skipped, skipped }
    },
  }
}

/** Rows `first` to before `last`, whose bytes lie between `from` and `to`. */
interface Chunk {
  readonly from: number
  readonly to: number
  readonly first: number
  readonly last: number
}

function* chunksOf({ offsets, count }: RowBatch): Iterable<Chunk> {
  let first = 0
  for (let row = 1; row <= count; row++) {
    if (row < count && offsets[row + 1] - offsets[first] <= chunkBytes) continue
    yield { from: offsets[first], to: offsets[row], first, last: row }
    first = row
  }
}

/** Puts the rows of a chunk into the input of the kernel. Returns where they lie, and where the offset of row 0 would be. */
function layInput(exports: DrawExports, { bytes, offsets }: RowBatch, { from, to, first, last }: Chunk) {
  const ends = offsets.subarray(first, last + 1)
  if (!exports.layInput(ends.byteLength + to - from)) {
    throw new RenderError('too-large', 'A geometry is larger than drawing may hold in memory.')
  }
  const at = exports.inputAt()
  new Int32Array(exports.memory.buffer, at, ends.length).set(ends)
  new Uint8Array(exports.memory.buffer, at + ends.byteLength, to - from).set(bytes.subarray(from, to))
  return { offsets: at - first * 4, bytes: at + ends.byteLength }
}

/** A batch of the one row that `view` stands at, with `geometry` in `column`. */
function withGeometry(view: RowView, column: number, geometry: Uint8Array): RowBatch {
  const fields = view.columns.map((_, i) => (i === column ? geometry : view.bytes(i)))
  const bytes = new Uint8Array(fields.reduce((sum, field) => sum + 4 + (field?.length ?? 0), 0))
  const numbers = new DataView(bytes.buffer)
  let at = 0
  for (const field of fields) {
    numbers.setInt32(at, field ? field.length : -1)
    if (field) bytes.set(field, at + 4)
    at += 4 + (field?.length ?? 0)
  }
  return { schema: view.batch.schema, count: 1, bytes, offsets: Int32Array.of(0, at) }
}

function usePlacement(exports: DrawExports, placement: Placement): void {
  if (placement.kind === 'affine') {
    exports.useAffine(placement.originX, placement.originY, placement.pixelsPerX, placement.pixelsPerY)
    return
  }
  exports.usePatches(1 / placement.patches.size, 1 / placement.step)
  exports.useClip(...placement.clip)
}

/** Whether anything of a pass needs the shelf of the kernel. */
const hasGraphics = ({ rules }: StylePass) => rules.some(({ symbolizers }) => graphicsIn(symbolizers).length > 0)
const hasIcons = ({ rules }: StylePass) =>
  rules.some(({ symbolizers }) => graphicsIn(symbolizers).some(({ shapes }) => shapes.some(({ kind }) => kind === 'icon')))
