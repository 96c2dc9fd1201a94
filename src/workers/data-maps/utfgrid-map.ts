import { Problem } from '#core/problem.js'
import type { FeatureLayerJob, MapJob } from '#core/queries.js'
import { type FeatureRow, featureRows } from '#formats/features/feature-rows.js'
import { putProperties } from '#formats/features/geojson.js'
import { type GridFeature, writeUtfGrid } from '#formats/map-data/utfgrid.js'
import { TextSink } from '#formats/text-sink.js'
import { openIconBook } from '#render/brushes/icon-book.js'
import { type Canvas, openCanvas } from '#render/canvas.js'
import { paintLayerOn } from '#render/draw-features.js'
import { type LayerTarget, rasterTarget } from '#render/layer-target.js'
import { oneColor } from '#render/one-color.js'
import { type Pen, usePen } from '#render/pens.js'
import type { StyleRun } from '#render/plan-style.js'
import type { RowBatch } from '#rows/batch.js'
import { phaseOf } from '../draw-feature-layer.js'
import { findRows, prepareRun, rowCompiler } from '../find-rows.js'
import { layerViews } from '../layer-views.js'
import type { Stop } from '../stop.js'
import type { DataMap, DataMapTools } from './data-map.js'

const defaultResolution = 4
/** Of attributes of all features that are drawn, seen or not: some 300,000 of them. */
const mostBytes = 40e6
/** Decimals of coordinates in further geometry columns. */
const numbers = { decimals: 9, tolerance: 1e-7 }

/**
 * Which feature is where, with its attributes, for maps that answer the mouse (MapBox UTFGrid 1.3): drawn as the map is, each feature in a colour of
 * its own. Texts, rasters and what is made of many features have none.
 */
export const utfGridMap: DataMap = {
  mediaType: 'application/json;type=utfgrid',
  async write(job, tools, stop) {
    const { width, height } = job
    const { kernel } = tools.context
    const canvas = openCanvas(width, height, undefined, kernel)
    const features = openFeatures()
    const budget = { left: job.maxFeatures }
    kernel.exports.setCrisp(1)
    try {
      for (const layer of job.layers)
        if (layer.kind === 'features') await drawLayer(canvas, job, layer, { ...tools, features, budget }, stop)
    } finally {
      kernel.exports.setCrisp(0)
    }
    const pixels = canvas.pixels()
    const ids = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height).map(color => color & 0xffffff)
    return writeUtfGrid({ width, height, ids, features: features.take(), resolution: job.data?.resolution ?? defaultResolution })
  },
}

interface GridTools extends DataMapTools {
  readonly features: Features
  readonly budget: { left: number }
}

async function drawLayer(canvas: Canvas, job: MapJob, layer: FeatureLayerJob, tools: GridTools, stop: Stop): Promise<void> {
  const { context } = tools
  const columns = layer.source.columns.map(({ name }) => name)
  for (const run of context.planStyle(layer.style, job).runs)
    if (!run.transformation) await drawRun(canvas, job, layer, { ...run, columns: [...new Set([...columns, ...run.columns])] }, tools, stop)
}

async function drawRun(
  canvas: Canvas,
  job: MapJob,
  layer: FeatureLayerJob,
  run: StyleRun,
  { context, features, budget }: GridTools,
  stop: Stop,
): Promise<void> {
  await prepareRun(run)
  const views = layerViews(job, layer.geometry.crs ?? job.crs, Math.max(run.reach, job.buffer ?? 0))
  if (views.length === 0) return
  const { stores, icons, spareKernel, glyphs } = context
  const glyph = run.hasGlyphs ? await glyphs() : undefined
  const target = colorTarget(canvas)
  const painter = paintLayerOn(target, {
    passes: run.passes,
    scale: job,
    geometry: layer.geometry.name,
    compilerFor: rowCompiler(job),
    icons: openIconBook(icons),
    spareKernel,
    ...(glyph && { glyph }),
    phase: phaseOf(job),
    tolerance: views[0].unitsPerPixel / 8,
    check: stop.check,
  })
  const collection = { id: layer.name?.id ?? layer.source.table }
  const told = layer.source.columns.map(({ name }) => name)
  for (const view of views) {
    painter.place(view.placement)
    for await (const batch of findRows(job, layer, { run, view, hasIds: true }, { stores, budget, stop })) {
      await painter.prepare(batch)
      let row = 0
      for (const feature of featureRows({ collection, batches: [batch], geometry: layer.geometry.name })) {
        target.setColor(0xff000000 + features.idOf(collection.id, feature, told))
        painter.draw(rowOf(batch, row++))
      }
    }
  }
  painter.finish()
}

const rowOf = ({ schema, bytes, offsets }: RowBatch, row: number): RowBatch => ({
  schema,
  count: 1,
  bytes,
  offsets: offsets.subarray(row, row + 2),
})

/** All passes on the map itself, every pen in the colour that was set last. */
function colorTarget(canvas: Canvas): LayerTarget & { setColor(rgba: number): void } {
  const { kernel, draw } = rasterTarget(canvas, [], true)
  let color = 0
  let pen: Pen | undefined
  return {
    kernel,
    setColor(rgba) {
      color = rgba
    },
    use(next) {
      pen = next
    },
    draw(at, length) {
      if (pen) usePen(kernel, oneColor(pen, color), 0)
      return draw(at, length)
    },
    finish() {},
  }
}

type Features = ReturnType<typeof openFeatures>

/** Features by number, from 1 on, with what is told of them. */
function openFeatures() {
  const numbered = new Map<string, number>()
  const sink = new TextSink()
  const ends = [0]
  return {
    /** The same for a feature that was drawn before, in another pass or beyond the date line. */
    idOf(collection: string, { id, row, properties, columns }: FeatureRow, told: readonly string[]): number {
      const key = `${collection}.${id ?? numbered.size + 1}`
      const known = numbered.get(key)
      if (known !== undefined) return known
      numbered.set(key, numbered.size + 1)
      putProperties(sink, { row, columns, properties: properties.filter(index => told.includes(columns[index].name)) }, numbers)
      ends.push(sink.length)
      if (sink.length > mostBytes)
        throw new Problem('too-large', 'The features on this map are more than one answer holds; ask for a smaller area.')
      return numbered.size
    },
    take(): readonly GridFeature[] {
      const texts = sink.take()
      return [...numbered.keys()].map((key, i) => ({ key, data: texts.subarray(ends[i], ends[i + 1]) }))
    },
  }
}
