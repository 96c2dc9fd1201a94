import type { Transformation } from '#styles/style.js'
import type { MapScale } from '../map-scale.js'
import { binReach } from './bins.js'
import { clusterReach } from './cluster.js'
import { heatReach } from './heatmap.js'

/** A transformation in pixels of the map. */
export function inMapPixels<T extends Transformation>(transformation: T, { pixelRatio }: Pick<MapScale, 'pixelRatio'>): T
export function inMapPixels(transformation: Transformation, { pixelRatio }: Pick<MapScale, 'pixelRatio'>): Transformation {
  switch (transformation.kind) {
    case 'cluster':
      return { ...transformation, distance: transformation.distance * pixelRatio }
    case 'bins':
      return { ...transformation, size: transformation.size * pixelRatio }
    case 'heatmap':
      return { ...transformation, radius: transformation.radius * pixelRatio }
    case 'inverse':
      return transformation
  }
}

/** Pixels around a map whose points bear on what a transformation makes on it. */
export function transformationReach(transformation: Transformation, scale: Pick<MapScale, 'pixelRatio'>): number {
  const scaled = inMapPixels(transformation, scale)
  switch (scaled.kind) {
    case 'cluster':
      return clusterReach(scaled.distance)
    case 'bins':
      return binReach(scaled.size)
    case 'heatmap':
      return heatReach(scaled.radius)
    case 'inverse':
      return 0
  }
}
