import type { MapJob, RasterFault, RasterLayerJob } from '#core/queries.js'
import type { VectorFormat } from '#formats/vector/vector-format.js'
import { openCanvas } from '#render/canvas.js'
import { paintLayerOn } from '#render/draw-features.js'
import { fitted } from '#render/draw-shields.js'
import type { LabelEngine } from '#render/labels/label-engine.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'
import { openSheet, type Sheet } from '#render/vector/open-sheet.js'
import type { Scene } from '#render/vector/scene.js'
import { sceneSymbols } from '#render/vector/scene-symbols.js'
import { sceneTexts } from '#render/vector/scene-text.js'
import { vectorTarget } from '#render/vector/vector-target.js'
import { shareClouds } from './cloud-rows.js'
import type { DrawContext } from './draw-context.js'
import { drawFeatureLayer, type FeatureSurface, phaseOf } from './draw-feature-layer.js'
import { type LabelledLayer, placeMapLabels } from './draw-map-labels.js'
import { drawRasterLayer, planRasterLayer } from './draw-raster-layer.js'
import { drawSketch, type SketchTarget } from './draw-sketch.js'
import { pageScene } from './page-scene.js'
import type { Stop } from './stop.js'

/** Of photographs, where nobody asked for another: print shows more than a screen. */
const printedQuality = 92
/** Dots per inch of a pixel of 0.28 mm. */
const standardDpi = 0.0254 / 0.00028

/** A map as a document of shapes and texts. Throws Problems and `RenderError`; `stop` ends it between two batches of rows or blocks of pixels. */
export async function drawVectorMap(
  job: MapJob,
  format: VectorFormat,
  context: DrawContext,
  stop: Stop,
  onFault: (fault: RasterFault) => void,
): Promise<Uint8Array> {
  const sheet = openSheet()
  const budget = { left: job.maxFeatures }
  const labelled: LabelledLayer[] = []
  for (const [order, layer] of job.layers.entries()) {
    stop.check()
    if (layer.kind === 'features') {
      const plan = context.planStyle(layer.style, job)
      const shared = shareClouds()
      await drawFeatureLayer(surfaceOf(sheet, job, context), job, { layer, plan, shared }, context, budget, stop)
      for (const run of plan.labels) labelled.push({ layer, run, order, shared })
    } else if (layer.kind === 'sketch') await drawSketch(sketchOnSheet(sheet, job, context), job, layer, context, stop)
    else await addRasterLayer(sheet, job, layer, context, stop, onFault)
  }
  if (labelled.length > 0) await addLabels(sheet, job, labelled, context, stop)
  stop.check()
  const map = sceneOf(job, sheet)
  if (!job.page) return format.write(map, stop.check)
  const legend = openSheet()
  if (job.page.legend) {
    const { legend: sketch } = job.page
    const frame = { ...job, ...sketch, width: Math.ceil(sketch.width), height: Math.ceil(sketch.height) }
    await drawSketch(sketchOnSheet(legend, frame, context), frame, sketch, context, stop)
  }
  return format.write(pageScene(map, job.page, legend.items, await context.labels()), stop.check)
}

function sceneOf({ width, height, pixelRatio, background }: MapJob, { items }: Sheet): Scene {
  const color = !background.isTransparent && { background: background.color }
  return { width, height, dpi: pixelRatio * standardDpi, ...color, items }
}

/** Paths and symbols of a layer; what is made of pixels, as heat maps are, is a picture of the whole map. */
function surfaceOf(sheet: Sheet, job: MapJob, { kernel }: DrawContext): FeatureSurface {
  const { width, height } = job
  const frame = { width, height, phase: phaseOf(job) }
  return {
    paint: options => paintLayerOn(vectorTarget(kernel, sheet, frame, options.passes), options),
    async drawPixels(draw) {
      const canvas = openCanvas(width, height, undefined, kernel)
      await draw(canvas)
      sheet.add({ kind: 'picture', x: 0, y: 0, width, height, picture: { width, height, bytes: canvas.pixels().slice() } })
    },
  }
}

/** A raster is a picture of the whole map, over what lies below. */
async function addRasterLayer(
  sheet: Sheet,
  job: MapJob,
  layer: RasterLayerJob,
  { stores, warpKernel, formats }: DrawContext,
  stop: Stop,
  onFault: (fault: RasterFault) => void,
): Promise<void> {
  const { width, height } = job
  const plan = planRasterLayer(job, layer)
  if (!plan) return
  const bytes = new Uint8Array(width * height * 4)
  const target = { width, height, pixels: () => bytes }
  await drawRasterLayer(target, plan, stores.raster(layer.store), { kernel: warpKernel, onFault }, stop.signal)
  const isOpaque = plan.painter.isPhotograph && hasNoHoles(bytes)
  const format = isOpaque ? formats.find(({ mediaType }) => mediaType === 'image/jpeg') : undefined
  const jpeg = await format?.encode({ width, height, rgba: bytes }, { quality: job.quality ?? printedQuality, isOpaque })
  sheet.add({
    kind: 'picture',
    x: 0,
    y: 0,
    width,
    height,
    picture: { width, height, ...(jpeg ? { bytes: new Uint8Array(0), jpeg } : { bytes }) },
  })
}

function hasNoHoles(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false
  return true
}

async function addLabels(sheet: Sheet, job: MapJob, layers: readonly LabelledLayer[], context: DrawContext, stop: Stop): Promise<void> {
  const engine = await context.labels()
  addPlaced(sheet, await placeMapLabels(job, layers, context, { left: job.maxFeatures }, stop), engine)
}

function sketchOnSheet(sheet: Sheet, { width, height }: Pick<MapJob, 'width' | 'height'>, { kernel }: DrawContext): SketchTarget {
  return {
    paint: options => paintLayerOn(vectorTarget(kernel, sheet, { width, height, phase: [0, 0] }, options.passes), options),
    write: (labels, engine) => addPlaced(sheet, labels, engine),
  }
}

/** Labels over what lies behind them. */
function addPlaced(sheet: Sheet, labels: readonly PlacedLabel[], { fonts }: LabelEngine): void {
  const [textOf, symbolOf] = [sceneTexts(fonts), sceneSymbols()]
  for (const { shield, x, y } of labels) {
    if (!shield) continue
    const { symbol, opacity, points } = symbolOf(fitted(shield))
    sheet.count(points)
    sheet.add({ kind: 'use', symbol, x, y, cos: Math.cos(shield.turn), sin: Math.sin(shield.turn), opacity })
  }
  for (const label of labels) {
    sheet.count(label.glyphs.length * 4)
    sheet.add(textOf(label))
  }
}
