import { type LegendLook, type LegendPart, layOutLegend } from './legend/legend-layout.js'
import type { SketchItem } from './queries.js'

/** A legend as a sketch: its items are in pixels of 0.28 mm, drawn `scale` times as large as they are. */
export interface FittedLegend {
  readonly items: readonly SketchItem[]
  readonly scale: number
  /** As drawn, in pixels of 0.28 mm. */
  readonly width: number
  readonly height: number
}

const look: LegendLook = { width: 24, height: 16, font: { size: 10, color: '#000000' }, labels: 'on' }
const mostColumns = 4

/** A legend that fits into a room (pixels of 0.28 mm): in as many columns as its height wants, and smaller where that is too wide. Undefined where there is nothing to show. */
export function fitLegend(
  parts: readonly LegendPart[],
  room: { readonly width: number; readonly height: number },
): FittedLegend | undefined {
  if (parts.every(({ rows }) => rows.length === 0)) return undefined
  let best: FittedLegend | undefined
  for (let columns = 1; columns <= mostColumns; columns++) {
    const { items, width, height } = layOutLegend(parts, { ...look, columns })
    const scale = Math.min(1, room.width / width, room.height / height)
    if (!best || scale > best.scale) best = { items, scale, width: width * scale, height: height * scale }
    if (scale === 1) break
  }
  return best
}
