import { writeEwkb } from '#geo/ewkb.js'
import type { Canvas } from './canvas.js'
import type { PlacedLabel, PlacedShield } from './labels/placed-label.js'
import { type PreparedGraphic, usePen } from './pens.js'

/** Contours of a mark (`prepare-mark.ts`): a head of so many bytes, whose first number counts the points, and points of two doubles. */
const [headBytes, pointBytes] = [16, 16]
const allClasses = 7

/** Draws what lies behind labels, each around the middle of its text. Labels are in pixels of the canvas. */
export function drawShields(canvas: Canvas, labels: readonly PlacedLabel[]): void {
  if (!labels.some(({ shield }) => shield)) return
  const { kernel } = canvas
  const { exports } = kernel
  canvas.reserve(0, 0, true)
  exports.useAffine(0, 0, 1, 1)
  for (const { shield, x, y } of labels) {
    if (!shield) continue
    const rotation = (shield.turn * 180) / Math.PI
    usePen(kernel, { kind: 'graphic', classes: allClasses, graphic: fitted(shield), rotation }, 0)
    const point = writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(x, y) })
    if (!exports.layInput(point.length)) return
    new Uint8Array(exports.memory.buffer, exports.inputAt(), point.length).set(point)
    exports.draw(exports.inputAt(), point.length)
  }
}

/** The graphic as large as its shield: marks are stretched, pictures stay as they are. */
export function fitted({ graphic, width, height }: PlacedShield): PreparedGraphic {
  if (graphic.kind === 'image' || (graphic.width === width && graphic.height === height)) return graphic
  const [scaleX, scaleY] = [width / (graphic.width || 1), height / (graphic.height || 1)]
  const bytes = graphic.bytes.slice()
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + headBytes <= bytes.length; ) {
    const count = view.getInt32(at, true)
    at += headBytes
    for (let i = 0; i < count; i++, at += pointBytes) {
      view.setFloat64(at, view.getFloat64(at, true) * scaleX, true)
      view.setFloat64(at + 8, view.getFloat64(at + 8, true) * scaleY, true)
    }
  }
  return { ...graphic, bytes, width, height, radius: graphic.radius * Math.max(scaleX, scaleY) }
}
