import { northAtMiddle } from './local-scale.js'
import type { PageLayout } from './page-layout.js'
import type { MapQuery } from './queries.js'

export interface ArrowPlace {
  /** Its middle. */
  readonly x: number
  readonly y: number
  readonly size: number
  readonly px: (millimetres: number) => number
}

/** An arrow to where north is in the middle of the map; undefined where it is nowhere. */
export function northArrow(map: MapQuery, { x, y, size, px }: ArrowPlace): Pick<PageLayout, 'shapes' | 'texts'> | undefined {
  const turn = northAtMiddle(map)
  if (turn === undefined) return undefined
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const at = (right: number, down: number) => [x + (right * cos - down * sin) * size, y + (right * sin + down * cos) * size] as const
  const outline = { color: 0, width: px(0.2) }
  const [top, notch] = [at(0, -0.5), at(0, 0.25)]
  const [textX, textY] = at(0, -0.68)
  return {
    shapes: [
      { points: [top, at(-0.28, 0.5), notch], fill: { color: 0, opacity: 1 }, outline },
      { points: [top, at(0.28, 0.5), notch], fill: { color: 0xffffff, opacity: 1 }, outline },
    ],
    texts: [{ text: 'N', x: textX, y: textY, anchor: [0.5, 0.5], size: px(3.4), isBold: true, isOverMap: true }],
  }
}
