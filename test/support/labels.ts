import { openCanvas } from '#render/canvas.js'
import { packed } from '#render/color.js'
import { openFontLibrary } from '#render/labels/fonts/font-library.js'
import { createLabelEngine, type LabelEngine } from '#render/labels/label-engine.js'
import type { LabelAnchor, LabelRequest, LabelText, LineAnchor, PointAnchor, PolygonAnchor } from '#render/labels/label-request.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'

export const engine: LabelEngine = createLabelEngine({ fonts: await openFontLibrary() })

export const black = packed(0, 1)
export const textOf = (text: string, more: Partial<LabelText> = {}): LabelText => ({
  text,
  families: ['DejaVu Sans'],
  size: 12,
  isItalic: false,
  weight: 400,
  letterSpacing: 0,
  color: black,
  lineHeight: 1.2,
  ...more,
})

/** A label wanted at an anchor; its key is its text. */
export const wanted = (text: string | LabelText, at: LabelAnchor, more: Partial<LabelRequest> = {}): LabelRequest => {
  const whole = typeof text === 'string' ? textOf(text) : text
  return { text: whole, at, priority: 0, layer: 0, key: whole.text, mayOverlap: false, spaceAround: 0, ...more }
}

export const at = (x: number, y: number, more: Partial<PointAnchor> = {}): PointAnchor => ({
  kind: 'point',
  x,
  y,
  anchor: [0.5, 0.5],
  displacement: [0, 0],
  rotation: 0,
  maxDisplacement: 0,
  ...more,
})

export const along = (points: readonly (readonly [number, number])[], more: Partial<LineAnchor> = {}): LineAnchor => ({
  kind: 'line',
  points: Float64Array.from(points.flat()),
  offset: 0,
  initialGap: 0,
  isStraight: false,
  isUpright: true,
  maxAngle: 30,
  ...more,
})

export const within = (rings: readonly (readonly (readonly [number, number])[])[], more: Partial<PolygonAnchor> = {}): PolygonAnchor => ({
  kind: 'polygon',
  rings: rings.map(ring => Float64Array.from(ring.flat())),
  rotation: 0,
  displacement: [0, 0],
  mustFit: true,
  maxDisplacement: 0,
  ...more,
})

/** Labels placed on a map of their own. */
export function placedOn(width: number, height: number, requests: readonly LabelRequest[]): PlacedLabel[] {
  const sheet = engine.openSheet()
  for (const request of requests) sheet.add(request)
  return sheet.place(width, height)
}

/** Opacity, 0 to 255, pixel by pixel, of labels on a transparent map. */
export function inkOf(width: number, height: number, labels: readonly PlacedLabel[]): Uint8Array {
  const rgba = drawn(width, height, labels)
  return Uint8Array.from({ length: width * height }, (_, i) => rgba[i * 4 + 3])
}

/** RGBA of labels on a transparent map. */
export function drawn(width: number, height: number, labels: readonly PlacedLabel[], shiftX = 0, shiftY = 0): Uint8Array {
  const canvas = openCanvas(width, height)
  engine.draw(canvas, labels, shiftX, shiftY)
  return canvas.finish()
}
