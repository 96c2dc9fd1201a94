import type { RasterSymbolizer } from '../raster-symbolizer.js'
import type { StylePass } from '../style.js'
import type { Json } from './write-expression.js'
import type { Painted } from './write-symbolizer.js'
import type { ValueWriter } from './write-values.js'

/** A raster layer of tiles that are coloured already, or a heatmap. */
export function writeRaster(raster: RasterSymbolizer, { transformation }: StylePass, values: ValueWriter): Painted {
  const { opacity, colorMap } = raster
  if (transformation?.kind === 'heatmap') {
    const ramp = colorMap?.entries.flatMap(({ value, color, opacity = 1 }): Json[] => [value, withOpacity(color, opacity)])
    return {
      type: 'heatmap',
      paint: {
        'heatmap-radius': transformation.radius,
        'heatmap-opacity': opacity,
        ...(transformation.intensity !== undefined && {
          'heatmap-intensity': values.number('heatmap-intensity', transformation.intensity, 1),
        }),
        ...(transformation.weight && { 'heatmap-weight': values.number('heatmap-weight', transformation.weight, 1) }),
        ...(ramp && ramp.length > 1 && { 'heatmap-color': ['interpolate', ['linear'], ['heatmap-density'], ...ramp] }),
      },
    }
  }
  const rest = Object.keys(raster).filter(key => key !== 'kind' && key !== 'opacity')
  if (rest.length > 0) values.note(`${rest.join(', ')} of the raster: the tiles have to be coloured already`)
  return { type: 'raster', paint: { 'raster-opacity': opacity } }
}

function withOpacity(color: string, opacity: number): string {
  const digits = Math.round(255 * opacity)
    .toString(16)
    .padStart(2, '0')
  return opacity === 1 ? color : `${color}${digits}`
}
