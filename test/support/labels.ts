import { openCanvas } from '#render/canvas.js'
import { packed } from '#render/color.js'
import { startDrawKernel } from '#render/kernels/draw-kernel.js'
import { openFontLibrary } from '#render/labels/fonts/font-library.js'
import { createLabelEngine, type LabelEngine } from '#render/labels/label-engine.js'
import type { LabelAnchor, LabelRequest, LabelText, LineAnchor, PointAnchor, PolygonAnchor } from '#render/labels/label-request.js'
import type { PlacedLabel } from '#render/labels/placed-label.js'

export const engine: LabelEngine = createLabelEngine({ fonts: await openFontLibrary() })

const kernel = startDrawKernel()

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
  isLevel: false,
  followsDirection: false,
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
  const canvas = openCanvas(width, height, undefined, kernel)
  engine.draw(canvas, labels, shiftX, shiftY)
  return canvas.finish()
}

/** Pixels with ink of one label, wherever they are, as `x y`; some around its boxes are looked at too. */
export function pixelsOf(label: PlacedLabel): string[] {
  const { boxes } = label
  const side = (k: number) => boxes.filter((_, i) => i % 4 === k)
  const [minX, minY] = [Math.floor(Math.min(...side(0))) - 4, Math.floor(Math.min(...side(1))) - 4]
  const [width, height] = [Math.ceil(Math.max(...side(2))) + 4 - minX, Math.ceil(Math.max(...side(3))) + 4 - minY]
  const rgba = drawn(width, height, [label], minX, minY)
  const pixels: string[] = []
  for (let i = 0; i < width * height; i++) if (rgba[i * 4 + 3] > 0) pixels.push(`${minX + (i % width)} ${minY + Math.floor(i / width)}`)
  return pixels
}

/** How many pixels have ink of two labels. */
export function sharedPixels(labels: readonly PlacedLabel[]): number {
  const taken = new Set<string>()
  let shared = 0
  for (const label of labels) {
    for (const pixel of pixelsOf(label)) {
      if (taken.has(pixel)) shared++
      taken.add(pixel)
    }
  }
  return shared
}

/** Whether all ink of labels lies on a map of this size. */
export function isInkWithin(labels: readonly PlacedLabel[], width: number, height: number): boolean {
  return labels.every(label =>
    pixelsOf(label).every(pixel => {
      const [x, y] = pixel.split(' ').map(Number)
      return x >= 0 && y >= 0 && x < width && y < height
    }),
  )
}
