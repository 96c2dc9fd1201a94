import { foldExpression } from '#filters/fold-constants.js'
import { ewkbType } from '#geo/ewkb.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import type { RowView } from '#rows/row-view.js'
import { drawnType } from '#styles/drawn-type.js'
import type { ColorMap, RasterSymbolizer } from '#styles/raster-symbolizer.js'
import type { Heatmap, Rule, StylePass } from '#styles/style.js'
import type { Canvas } from '../canvas.js'
import type { Locate } from '../kernels/draw-kernel.js'
import { environmentOf, type MapScale } from '../map-scale.js'
import { eachRule, type TestedRule } from '../prepare-run.js'
import { rasterPainter } from '../raster-style.js'
import type { RowCompiler } from '../row-compiler.js'
import { type CloudSource, eachCloudPoint } from './cloud-points.js'
import { createHeat, type Heat } from './heatmap.js'
import { weightOf } from './weight-of.js'

/** Gathers the rows of one layer as they come and draws their density. */
export interface HeatPainter {
  /** `locate` answers with pixels of the canvas, and with nothing for points that do not count. */
  take(batch: RowBatch, locate: Locate): void
  finish(): void
}

export interface HeatOptions extends CloudSource {
  /** Those of one run of a plan. */
  readonly passes: readonly StylePass[]
  /** Lengths are pixels of the map. */
  readonly transformation: Heatmap
  readonly compilerFor: (schema: RowSchema) => RowCompiler
  readonly scale: MapScale
  /** Called now and then; what it throws ends the drawing. */
  readonly check?: () => void
}

/** From nothing over blue to red, for styles that name no colours. */
const usualColors: ColorMap = {
  kind: 'ramp',
  entries: [
    { value: 0, color: '#4575b4', opacity: 0 },
    { value: 0.1, color: '#4575b4', opacity: 0.6 },
    { value: 0.3, color: '#91cfb5', opacity: 0.75 },
    { value: 0.55, color: '#fee08b', opacity: 0.85 },
    { value: 0.8, color: '#f46d43', opacity: 0.9 },
    { value: 1, color: '#b2182b', opacity: 0.95 },
  ],
}

interface HotRule extends TestedRule {
  readonly heat: Heat
  readonly holdsFor: (ewkb: Uint8Array) => boolean
}

/** Each rule with a raster symbolizer has a density of its own, of the features it holds for. */
export function heatPainter(canvas: Canvas, options: HeatOptions): HeatPainter {
  const { passes, transformation, phase, compilerFor, scale, check } = options
  const { width, height } = canvas
  const box = { left: phase[0], top: phase[1], width, height }
  const heats = passes.map(({ rules }) => rules.map(() => createHeat(transformation.radius, box)))
  const testedBy = (compiler: RowCompiler) =>
    passes.map(({ rules, isFirstMatch = false }, pass) => ({
      isFirstMatch,
      rules: rules.map(({ filter, isElse = false, geometryTypes }, i): HotRule => {
        const holdsFor = (ewkb: Uint8Array) => !geometryTypes || geometryTypes.some(type => type === drawnType(ewkbType(ewkb).kind))
        return { ...(filter && { test: compiler.filter(filter) }), isElse, heat: heats[pass][i], holdsFor }
      }),
    }))
  let schema: RowSchema | undefined
  let ready: ReturnType<typeof testedBy> = []
  let weight = (_: RowView): number => 1
  return {
    take(batch, locate) {
      if (batch.schema !== schema) {
        schema = batch.schema
        const compiler = compilerFor(schema)
        ready = testedBy(compiler)
        weight = weightOf(transformation.weight, compiler)
      }
      eachCloudPoint(batch, options, locate, (x, y, row, _, ewkb) => {
        const heavy = weight(row)
        for (const pass of ready) eachRule(pass, row, ({ heat, holdsFor }) => holdsFor(ewkb) && heat.add(x, y, heavy))
      })
    },
    finish() {
      const intensity = intensityAt(transformation, scale)
      for (const [i, pass] of passes.entries())
        for (const [j, rule] of pass.rules.entries()) drawHeat(canvas, heats[i][j], rule, pass, intensity, check)
    },
  }
}

/** What reads rows, or is no number, counts as 1. */
function intensityAt({ intensity = 1 }: Heatmap, scale: MapScale): number {
  if (typeof intensity === 'number') return intensity
  const folded = foldExpression(intensity, environmentOf(scale))
  const value = folded.kind === 'literal' ? Number(folded.value ?? Number.NaN) : Number.NaN
  return Number.isFinite(value) ? value : 1
}

function drawHeat(
  canvas: Canvas,
  heat: Heat,
  { symbolizers }: Rule,
  { opacity = 1, blend }: StylePass,
  intensity: number,
  check?: () => void,
): void {
  const { width, height } = canvas
  const rasters = symbolizers.filter(symbolizer => symbolizer.kind === 'raster')
  if (rasters.length === 0) return
  const densities = heat.densities(check)
  if (intensity !== 1) for (let i = 0; i < densities.length; i++) densities[i] *= intensity
  const image = new Uint32Array(width * height)
  for (const symbolizer of rasters) {
    const colored: RasterSymbolizer = { colorMap: usualColors, ...symbolizer, isShaded: false }
    rasterPainter([density], colored).paint({ width, height, bands: [densities] }, { x: 1, y: 1 }, image)
    canvas.drawImage(new Uint8Array(image.buffer), opacity * symbolizer.opacity, blend)
  }
}

const density = { sampleType: 'float32', meaning: 'value', range: [0, 1] } as const
