import { legendRows } from './legend/legend-rows.js'
import type { MapDecoration } from './map-decoration.js'
import { northArrow } from './north-arrow.js'
import { fitLegend } from './page-legend.js'
import type { MapQuery, SketchItem } from './queries.js'
import { scaleBar } from './scale-bar.js'
import { isVisible, scaleOf, standardDpi } from './scale-of-map.js'
import { spelledStyle } from './spelled-style.js'

/** A page with a map on it: plain data. Lengths are pixels of the map's resolution, y down from the upper left corner of the paper. */
export interface PageLayout {
  readonly width: number
  readonly height: number
  readonly title?: string
  /** Where the map lies; nothing of it shows outside. */
  readonly map: PageBox
  /** Over the map, in drawing order. */
  readonly shapes: readonly PageShape[]
  readonly texts: readonly PageText[]
  readonly legend?: PageLegend
}

/** A legend as a sketch, from its upper left corner. */
export interface PageLegend extends PageBox {
  readonly items: readonly SketchItem[]
  /** Pixels of the page in one of the sketch. */
  readonly pixelRatio: number
}

export interface PageBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A closed line: filled, outlined, or both. Colours are 0xRRGGBB. */
export interface PageShape {
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly fill?: { readonly color: number; readonly opacity: number }
  readonly outline?: { readonly color: number; readonly width: number }
}

export interface PageText {
  readonly text: string
  readonly x: number
  readonly y: number
  /** Which point of the text lies there: 0,0 is its lower left, 1,1 its upper right corner. */
  readonly anchor: readonly [x: number, y: number]
  /** Height of an em. */
  readonly size: number
  readonly isBold?: boolean
  /** Lines longer than this are broken. */
  readonly wrapWidth?: number
  /** Written over the map: on a white halo. */
  readonly isOverMap?: boolean
}

/** Millimetres. */
const usualMargin = 10
const titleRoom = 11
const footerRoom = 10
const gap = 3
const legendWidth = 52
/** Heights of letters, millimetres of an em. */
export const titleSize = 5.6
export const textSize = 2.9
/** Millimetres of the side of a map at least. */
const leastSide = 20

/**
 * Lays a map out on its page: the map as it is drawn, and the page. On a paper the map fills what the rest leaves; its box grows to one side, so that
 * all that was asked for shows, around the same middle. Its scale is then that of the paper.
 */
export function layOutPage(query: MapQuery, decoration: MapDecoration): { readonly query: MapQuery; readonly page: PageLayout } {
  const perMillimetre = query.dpi / 25.4
  const px = (millimetres: number) => millimetres * perMillimetre
  const { page, title, credits, hasScaleBar, hasNorthArrow, legendTitles, language } = decoration
  const isOverMap = !page
  const [width, height] = page ? [px(page.width), px(page.height)] : [query.width, query.height]
  const map = page ? mapBox(decoration, page, px) : { x: 0, y: 0, width, height }
  const drawn = page ? fitted(query, map) : query
  const [right, bottom] = [map.x + map.width, map.y + map.height]
  const text = (text: string, x: number, y: number, anchor: PageText['anchor'], size = textSize): PageText => {
    const wrapWidth = width - 2 * px(gap)
    return { text, x, y, anchor, size: px(size), wrapWidth, isBold: size === titleSize, isOverMap }
  }
  // beside the map or over it
  const [inset, below] = isOverMap ? [px(gap), bottom - px(gap)] : [0, bottom + px(gap)]
  const bar = hasScaleBar
    ? scaleBar(drawn, { x: map.x + inset, y: below, isAbove: isOverMap, most: map.width * 0.3, px, isOverMap })
    : undefined
  const hasRoom = map.width > px(leastSide) && map.height > px(leastSide)
  const arrow = hasNorthArrow && hasRoom ? northArrow(drawn, { x: right - px(9), y: map.y + px(11), size: px(12), px }) : undefined
  const legend = legendTitles && legendOf(drawn, legendTitles, language, map, isOverMap, px)
  const texts = [
    ...(title
      ? [isOverMap ? text(title, width / 2, px(gap), [0.5, 1], titleSize) : text(title, width / 2, map.y - px(gap), [0.5, 0], titleSize)]
      : []),
    ...(credits ? [text(credits, right - inset, below, [1, isOverMap ? 0 : 1])] : []),
    ...(bar?.texts ?? []),
    ...(arrow?.texts ?? []),
  ]
  const frame: readonly PageShape[] = isOverMap ? [] : [{ points: cornersOf(map), outline: { color: 0, width: px(0.25) } }]
  const ground: readonly PageShape[] =
    legend && isOverMap ? [{ points: cornersOf(grown(legend, px(1))), fill: { color: 0xffffff, opacity: 0.85 } }] : []
  const shapes = [...ground, ...frame, ...(bar?.shapes ?? []), ...(arrow?.shapes ?? [])]
  return { query: drawn, page: { width, height, ...(title && { title }), map, shapes, texts, ...(legend && { legend }) } }
}

