import { steadyNow } from '#core/clock.js'
import type { FeatureLayerJob, MapJob, MapTile } from '#core/queries.js'
import { openIconBook } from '#render/brushes/icon-book.js'
import type { Canvas } from '#render/canvas.js'
import { labelCollector } from '#render/collect-labels.js'
import { drawShields } from '#render/draw-shields.js'
import type { RowsFirst } from '#render/labels/drawing/draw-labels.js'
import { createLabelCells, type LabelCells } from '#render/labels/label-cells.js'
import type { LabelEngine } from '#render/labels/label-engine.js'
import type { LabelRequest } from '#render/labels/label-request.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'
import type { MapFrame } from '#render/place-source.js'
import type { Placement } from '#render/placement.js'
import type { StyleRun } from '#render/plan-style.js'
import { pixelPlacement } from '#render/transformations/transform-rows.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import { cloudRows, type SharedClouds, shareClouds } from './cloud-rows.js'
import type { DrawContext } from './draw-context.js'
import { type FeatureBudget, findRows, prepareRun, rowCompiler } from './find-rows.js'
import { layerViews } from './layer-views.js'
import { beforeStop, type Stop, untilStopped } from './stop.js'

/** A layer that has texts at the scale of the map. */
export interface LabelledLayer {
  readonly layer: FeatureLayerJob
  readonly run: StyleRun
  /** Place in the drawing order. */
  readonly order: number
  readonly shared: SharedClouds
  /** What it wants written, where that was heard while its rows were drawn. */
  readonly heard?: readonly LabelRequest[]
}

/** Sees a batch of the rows of a layer, with its place on the map and the tolerance of curves in units of the source. */
export type BatchReader = (batch: RowBatch, placement: Placement, tolerance: number) => Promise<void> | void

/** Tiles on a side of the cells that labels are placed in. */
const tilesPerCell = 4
/** Milliseconds after which labels are placed anew: what they say may have changed. */
const cellLife = 10_000
/** Levels whose cells are kept. */
const mostLevels = 16
/** A cell is placed for all who ask for its tiles, so nobody who leaves ends it; this does. */
const cellSeconds = 30

/** Tells cells apart that are used but once. */
let serial = 0

/**
 * Draws the texts of a map over all else: of a map that stands for itself in places of its own, of a tile in those it shares with its neighbours; those of
 * the rows that are wanted `first`, first.
 */
export async function drawMapLabels(
  canvas: Canvas,
  job: MapJob,
  layers: readonly LabelledLayer[],
  context: DrawContext,
  budget: FeatureBudget,
  stop: Stop,
  first?: RowsFirst,
): Promise<void> {
  const engine = await context.labels()
  if (job.tile) {
    const { tile } = job
    const [left, top] = [tile.column * job.width, tile.row * job.height]
    const placed = cellsOf(job, tile, layers, context, engine).ofTile(left, top, job.width, job.height)
    return drawPlaced(canvas, engine, await beforeStop(placed, stop), first)
  }
  drawPlaced(canvas, engine, await placeMapLabels(job, layers, context, budget, stop), first)
}

/** The texts of a map that stands for itself, in drawing order. */
export async function placeMapLabels(
  job: MapJob,
  layers: readonly LabelledLayer[],
  context: DrawContext,
  budget: FeatureBudget,
  stop: Stop,
): Promise<readonly PlacedLabel[]> {
  const engine = await context.labels()
  const sheet = engine.openSheet()
  for (const layer of layers) {
    if (layer.heard) for (const request of layer.heard) sheet.add(request)
    else await collect(job, job, layer, context, budget, stop, [0, 0], sheet.add)
  }
  stop.check()
  return sheet.place(job.width, job.height)
}

function drawPlaced(canvas: Canvas, engine: LabelEngine, labels: readonly PlacedLabel[], first?: RowsFirst): void {
  drawShields(canvas, labels)
  engine.draw(canvas, labels, 0, 0, first)
}

