import { type Contour, markShape } from './mark-shapes.js'
import type { PreparedMark, StrokeForm } from './pens.js'

export interface MarkLook {
  /** Pixels: the height of the mark, of a glyph that of its em. */
  readonly size: number
  /** Premultiplied; absent: not filled. */
  readonly fill?: number
  readonly outline?: StrokeForm & { readonly rgba: number }
}

/** Larger marks are drawn at this size, pixels. */
const largest = 4096
const unit = 256
/** Head of a contour in the kernel: count, is closed, winding, free (i32 each), distance (f64). */
const headBytes = 24
/** Chords stay this close to arcs, pixels. */
const sagitta = 0.04

/** A mark by its well-known name, ready to be drawn; undefined when nobody knows the name. */
export function prepareMark(name: string, look: MarkLook): PreparedMark | undefined {
  const shape = markShape(name)
  return shape && prepareContours(shape, look)
}

/** A mark of any contours, in the box from -1 to 1 (y down) that becomes `size` pixels high. Lines that are open are only outlined. */
export function prepareContours(contours: readonly Contour[], { size, fill, outline }: MarkLook): PreparedMark {
  const height = size > 0 ? Math.min(size, largest) : 0
  const scale = height / 2
  const paths = contours.map(({ points }) => flattened(points, scale))
  const bytes = new Uint8Array(paths.reduce((sum, path) => sum + headBytes + path.length * 8, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [i, path] of paths.entries()) {
    view.setInt32(at, path.length / 2, true)
    view.setInt32(at + 4, contours[i].isOpen ? 0 : 1, true)
    view.setInt32(at + 8, 1, true)
    at += headBytes
    for (const value of path) {
      view.setFloat64(at, value * unit, true)
      at += 8
    }
  }
  const far = Math.max(0, ...paths.map(path => path.reduce((most, x, i) => (i % 2 ? most : Math.max(most, Math.hypot(x, path[i + 1]))), 0)))
  const width = paths.reduce((most, path) => path.reduce((m, x, i) => (i % 2 ? m : Math.max(m, Math.abs(x) * 2)), most), height)
  return {
    kind: 'mark',
    width,
    height,
    radius: far + (outline ? Math.max(0, outline.width) : 0) + 1,
    contours: paths.length,
    bytes,
    fill,
    outline,
  }
}

function flattened(points: Contour['points'], scale: number): number[] {
  return points.flatMap(point => {
    if (point.length === 2) return [point[0] * scale, point[1] * scale]
    const [x, y, radius, from, to] = point
    const turn = ((to - from) * Math.PI) / 180
    const chord = 2 * Math.acos(Math.max(0.5, 1 - sagitta / Math.max(radius * scale, sagitta)))
    const chords = Math.max(2, Math.ceil(Math.abs(turn) / chord))
    // the last point of a whole circle is its first
    const count = Math.abs(to - from) === 360 ? chords : chords + 1
    return Array.from({ length: count }, (_, i) => {
      const angle = (from * Math.PI) / 180 + (turn * i) / chords
      return [(x + radius * Math.cos(angle)) * scale, (y + radius * Math.sin(angle)) * scale]
    }).flat()
  })
}
