import type { Resampling } from './resampling.js'
import type { WarpCell } from './warp-kernel.js'

/** Size and levels of a raster, as far as a plan needs them. Level 0 is full resolution. */
export interface RasterShape {
  readonly width: number
  readonly height: number
  readonly levels: readonly { readonly width: number; readonly height: number }[]
}

/** A rectangle of map pixels, or of pixels of a level. */
export interface PixelBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Where a position on the map (pixels, 0,0 the outer corner of the first) lies in the raster's full resolution; undefined where nothing is. */
export type MapToRaster = (x: number, y: number) => readonly [number, number] | undefined

/** One read and one warp: pure data. */
export interface WarpPiece {
  /** Map pixels it fills. */
  readonly box: PixelBox
  readonly level: number
  /** Pixels of the level to read; a multiple of `factor` from the level's origin. */
  readonly window: PixelBox
  /** Pixels of the level, in each direction, that become one before warping. */
  readonly factor: number
  /** In map pixels relative to `box`; corners in reduced pixels relative to `window`. */
  readonly cells: readonly WarpCell[]
  /** The raster itself in reduced pixels relative to `window`. */
  readonly extent: readonly [number, number, number, number]
}

/** Greatest error of a position by interpolating inside a cell, in map pixels. */
const tolerance = 0.05
/** Sides of pieces and of the largest cells, in map pixels. */
const pieceSide = 512
const cellSide = 128
/** Reduced source pixels of one piece: 16 MB of RGBA. */
const maxWindowPixels = 4 << 20
/** Map pixels of a piece that is not cut again: its source is reduced instead. */
const leastPiecePixels = 1024
/** Side of a box of map pixels that is believed to be empty when none of its probes leads anywhere. */
const emptySide = 64
/** Source pixels per map pixel from which a coarser level is taken; a little blur is cheaper than four times the pixels. */
const levelSlack = 0.9
/** Map pixels, in source pixels where those are larger, that a pixel is made of in each direction from its centre. */
const reach: Readonly<Record<Resampling, number>> = { nearest: 0.5, bilinear: 1, cubic: 2, average: 0.5, mode: 0.5, lanczos: 3 }
/** Source pixels a map pixel, in each direction, up to which these take them as they are; the others reduce by averaging what is 2 and more. */
const mostAsTheyAre = 16
const takesAsTheyAre = (resampling: Resampling) => resampling === 'nearest' || resampling === 'average' || resampling === 'mode'

/**
 * Plans how a raster is drawn on a map of `width` x `height` pixels: which level, which windows, how positions map. Memory stays bounded:
 * large maps are cut into pieces, and pieces whose source would be large are cut again or reduced before they are warped.
 * `isAffine` promises that `locate` is linear, so that one cell is exact.
 */
export function planWarp(
  shape: RasterShape,
  { width, height }: { readonly width: number; readonly height: number },
  locate: MapToRaster,
  isAffine: boolean,
  resampling: Resampling = 'bilinear',
): WarpPiece[] {
  return planBox({ left: 0, top: 0, width, height }, shape, locate, isAffine, resampling)
}

function planBox(box: PixelBox, shape: RasterShape, locate: MapToRaster, isAffine: boolean, resampling: Resampling): WarpPiece[] {
  const cut = () => quarters(box).flatMap(part => planBox(part, shape, locate, isAffine, resampling))
  if (box.width > pieceSide || box.height > pieceSide) return cut()
  const cells: WarpCell[] = []
  collectCells(box, cornersOf(box, locate), shape, locate, isAffine, cells)
  const piece = cells.length > 0 ? pieceOf(box, cells, shape, resampling) : undefined
  if (!piece) return []
  const reduced = (piece.window.width / piece.factor) * (piece.window.height / piece.factor)
  if (reduced <= maxWindowPixels) return [piece]
  if (box.width * box.height > leastPiecePixels) return cut()
  return [pieceOf(box, cells, shape, resampling, Math.ceil(Math.sqrt(reduced / maxWindowPixels))) ?? piece]
}

