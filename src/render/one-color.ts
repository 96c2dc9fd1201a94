import type { Pen, PreparedGraphic, PreparedImage, PreparedMark } from './pens.js'
import { prepareContours } from './prepare-mark.js'

/** Finer lines leave gaps where pixels are painted whole or not at all. */
const leastWidth = 1.5

/** What covers the same places as a pen, all of them and all in one colour (premultiplied): pictures as their boxes, dashes as whole lines. */
export function oneColor(pen: Pen, rgba: number): Pen {
  const paint = { kind: 'color', rgba } as const
  switch (pen.kind) {
    case 'fill':
      return { ...pen, paint }
    case 'stroke':
      return { ...pen, paint, width: Math.max(leastWidth, pen.width), dashes: [] }
    default:
      return { ...pen, opacity: 1, graphic: graphicIn(pen.graphic, rgba) }
  }
}

function graphicIn(graphic: PreparedGraphic, rgba: number): PreparedMark {
  const { fill, outline, under, ...mark } = graphic.kind === 'mark' ? graphic : boxOf(graphic)
  return {
    ...mark,
    // what is not filled is an outline around the place that is meant
    fill: rgba,
    ...(outline && { outline: { ...outline, rgba, dashes: [] } }),
    ...(under && { under: { ...under, rgba } }),
  }
}

/** The same object for the same picture: the kernel knows marks by their bytes. */
const boxes = new WeakMap<PreparedImage, PreparedMark>()

function boxOf(image: PreparedImage): PreparedMark {
  const known = boxes.get(image)
  if (known) return known
  const aspect = image.width / image.height
  const corners = [
    [-aspect, -1],
    [aspect, -1],
    [aspect, 1],
    [-aspect, 1],
  ] as const
  const box = prepareContours([{ points: corners }], { size: image.height })
  boxes.set(image, box)
  return box
}
