import type { LineAnchor } from '../label-request.js'
import type { Frame, Rectangle } from './frame.js'
import { type MeasuredLine, partsWithin } from './measured-line.js'

/** A stretch of a line where one label is to be: its middle, and how far it may slide from there, as ways along the line. */
export interface Slot {
  readonly way: number
  readonly slide: number
}

/** More labels than anybody reads along one line. */
const mostSlots = 1000
/** Pixels. */
const leastRepeat = 10

/**
 * Where the labels of a line belong. Repeated ones are counted from its beginning, so they stay when the map moves. A single one belongs in
 * the middle of the longest part that shows, on a map of its own; in a cell of a grid, in the middle of the line, so that all cells agree,
 * and on lines longer than a cell once every length of a cell.
 */
export function slotsAlongLine(line: MeasuredLine, at: LineAnchor, { room, owned }: Frame): Slot[] {
  const repeat = repeatOf(line, at, owned)
  if (repeat !== undefined) return repeatedSlots(line, at.initialGap, repeat, owned ?? room)
  if (owned) return [{ way: line.length / 2, slide: line.length / 2 }]
  return slotsWithin(line, room)
}

/** The middles of the parts of a line within a rectangle, the longest first. */
export function slotsWithin(line: MeasuredLine, rectangle: Rectangle): Slot[] {
  return partsWithin(line, rectangle)
    .map(({ from, to }) => ({ way: (from + to) / 2, slide: (to - from) / 2 }))
    .sort((a, b) => b.slide - a.slide || a.way - b.way)
    .slice(0, mostSlots)
}

function repeatOf(line: MeasuredLine, { repeat }: LineAnchor, owned: Frame['owned']): number | undefined {
  if (repeat !== undefined && repeat > 0) return Math.max(leastRepeat, repeat)
  const cell = owned ? owned[2] - owned[0] : Infinity
  return line.length > cell ? cell : undefined
}

/** Only those near the frame: a line may be as long as a country. */
function repeatedSlots(line: MeasuredLine, initialGap: number, repeat: number, [minX, minY, maxX, maxY]: Rectangle): Slot[] {
  const { length } = line
  const count = Math.max(1, Math.floor((length - Math.max(0, initialGap)) / repeat))
  const first = initialGap > 0 ? initialGap : (length - (count - 1) * repeat) / 2
  const slots: Slot[] = []
  for (const { from, to } of partsWithin(line, [minX - 1, minY - 1, maxX + 1, maxY + 1])) {
    const last = Math.min(count - 1, Math.floor((to - first) / repeat))
    for (let i = Math.max(0, Math.ceil((from - first) / repeat)); i <= last && slots.length < mostSlots; i++) {
      slots.push({ way: first + i * repeat, slide: repeat / 3 })
    }
  }
  return slots
}