/** Tells `add` what the rows of a layer want written, in pixels of the map moved by `shift`. */
export async function readTexts(
  job: MapJob,
  { layer, run, order }: Pick<LabelledLayer, 'layer' | 'run' | 'order'>,
  context: DrawContext,
  shift: readonly [number, number],
  add: (request: LabelRequest) => void,
): Promise<BatchReader> {
  await prepareRun(run)
  const { spareKernel } = context
  const compilerFor = rowCompiler(job)
  const icons = openIconBook(context.icons)
  const glyph = run.hasGlyphs ? await context.glyphs() : undefined
  let found: LabelRequest[] = []
  // what was made of the values of one batch serves the next
  let last: { readonly schema: RowSchema; readonly placement: Placement; readonly read: (batch: RowBatch) => void } | undefined
  const open = (schema: RowSchema, placement: Placement, tolerance: number) => {
    if (last?.schema === schema && last.placement === placement) return last.read
    const rest = { passes: run.passes, geometry: layer.geometry.name, layer: order, placement, shift, tolerance }
    const tools = { scale: job, compiler: compilerFor(schema), icons, spareKernel, ...(glyph && { glyph }) }
    const read = labelCollector({ ...rest, tools }, request => void found.push(request))
    last = { schema, placement, read }
    return read
  }
  return async (batch, placement, tolerance) => {
    // pictures behind texts that are not there yet are fetched, and asked for again
    for (let round = 0; round < 2; round++) {
      found = []
      open(batch.schema, placement, tolerance)(batch)
      if (!icons.isLacking) break
      await icons.load()
      last = undefined
    }
    for (const request of found) add(request)
  }
}

/** Tells `add` what a layer wants written on `frame`, in pixels of it, moved by `shift`. */
async function collect(
  frame: MapFrame,
  job: MapJob,
  labelled: LabelledLayer,
  context: DrawContext,
  budget: FeatureBudget,
  stop: Stop,
  shift: readonly [number, number],
  add: (request: LabelRequest) => void,
): Promise<void> {
  const { layer, run, shared } = labelled
  const { stores } = context
  const take = await readTexts(job, labelled, context, shift, add)
  if (run.transformation) {
    const rows = await shared(frame, () => cloudRows(frame, job, layer, run, { stores, budget, stop }), run)
    if (rows) await take(rows, pixelPlacement, 1 / 8)
    return
  }
  for (const view of layerViews(frame, layer.geometry.crs ?? job.crs, Math.max(run.reach, job.buffer ?? 0)))
    for await (const batch of findRows(job, layer, { run, view, hasIds: true }, { stores, budget, stop }))
      await take(batch, view.placement, view.unitsPerPixel / 8)
}

/** The cells of the level that a tile belongs to, from the last time where they are fresh. */
function cellsOf(job: MapJob, tile: MapTile, layers: readonly LabelledLayer[], context: DrawContext, engine: LabelEngine): LabelCells {
  const key = keyOf(job, tile, layers)
  const known = key === undefined ? undefined : context.labelCells.get(key)
  if (known && steadyNow() - known.born < cellLife) return known.cells
  const born = steadyNow()
  const cells = openCells(`${born} ${key ?? serial++}`, job, tile, layers, context, engine)
  if (key !== undefined) {
    context.labelCells.delete(key)
    context.labelCells.set(key, { cells, born })
    if (context.labelCells.size > mostLevels) context.labelCells.delete(context.labelCells.keys().next().value!)
  }
  return cells
}

function keyOf(
  { crs, pixelRatio, width, variables, buffer, edits }: MapJob,
  { origin, cellSize }: MapTile,
  layers: readonly LabelledLayer[],
): string | undefined {
  const names = layers.map(
    ({ layer: { key, source, filter, sort } }) =>
      key && [key, source.store, source.schema, source.table, source.restriction?.filter, filter, sort],
  )
  return names.every(name => name) ? JSON.stringify([crs, pixelRatio, width, variables, buffer, edits, origin, cellSize, names]) : undefined
}

function openCells(
  name: string,
  job: MapJob,
  tile: MapTile,
  layers: readonly LabelledLayer[],
  context: DrawContext,
  engine: LabelEngine,
): LabelCells {
  const { origin, cellSize, columns, rows } = tile
  const { width: size } = job
  return createLabelCells({
    engine,
    side: tilesPerCell * size,
    margin: size,
    bounds: [0, 0, columns * size, rows * size],
    cache: context.placedCells,
    name,
    async requestsIn([minX, minY, maxX, maxY], [cornerX, cornerY]) {
      const at = (x: number, y: number) => [origin[0] + x * cellSize, origin[1] - y * cellSize] as const
      const [[west, north], [east, south]] = [at(minX, minY), at(maxX, maxY)]
      const frame: MapFrame = { crs: job.crs, bbox: [west, south, east, north], width: maxX - minX, height: maxY - minY }
      const requests: LabelRequest[] = []
      const add = (request: LabelRequest) => void requests.push(request)
      const budget = { left: job.maxFeatures }
      const shift = [minX - cornerX, minY - cornerY] as const
      await untilStopped({ deadline: steadyNow() + cellSeconds * 1000 }, async stop => {
        // cells outlive the map, and what is made for one serves no other
        for (const layer of layers) await collect(frame, job, { ...layer, shared: shareClouds() }, context, budget, stop, shift, add)
      })
      return requests
    },
  })
}
