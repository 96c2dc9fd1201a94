import type { LegendRow } from './map-decoration.js'
import type { PageLayout, PagePicture, PageShape, PageText } from './page-layout.js'

/** Millimetres. */
export const legendWidth = 52
const symbolColumn = 10
const rowHeight = 6
const between = 1.2
const letters = 2.9

export interface LegendPlace {
  /** Upper left corner. */
  readonly x: number
  readonly y: number
  /** Rows end here at the latest. */
  readonly bottom: number
  readonly isOverMap: boolean
}

/** The rows of a legend one below the other; those that find no room are left out, and dots say so. */
export function legendRows(
  rows: readonly LegendRow[],
  { x, y, bottom, isOverMap }: LegendPlace,
  px: (millimetres: number) => number,
): Pick<PageLayout, 'shapes' | 'texts' | 'pictures'> {
  const texts: PageText[] = []
  const pictures: PagePicture[] = []
  let top = y + (isOverMap ? px(between) : 0)
  for (const [i, { title, symbol }] of rows.entries()) {
    const height = Math.max(px(rowHeight), symbol ? symbol.height : 0)
    const write = (text: string, atX: number) =>
      void texts.push({
        text,
        x: atX,
        y: top + height / 2,
        anchor: [0, 0.5],
        size: px(letters),
        isBold: !symbol,
        wrapWidth: px(legendWidth - symbolColumn),
      })
    const needed = i === rows.length - 1 ? height : height + px(rowHeight)
    if (top + needed > bottom) {
      write('…', x + px(between))
      top += height
      break
    }
    if (symbol) {
      const { width, height: symbolHeight } = symbol
      const left = x + Math.max(0, (px(symbolColumn) - width) / 2)
      pictures.push({ x: Math.round(left), y: Math.round(top + (height - symbolHeight) / 2), width, height: symbolHeight, picture: symbol })
    }
    write(title, x + px(symbol ? symbolColumn + between : between))
    top += height + px(between)
  }
  const box: PageShape = {
    points: [
      [x, y],
      [x + px(legendWidth), y],
      [x + px(legendWidth), top],
      [x, top],
    ],
    fill: { color: 0xffffff, opacity: 0.85 },
  }
  return { shapes: isOverMap && rows.length > 0 ? [box] : [], texts, pictures }
}
