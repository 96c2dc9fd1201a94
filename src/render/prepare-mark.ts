import { type Contour, markShape } from './mark-shapes.js'
import type { PreparedMark, StrokeForm } from './pens.js'

export interface MarkLook {
  /** Pixels: the height of the mark, of a glyph that of its em. */
  readonly size: number
  /** How many times wider than by itself; 1 when absent. */
  readonly widening?: number
  /** Premultiplied; absent: not filled. */
  readonly fill?: number
  readonly outline?: StrokeForm & { readonly rgba: number }
}

/** Larger marks are drawn at this size, pixels. */
const largest = 4096
const unit = 256
/** Head of a contour in the kernel: count, is closed, winding, free (i32 each). */
const headBytes = 16
/** Chords stay this close to arcs, pixels. */
const sagitta = 0.04

/** A mark by its well-known name, ready to be drawn; undefined when nobody knows the name. */
export function prepareMark(name: string, look: MarkLook): PreparedMark | undefined {
  const shape = markShape(name)
  return shape && prepareContours(shape, look)
}

/** A mark of any contours, in the box from -1 to 1 (y down) that becomes `size` pixels high. Lines that are open are only outlined. */
export function prepareContours(contours: readonly Contour[], { size, widening = 1, fill, outline }: MarkLook): PreparedMark {
  const height = size > 0 ? Math.min(size, largest) : 0
  const across = widening > 0 ? Math.min(widening, largest / Math.max(1, height)) : 1
  const paths = contours.map(({ points }) => widened(flattened(points, height / 2, Math.max(1, across)), across))
  const bytes = new Uint8Array(paths.reduce((sum, path) => sum + headBytes + path.length * 8, 0))
  let [at, far, width] = [0, 0, height * across]
  for (const [i, path] of paths.entries()) {
    new Int32Array(bytes.buffer, at, 3).set([path.length / 2, contours[i].isOpen ? 0 : 1, 1])
    const out = new Float64Array(bytes.buffer, at + headBytes, path.length)
    for (let k = 0; k < path.length; k += 2) {
      out[k] = path[k] * unit
      out[k + 1] = path[k + 1] * unit
      far = Math.max(far, path[k] ** 2 + path[k + 1] ** 2)
      width = Math.max(width, Math.abs(path[k]) * 2)
    }
    at += headBytes + path.length * 8
  }
  const radius = Math.sqrt(far) + (outline ? Math.max(0, outline.width) : 0) + 1
  return { kind: 'mark', width, height, radius, contours: paths.length, bytes, fill, outline }
}

const widened = (path: number[], across: number) => (across === 1 ? path : path.map((value, i) => (i % 2 ? value : value * across)))

/** Points of the map; `finer`: how many times wider it becomes. */
function flattened(points: Contour['points'], scale: number, finer: number): number[] {
  const path: number[] = []
  for (const point of points) {
    if (point.length === 2) {
      path.push(point[0] * scale, point[1] * scale)
      continue
    }
    const [x, y, radius, from, to] = point
    const [begin, turn] = [(from * Math.PI) / 180, ((to - from) * Math.PI) / 180]
    const chord = 2 * Math.acos(Math.max(0.5, 1 - sagitta / Math.max(radius * scale * finer, sagitta)))
    const chords = Math.max(2, Math.ceil(Math.abs(turn) / chord))
    // the last point of a whole circle is its first
    const count = Math.abs(to - from) === 360 ? chords : chords + 1
    for (let i = 0; i < count; i++) {
      const angle = begin + (turn * i) / chords
      path.push((x + radius * Math.cos(angle)) * scale, (y + radius * Math.sin(angle)) * scale)
    }
  }
  return path
}

/** One mark of many: `mark` moved to each place (pixels, on the map), for a pen that turns it by `rotation` degrees. */
export function repeatedMark(mark: PreparedMark, places: readonly (readonly [number, number])[], rotation = 0): PreparedMark {
  const size = mark.bytes.length
  const bytes = new Uint8Array(size * places.length)
  const turn = Number.isFinite(rotation) ? (-rotation * Math.PI) / 180 : 0
  let far = 0
  for (const [i, [x, y]] of places.entries()) {
    bytes.set(mark.bytes, i * size)
    far = Math.max(far, Math.hypot(x, y))
    // the pen turns the places, too: so they are turned back first
    const [dx, dy] = [(x * Math.cos(turn) - y * Math.sin(turn)) * unit, (x * Math.sin(turn) + y * Math.cos(turn)) * unit]
    for (let at = i * size; at < (i + 1) * size; ) {
      const [count] = new Int32Array(bytes.buffer, at, 1)
      const points = new Float64Array(bytes.buffer, at + headBytes, count * 2)
      for (let k = 0; k < points.length; k += 2) {
        points[k] += dx
        points[k + 1] += dy
      }
      at += headBytes + count * 16
    }
  }
  return { ...mark, bytes, contours: mark.contours * places.length, radius: mark.radius + far }
}
