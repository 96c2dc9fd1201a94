import { Problem } from '#core/problem.js'
import { problemOfFilter } from '#core/problem-of-filter.js'
import { bandState, type EncodedImage, type MapBand, type MapJob, type RasterFault } from '#core/queries.js'
import { FilterError } from '#filters/filter-error.js'
import type { EncodeOptions, ImageFormat } from '#formats/images/index.js'
import type { VectorFormat } from '#formats/vector/vector-format.js'
import { CrsError } from '#geo/crs-error.js'
import { type Canvas, openCanvas } from '#render/canvas.js'
import { paintLayer } from '#render/draw-features.js'
import type { RowsFirst } from '#render/labels/drawing/draw-labels.js'
import type { LabelRequest } from '#render/labels/label-request.js'
import { sharedRun } from '#render/plan-style.js'
import { RenderError } from '#render/render-error.js'
import { shareClouds } from './cloud-rows.js'
import type { DataMap } from './data-maps/data-map.js'
import { dataMaps } from './data-maps/index.js'
import type { DrawContext } from './draw-context.js'
import { drawFeatureLayer, type FeatureSurface } from './draw-feature-layer.js'
import { drawMapLabels, type LabelledLayer, readTexts } from './draw-map-labels.js'
import { drawRasterLayer, planRasterLayer, type RasterTarget } from './draw-raster-layer.js'
import { drawSketch, sketchOnCanvas } from './draw-sketch.js'
import { drawVectorMap } from './draw-vector-map.js'
import type { FeatureBudget } from './find-rows.js'
import { firstOffered, offerLower, shareEncoding } from './share-encoding.js'
import type { Stop } from './stop.js'

/** Draws a map and encodes it. Throws Problems; `stop` ends it between two batches of rows or blocks of pixels. `planOf` may know the plans already. */
export async function drawMapJob(job: MapJob, context: DrawContext, stop: Stop, planOf = planRasterLayer): Promise<EncodedImage> {
  try {
    return await drawAndEncode(job, context, stop, planOf)
  } catch (error) {
    throw problemOfDrawing(error)
  }
}

async function drawAndEncode(job: MapJob, context: DrawContext, stop: Stop, planOf: typeof planRasterLayer): Promise<EncodedImage> {
  const { stores, kernel, warpKernel, formats, vectorFormats } = context
  const vectorFormat = vectorFormats.find(({ mediaType }) => mediaType === job.mediaType)
  if (vectorFormat) return drawShapes(job, vectorFormat, context, stop)
  const dataMap = dataMaps.find(({ mediaType }) => mediaType === job.mediaType)
  if (dataMap) return writeData(job, dataMap, context, stop)
  const format = formats.find(({ mediaType }) => mediaType === job.mediaType)
  if (!format) {
    const known = [...formats, ...vectorFormats, ...dataMaps].map(({ mediaType }) => mediaType).join(', ')
    throw new Problem('unsupported-format', `Maps are not drawn as ${job.mediaType}; they are as ${known}.`)
  }
  const { width, height, background, quality, crs, bbox, angle } = job
  const started = performance.now()
  const color = background.isTransparent && format.hasAlpha ? undefined : background.color
  // a photograph that fills the map needs no canvas: it goes from the warp to the encoder as it is
  let [opened, photograph]: [Canvas?, Uint8Array?] = []
  const canvas = () => {
    opened ??= openCanvas(width, job.band?.height ?? height, color, kernel)
    return opened
  }
  const target: RasterTarget = {
    width,
    height,
    pixels: () => canvas().pixels(),
    keep(pixels) {
      photograph = pixels
    },
  }
  const surface: FeatureSurface = { paint: options => paintLayer(canvas(), options), drawPixels: draw => draw(canvas()) }
  const budget: FeatureBudget = { left: job.maxFeatures }
  const faults = new Map<string, RasterFault>()
  const labelled: LabelledLayer[] = []
  /** Nothing was drawn, in a format that says of a map nothing but its pixels. */
  const isBlank = () =>
    format.isPrompt &&
    !job.band &&
    labelled.length === 0 &&
    budget.left === job.maxFeatures &&
    job.layers.every(({ kind }) => kind === 'features')
  for (const [order, layer] of job.layers.entries()) {
    stop.check()
    if (layer.kind === 'features') {
      const plan = context.planStyle(layer.style, job)
      const shared = shareClouds()
      const heard: LabelRequest[] = []
      const both = job.tile ? undefined : sharedRun(plan)
      const hear = both && (await readTexts(job, { layer, run: both.labels, order }, context, [0, 0], request => void heard.push(request)))
      const listener = both && hear && { ...both, hear }
      const isHeard = await drawFeatureLayer(surface, job, { layer, plan, shared, ...(listener && { listener }) }, context, budget, stop)
      for (const run of plan.labels) labelled.push({ layer, run, order, shared, ...(isHeard && run === both?.labels && { heard }) })
    } else if (layer.kind === 'sketch') await drawSketch(sketchOnCanvas(canvas()), job, layer, context, stop)
    else {
      const plan = planOf(job, layer)
      const onFault = (fault: RasterFault) => void faults.set(JSON.stringify(fault), fault)
      if (plan) await drawRasterLayer(target, plan, stores.raster(layer.store), { kernel: warpKernel, onFault }, stop.signal)
    }
  }
  let isOffered = false
  // texts come last: what lies below need not wait for those above
  const offerEarly = ({ lower }: MapJob): RowsFirst | undefined => {
    if (!lower || color === undefined) return undefined
    const top = firstOffered(height, true)
    const onDone = () => {
      isOffered = offerLower(lower, top, { width, height, rgba: canvas().pixels() })
    }
    return { top, onDone }
  }
  if (labelled.length > 0) await drawMapLabels(canvas(), job, labelled, context, { left: job.maxFeatures }, stop, offerEarly(job))
  stop.check()
  const drawn = performance.now()
  const timings = { draw: drawn - started, ...(budget.waited !== undefined && { rows: budget.waited }) }
  /** To be asked when it is encoded. */
  const spent = () => {
    const encode = performance.now() - drawn
    return { timings: { ...timings, encode }, ...(budget.longest !== undefined && { longest: budget.longest + encode }) }
  }
  const options = {
    ...(quality !== undefined && { quality }),
    isOpaque: color !== undefined,
    place: { crs, bbox, ...(angle && { angle }) },
    signal: stop.signal,
  }
  if (job.band) {
    const bytes = encodedBand(job.band, job, canvas, format, options)
    if (bytes) return { mediaType: format.mediaType, bytes, ...spent() }
    photograph = new Uint8Array(job.band.pixels)
  }
  const told = faults.size > 0 && { faults: [...faults.values()] }
  // once: what is finished is used up
  const picture = () => {
    photograph ??= format.isPrompt ? canvas().finished() : canvas().finish()
    return { width, height, rgba: photograph }
  }
  const shared = job.lower && !isBlank() && shareEncoding(job.lower, picture(), format, options, isOffered)
  if (shared) return { mediaType: format.mediaType, bytes: shared, ...told, ...spent() }
  const written = format.writtenAs?.(picture()) ?? format
  const encode = async () => written.encode(picture(), options)
  const bytes = await (isBlank() ? context.blankImages(`${format.mediaType} ${width} ${height} ${color} ${quality}`, encode) : encode())
  const mediaType = written.writtenType ?? written.mediaType
  return { mediaType, bytes, ...told, ...spent() }
}

