import { type DrawContext, standardDpi } from './draw-map.js'
import { type LegendLook, type LegendPart, layOutLegend } from './legend/legend-layout.js'
import { Problem } from './problem.js'
import type { Background, EncodedImage } from './queries.js'

export interface LegendQuery {
  readonly parts: readonly LegendPart[]
  readonly look: LegendLook
  readonly background: Background
  readonly mediaType: string
  readonly dpi: number
}

/** Any system will do: sketches are drawn in pixels. */
const crs = 'EPSG:3857'
/** Scale of sizes on the ground. */
const scaleDenominator = 10_000

/** Draws a legend, by what draws maps: symbols look as they do there. Throws `too-large`. */
export async function drawLegend(
  { parts, look, background, mediaType, dpi }: LegendQuery,
  { renderer, limits, deadline }: DrawContext,
  signal?: AbortSignal,
): Promise<EncodedImage> {
  const { items, ...size } = layOutLegend(parts, look)
  const pixelRatio = dpi / standardDpi
  const [width, height] = [size.width, size.height].map(side => Math.max(1, Math.round(side * pixelRatio)))
  if (Math.max(width, height) > limits.mapSide || width * height > limits.mapPixels)
    throw new Problem('too-large', `The legend would have ${width} x ${height} pixels; at most ${limits.mapSide} are drawn either way.`)
  return renderer.draw(
    {
      width,
      height,
      crs,
      bbox: [0, 0, width, height],
      background,
      mediaType,
      scaleDenominator,
      pixelRatio,
      layers: [{ kind: 'sketch', items }],
      maxFeatures: limits.mapFeatures,
      deadline,
    },
    signal,
  )
}