/** What margins, title, legend and the line below leave of a paper: whole pixels. */
function mapBox(
  { page, title, credits, hasScaleBar, legendTitles, margin = usualMargin }: MapDecoration,
  paper: NonNullable<MapDecoration['page']>,
  px: (millimetres: number) => number,
): PageBox {
  const free = Math.min(Math.max(margin, 0), (Math.min(paper.width, paper.height) - leastSide - titleRoom - footerRoom) / 2)
  const top = free + (title ? titleRoom : 0)
  const beside = page && legendTitles ? legendWidth + gap : 0
  const beneath = hasScaleBar || credits ? footerRoom : 0
  const [x, y] = [Math.round(px(free)), Math.round(px(top))]
  const [right, bottom] = [px(paper.width - free - beside), px(paper.height - free - beneath)]
  return { x, y, width: Math.max(1, Math.round(right - x)), height: Math.max(1, Math.round(bottom - y)) }
}

/** The same map in a box of other proportions. */
function fitted(query: MapQuery, { width, height }: PageBox): MapQuery {
  const [minX, minY, maxX, maxY] = query.bbox
  const perPixel = Math.max((maxX - minX) / width, (maxY - minY) / height)
  const [halfX, halfY] = [(perPixel * width) / 2, (perPixel * height) / 2]
  const [middleX, middleY] = [(minX + maxX) / 2, (minY + maxY) / 2]
  const { tile: _tile, ...rest } = query
  return { ...rest, width, height, bbox: [middleX - halfX, middleY - halfY, middleX + halfX, middleY + halfY] }
}

/** The legend of what the map shows, beside it or over it. */
function legendOf(
  query: MapQuery,
  titles: readonly string[],
  language: string | undefined,
  map: PageBox,
  isOverMap: boolean,
  px: (millimetres: number) => number,
): PageLegend | undefined {
  const scaleDenominator = scaleOf(query)
  const choice = { scaleDenominator, ...(query.variables && { variables: query.variables }), ...(language !== undefined && { language }) }
  const parts = query.layers.flatMap(({ collection, style }, i) =>
    isVisible(collection, scaleDenominator)
      ? [{ title: titles[i] ?? '', rows: legendRows(spelledStyle(style.style, collection.source), choice) }]
      : [],
  )
  const pixelRatio = query.dpi / standardDpi
  const room = { width: isOverMap ? map.width / 3 : px(legendWidth), height: map.height - px(gap) * (isOverMap ? 6 : 0) }
  const fitted = fitLegend(parts, { width: room.width / pixelRatio, height: Math.max(1, room.height) / pixelRatio })
  if (!fitted) return undefined
  const [x, y] = isOverMap ? [map.x + px(gap), map.y + px(gap)] : [map.x + map.width + px(gap), map.y]
  const { items, scale, width, height } = fitted
  return { x, y, items, pixelRatio: pixelRatio * scale, width: width * pixelRatio, height: height * pixelRatio }
}

const grown = ({ x, y, width, height }: PageBox, by: number): PageBox => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
})

export function cornersOf({ x, y, width, height }: PageBox): PageShape['points'] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]
}
