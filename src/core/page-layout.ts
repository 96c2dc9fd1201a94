import type { MapDecoration } from './map-decoration.js'
import { northArrow } from './north-arrow.js'
import { legendRows, legendWidth } from './page-legend.js'
import type { MapQuery } from './queries.js'
import { scaleBar } from './scale-bar.js'

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
  readonly pictures: readonly PagePicture[]
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

export interface PagePicture extends PageBox {
  /** Premultiplied RGBA. */
  readonly picture: { readonly width: number; readonly height: number; readonly bytes: Uint8Array }
}

/** Millimetres. */
const usualMargin = 10
const titleRoom = 11
const footerRoom = 10
const gap = 3
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
  const { page, title, credits, hasScaleBar, hasNorthArrow, legend = [] } = decoration
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
  const rows = legendRows(legend, legendPlace(map, page !== undefined, px), px)
  const texts = [
    ...(title
      ? [isOverMap ? text(title, width / 2, px(gap), [0.5, 1], titleSize) : text(title, width / 2, map.y - px(gap), [0.5, 0], titleSize)]
      : []),
    ...(credits ? [text(credits, right - inset, below, [1, isOverMap ? 0 : 1])] : []),
    ...(bar?.texts ?? []),
    ...(arrow?.texts ?? []),
    ...rows.texts,
  ]
  const frame: readonly PageShape[] = isOverMap ? [] : [{ points: cornersOf(map), outline: { color: 0, width: px(0.25) } }]
  const shapes = [...rows.shapes, ...frame, ...(bar?.shapes ?? []), ...(arrow?.shapes ?? [])]
  return { query: drawn, page: { width, height, ...(title && { title }), map, shapes, texts, pictures: rows.pictures } }
}

/** What margins, title, legend and the line below leave of a paper: whole pixels. */
function mapBox(
  { page, title, credits, hasScaleBar, legend, margin = usualMargin }: MapDecoration,
  paper: NonNullable<MapDecoration['page']>,
  px: (millimetres: number) => number,
): PageBox {
  const free = Math.min(Math.max(margin, 0), (Math.min(paper.width, paper.height) - leastSide - titleRoom - footerRoom) / 2)
  const top = free + (title ? titleRoom : 0)
  const beside = page && legend?.length ? legendWidth + gap : 0
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

function legendPlace({ x, y, width, height }: PageBox, isBeside: boolean, px: (millimetres: number) => number) {
  return {
    x: isBeside ? x + width + px(gap) : x + px(gap),
    y: isBeside ? y : y + px(gap),
    bottom: y + height - px(gap),
    isOverMap: !isBeside,
  }
}

export function cornersOf({ x, y, width, height }: PageBox): PageShape['points'] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]
}
