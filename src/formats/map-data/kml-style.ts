import { scaled, straight } from '#render/color.js'
import type { FeatureLook } from '#render/feature-looks.js'
import type { GraphicPen, Paint, Pen, PreparedGraphic } from '#render/pens.js'

/** Pixels of an icon at scale 1, and of a label, as Google Earth draws them. */
const [iconSize, labelSize] = [32, 16]
/** Patterns have no words: they are a colour, at least so opaque. */
const leastShare = 0.25

/** Where the picture of a symbol lies, how large it is; undefined where there is no place for pictures. */
export type SymbolPlace = (pens: readonly GraphicPen[]) => { readonly href: string; readonly size: number } | undefined

/**
 * The `Style` of features that look so (OGC 07-147r2, 12), without its tags; undefined where nothing is drawn. `classes` is that of the geometry: 1 point,
 * 2 line, 4 polygon. Of several lines or fills, one over the other, the topmost counts.
 */
export function kmlStyle({ pens, label }: FeatureLook, classes: number, symbolPlace: SymbolPlace): string | undefined {
  const own = pens.filter(pen => (pen.classes & classes) !== 0)
  if (own.length === 0 && !label) return undefined
  const fill = own.findLast(pen => pen.kind === 'fill')
  const line = own.map(lineOf).findLast(found => found !== undefined)
  return [
    classes & 1 ? iconStyle(own, symbolPlace) : '',
    label
      ? `<LabelStyle><color>${kmlColor(label.color)}</color><scale>${decimal(label.size / labelSize)}</scale></LabelStyle>`
      : '<LabelStyle><scale>0</scale></LabelStyle>',
    line ? `<LineStyle><color>${kmlColor(line.rgba)}</color><width>${decimal(line.width)}</width></LineStyle>` : '',
    classes & 4
      ? `<PolyStyle>${fill ? `<color>${kmlColor(colorOf(fill.paint))}</color>` : ''}<fill>${fill ? 1 : 0}</fill><outline>${line ? 1 : 0}</outline></PolyStyle>`
      : '',
  ].join('')
}

function iconStyle(pens: readonly Pen[], symbolPlace: SymbolPlace): string {
  const graphics = pens.filter(pen => pen.kind === 'graphic')
  // only a label
  if (graphics.length === 0) return '<IconStyle><scale>0</scale></IconStyle>'
  const place = symbolPlace(graphics)
  if (place)
    return `<IconStyle><scale>${decimal(place.size / iconSize)}</scale><Icon><href>${place.href}</href></Icon><hotSpot x="0.5" y="0.5" xunits="fraction" yunits="fraction"/></IconStyle>`
  const { graphic } = graphics[graphics.length - 1]
  const color = colorOfGraphic(graphic)
  return `<IconStyle>${color === undefined ? '' : `<color>${kmlColor(color)}</color>`}<scale>${decimal(Math.max(graphic.width, graphic.height) / iconSize)}</scale></IconStyle>`
}

function lineOf(pen: Pen): { readonly rgba: number; readonly width: number } | undefined {
  if (pen.kind === 'stroke') return { rgba: colorOf(pen.paint), width: pen.width }
  if (pen.kind !== 'graphic-stroke') return undefined
  const rgba = colorOfGraphic(pen.graphic)
  return rgba === undefined ? undefined : { rgba, width: pen.graphic.kind === 'mark' ? (pen.graphic.outline?.width ?? 2) : 2 }
}

function colorOf(paint: Paint): number {
  if (paint.kind === 'color') return paint.rgba
  const { pattern, opacity = 1 } = paint
  if (pattern.kind === 'hatch') return scaled(pattern.rgba, opacity * Math.max(leastShare, Math.min(1, pattern.width / pattern.spacing)))
  return scaled(meanColor(pattern.image.bytes), opacity)
}

const colorOfGraphic = (graphic: PreparedGraphic) => (graphic.kind === 'mark' ? (graphic.fill ?? graphic.outline?.rgba) : undefined)

/** Of premultiplied pixels. */
function meanColor(bytes: Uint8Array): number {
  const sums = [0, 0, 0, 0]
  for (let i = 0; i < bytes.length; i++) sums[i % 4] += bytes[i]
  const [r, g, b, a] = sums.map(sum => Math.round((sum * 4) / Math.max(4, bytes.length)))
  return ((a << 24) | (b << 16) | (g << 8) | r) >>> 0
}

/** `aabbggrr` (OGC 07-147r2, 16.5) of a premultiplied colour. */
function kmlColor(rgba: number): string {
  const { rgb, opacity } = straight(rgba)
  return [opacity * 255, rgb & 255, (rgb >> 8) & 255, rgb >> 16].map(value => Math.round(value).toString(16).padStart(2, '0')).join('')
}

const decimal = (value: number) => String(Number((Number.isFinite(value) ? Math.max(0, value) : 0).toFixed(2)))