/** The bytes of a band, or none; undefined where it is the last one and the whole map is to be encoded, as no band settles how. */
function encodedBand(
  { top, height, pixels, states, index, pixelBytes }: MapBand,
  map: MapJob,
  canvas: () => Canvas,
  { encodeBand }: ImageFormat,
  options: EncodeOptions,
): Uint8Array | undefined {
  const { width } = map
  const flags = new Int32Array(states)
  const own = new Uint8Array(pixels, top * width * 4, height * width * 4)
  const rgba = pixelBytes === undefined ? canvas().finished() : own
  if (pixelBytes === undefined) own.set(rgba)
  const place = { top, height: map.height, ...(pixelBytes !== undefined && { pixelBytes }) }
  const bytes = encodeBand?.({ width, height, rgba }, place, options) ?? new Uint8Array(0)
  const { encoded, unsettled } = bandState
  Atomics.store(flags, index, bytes.length > 0 ? encoded : unsettled)
  return flags.every((_, i) => Atomics.load(flags, i) === unsettled) ? undefined : bytes
}

async function drawShapes(job: MapJob, format: VectorFormat, context: DrawContext, stop: Stop): Promise<EncodedImage> {
  const started = performance.now()
  const faults = new Map<string, RasterFault>()
  const onFault = (fault: RasterFault) => void faults.set(JSON.stringify(fault), fault)
  const bytes = await drawVectorMap(job, format, context, stop, onFault)
  const told = faults.size > 0 && { faults: [...faults.values()] }
  return { mediaType: format.mediaType, bytes, ...told, timings: { draw: performance.now() - started } }
}

async function writeData(job: MapJob, { mediaType, write }: DataMap, context: DrawContext, stop: Stop): Promise<EncodedImage> {
  const started = performance.now()
  const faults = new Map<string, RasterFault>()
  const draw = async (picture: MapJob) => {
    const image = await drawAndEncode(picture, context, stop, planRasterLayer)
    for (const fault of image.faults ?? []) faults.set(JSON.stringify(fault), fault)
    return image
  }
  const bytes = await write(job, { context, draw }, stop)
  const told = faults.size > 0 && { faults: [...faults.values()] }
  return { mediaType, bytes, ...told, timings: { draw: performance.now() - started } }
}

/** Errors of the rooms below, which know no Problems. */
function problemOfDrawing(error: unknown): unknown {
  if (error instanceof RenderError) {
    return new Problem(error.reason === 'too-large' ? 'too-large' : 'invalid-parameter', error.message, { cause: error })
  }
  if (error instanceof FilterError) return problemOfFilter(error)
  if (error instanceof CrsError) return new Problem('unknown-crs', error.message, { cause: error })
  return error
}