/** Upper left and right, lower left and right. */
type Corners = readonly [MaybePlace, MaybePlace, MaybePlace, MaybePlace]
type Place = readonly [number, number]
type MaybePlace = Place | undefined

const cornersOf = ({ left, top, width, height }: PixelBox, locate: MapToRaster): Corners => [
  locate(left, top),
  locate(left + width, top),
  locate(left, top + height),
  locate(left + width, top + height),
]

/** Corners in full resolution pixels; cells that miss the raster are left out. `locate` is dear, and asked for no place twice that is known. */
function collectCells(
  box: PixelBox,
  corners: Corners,
  shape: RasterShape,
  locate: MapToRaster,
  isAffine: boolean,
  cells: WarpCell[],
): void {
  const { left, top, width, height } = box
  const [xm, ym] = [left + width / 2, top + height / 2]
  const [a, b, c, d] = corners
  const between = isAffine ? [] : [locate(xm, top), locate(left, ym), locate(xm, ym), locate(left + width, ym), locate(xm, top + height)]
  if (misses(corners, between, shape, Math.max(width, height) <= emptySide)) return
  if (width === 1 && height === 1) {
    const centre = locate(xm, ym)
    if (centre) cells.push({ left, top, width, height, corners: [...centre, ...centre, ...centre, ...centre] })
    return
  }
  const isSmall = isAffine || (width <= cellSide && height <= cellSide)
  if (isSmall && isPlace(a) && isPlace(b) && isPlace(c) && isPlace(d) && between.every(isPlace)) {
    const step = Math.max(1e-9, Math.min(distance(a, b[0], b[1]) / width, distance(a, c[0], c[1]) / height))
    if (isAffine || bend(a, b, c, d, between) <= tolerance * step) {
      cells.push({ left, top, width, height, corners: [a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]] })
      return
    }
  }
  const parts = quarters(box)
  const [north, west, middle, east, south] = between
  // the middles are corners of the quarters where both sides are even
  const known: readonly Corners[] | undefined =
    isAffine || width % 2 === 1 || height % 2 === 1
      ? undefined
      : [
          [a, north, west, middle],
          [north, b, middle, east],
          [west, middle, c, south],
          [middle, east, south, d],
        ]
  for (const [i, part] of parts.entries()) collectCells(part, known?.[i] ?? cornersOf(part, locate), shape, locate, isAffine, cells)
}

const isPlace = (place: MaybePlace): place is Place => place !== undefined && Number.isFinite(place[0]) && Number.isFinite(place[1])

function distance([x, y]: Place, toX: number, toY: number): number {
  const [dx, dy] = [toX - x, toY - y]
  return Math.sqrt(dx * dx + dy * dy)
}

/** How far the true positions lie from the interpolated ones, at the middles of the sides and of the cell. */
function bend(a: Place, b: Place, c: Place, d: Place, [north, west, middle, east, south]: readonly Place[]): number {
  return Math.max(
    distance(north, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2),
    distance(west, (a[0] + c[0]) / 2, (a[1] + c[1]) / 2),
    distance(middle, (a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4),
    distance(east, (b[0] + d[0]) / 2, (b[1] + d[1]) / 2),
    distance(south, (c[0] + d[0]) / 2, (c[1] + d[1]) / 2),
  )
}

/** True when the places, with half of their spread around them, lie beside the raster; where there is none, `ifNowhere`. */
function misses(corners: Corners, between: readonly MaybePlace[], { width, height }: RasterShape, ifNowhere: boolean): boolean {
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < 4 + between.length; i++) {
    const place = i < 4 ? corners[i] : between[i - 4]
    if (!isPlace(place)) continue
    x0 = Math.min(x0, place[0])
    x1 = Math.max(x1, place[0])
    y0 = Math.min(y0, place[1])
    y1 = Math.max(y1, place[1])
  }
  if (x0 > x1) return ifNowhere
  const [spreadX, spreadY] = [(x1 - x0) / 2, (y1 - y0) / 2]
  return x1 + spreadX < 0 || x0 - spreadX > width || y1 + spreadY < 0 || y0 - spreadY > height
}

