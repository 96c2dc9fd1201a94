import { metresPerPixelAtMiddle } from './local-scale.js'
import type { PageLayout, PageShape, PageText } from './page-layout.js'
import type { MapQuery } from './queries.js'

export interface BarPlace {
  /** Its left end, and its edge: the lower one with `isAbove`, else the upper one. */
  readonly x: number
  readonly y: number
  readonly isAbove: boolean
  /** It is at most so long. */
  readonly most: number
  readonly isOverMap: boolean
  readonly px: (millimetres: number) => number
}

/** Millimetres. */
const thickness = 1.4
const letters = 2.9
const parts = 4

/** A bar of a round length, true in the middle of the map; undefined where the map has no scale there. */
export function scaleBar(
  map: MapQuery,
  { x, y, isAbove, most, isOverMap, px }: BarPlace,
): Pick<PageLayout, 'shapes' | 'texts'> | undefined {
  const perPixel = metresPerPixelAtMiddle(map)
  if (perPixel === undefined) return undefined
  const metres = roundLength(most * perPixel)
  const length = metres / perPixel
  const top = isAbove ? y - px(thickness) : y + px(letters * 1.4)
  const left = x + px(1)
  const step = length / parts
  const shapes = Array.from({ length: parts }, (_, i): PageShape => {
    const [from, to, bottom] = [left + i * step, left + (i + 1) * step, top + px(thickness)]
    const points = [
      [from, top],
      [to, top],
      [to, bottom],
      [from, bottom],
    ] as const
    return { points, fill: { color: i % 2 ? 0xffffff : 0, opacity: 1 }, outline: { color: 0, width: px(0.2) } }
  })
  const { unit, value } = inUnits(metres)
  const text = (share: number, text: string): PageText => ({
    text,
    x: left + length * share,
    y: top - px(0.8),
    anchor: [share === 0 ? 0 : 0.5, 0],
    size: px(letters),
    isOverMap,
  })
  return { shapes, texts: [text(0, '0'), text(0.5, plain(value / 2)), text(1, `${plain(value)} ${unit}`)] }
}

/** The longest of 1, 2 and 5 times a power of ten that is not longer. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  const times = most / power
  return (times >= 5 ? 5 : times >= 2 ? 2 : 1) * power
}

function inUnits(metres: number): { readonly unit: string; readonly value: number } {
  if (metres >= 1000) return { unit: 'km', value: metres / 1000 }
  return metres >= 1 ? { unit: 'm', value: metres } : { unit: 'cm', value: metres * 100 }
}

const plain = (value: number) => String(Number(value.toPrecision(6)))