function quarters({ left, top, width, height }: PixelBox): PixelBox[] {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  return [
    { left, top, width: w, height: h },
    { left: left + w, top, width: width - w, height: h },
    { left, top: top + h, width: w, height: height - h },
    { left: left + w, top: top + h, width: width - w, height: height - h },
  ].filter(part => part.width > 0 && part.height > 0)
}

/** Chooses level and factor for cells whose corners are in full resolution; undefined when they only touch the raster's outside. */
function pieceOf(
  box: PixelBox,
  cells: readonly WarpCell[],
  shape: RasterShape,
  resampling: Resampling,
  extraFactor = 1,
): WarpPiece | undefined {
  const pixelsPerMapPixel = medianScale(cells)
  const level = levelFor(shape, pixelsPerMapPixel)
  const { width, height } = shape.levels[level]
  const [scaleX, scaleY] = [width / shape.width, height / shape.height]
  const ratio = pixelsPerMapPixel * Math.sqrt(scaleX * scaleY)
  const most = takesAsTheyAre(resampling) ? mostAsTheyAre : 1
  const factor = Math.min(Math.max(1, Math.floor(ratio / most)) * extraFactor, Math.max(width, height))
  // what interpolating needs around, and one for shading
  const margin = Math.ceil(reach[resampling] * Math.max(1, ratio / factor)) + 1
  const [left, right] = span(cells, 0, scaleX / factor, Math.ceil(width / factor), margin)
  const [top, bottom] = span(cells, 1, scaleY / factor, Math.ceil(height / factor), margin)
  if (right <= left || bottom <= top) return undefined
  const x = (value: number) => (value * scaleX) / factor - left
  const y = (value: number) => (value * scaleY) / factor - top
  return {
    box,
    level,
    factor,
    window: {
      left: left * factor,
      top: top * factor,
      width: Math.min(width, right * factor) - left * factor,
      height: Math.min(height, bottom * factor) - top * factor,
    },
    cells: cells.map(({ left, top, width, height, corners: c }) => ({
      left: left - box.left,
      top: top - box.top,
      width,
      height,
      corners: [x(c[0]), y(c[1]), x(c[2]), y(c[3]), x(c[4]), y(c[5]), x(c[6]), y(c[7])],
    })),
    extent: [-left, -top, width / factor - left, height / factor - top],
  }
}

/** First and last (exclusive) pixel between the least and greatest x (`axis` 0) or y (1) of the corners with a margin, inside 0 … `size`. */
function span(cells: readonly WarpCell[], axis: 0 | 1, scale: number, size: number, margin: number): [number, number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { corners } of cells) {
    for (let i = axis; i < 8; i += 2) {
      least = Math.min(least, corners[i])
      greatest = Math.max(greatest, corners[i])
    }
  }
  return [Math.max(0, Math.floor(least * scale) - margin), Math.min(size, Math.ceil(greatest * scale) + margin)]
}

/** Full resolution pixels per map pixel (the root of the area ratio) in the middle one of the cells. */
function medianScale(cells: readonly WarpCell[]): number {
  const scales = cells
    .filter(cell => cell.width > 1 || cell.height > 1)
    .map(({ width, height, corners: [ax, ay, bx, by, cx, cy] }) =>
      Math.sqrt(Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / (width * height)),
    )
    .sort((a, b) => a - b)
  return scales[scales.length >> 1] ?? 1
}

/** The coarsest level that still has about a pixel for every map pixel. */
function levelFor({ width, levels }: RasterShape, pixelsPerMapPixel: number): number {
  let best = 0
  for (let i = 1; i < levels.length; i++) if ((pixelsPerMapPixel * levels[i].width) / width >= levelSlack) best = i
  return best
}
