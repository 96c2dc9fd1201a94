import type { LineAnchor } from '../label-request.js'
import type { PlacedLabel } from '../placed-label.js'
import { boxAround, type Candidate, emptyLabel, heightOf, layLevel, onWholePixel, reachOf } from './lay-text.js'
import { type MeasuredLine, placeAt, reversed } from './measured-line.js'

/** A straight text may leave its line this far, in sizes of its letters. */
const mostLeave = 0.75
/** Letters of upright text lean over at most so little beyond the vertical (cosine of their turn). */
const leastCosine = -0.02

/** A letter on a bend gets at least this share of its width, as the crow flies: else it would lie on its neighbours. */
const leastChord = 0.85

/** Letters stand on parallels of the line: inside of a bend those are shorter, and the feet or heads of neighbours would meet. */
const leastOnParallel = 0.6
/** Who lets letters turn by a right angle wants them on the line at any price. */
const anyTurn = Math.PI / 2

/**
 * The text with its middle `way` pixels along a line, or undefined where it does not fit: too short, upside down, or turning by more than
 * `mostTurn` radians from a letter to the next.
 */
export function layAlongLine(
  candidate: Candidate,
  line: MeasuredLine,
  at: LineAnchor,
  way: number,
  mostTurn: number,
): PlacedLabel | undefined {
  if (at.isLevel) return layLevelOnLine(candidate, line, at, way)
  const { width } = candidate.shaped
  const from = way - width / 2
  if (!(from >= 0 && from + width <= line.length) || candidate.shaped.lines.length === 0) return undefined
  const [startX, startY] = placeAt(line, from)
  const [endX, endY] = placeAt(line, from + width)
  const [dx, dy] = [endX - startX, endY - startY]
  // lines straight up and down are read upwards
  const isBackwards = !at.followsDirection && (Math.abs(dx) < 1e-6 ? dy > 0 : dx < 0)
  const way0 = isBackwards ? line.length - from - width : from
  const along = isBackwards ? reversed(line) : line
  return at.isStraight ? layStraight(candidate, along, at, way0) : layBent(candidate, along, at, way0, mostTurn)
}

function layLevelOnLine(candidate: Candidate, line: MeasuredLine, { offset }: LineAnchor, way: number): PlacedLabel | undefined {
  if (!(way >= 0 && way <= line.length)) return undefined
  const { shaped } = candidate
  const [x, y] = placeAt(line, way)
  return layLevel(candidate, x - shaped.width / 2, onWholePixel(y - offset - heightOf(shaped) / 2, shaped), 0.5)
}

function layBent(candidate: Candidate, line: MeasuredLine, at: LineAnchor, from: number, mostTurn: number): PlacedLabel | undefined {
  const { shaped } = candidate
  const [text] = shaped.lines
  const writer = openWriter(candidate, at)
  let before: number | undefined
  for (let first = 0; first < text.glyphs.length; ) {
    let end = first + 1
    while (end < text.glyphs.length && text.clusters[end] === first) end++
    const [start, wide] = [text.starts[first], text.advances[first]]
    const way = Math.min(from + start, line.length)
    const [ax, ay] = placeAt(line, way)
    const [bx, by] = placeAt(line, Math.min(way + Math.max(wide, 1), line.length))
    if (Math.hypot(bx - ax, by - ay) < wide * leastChord) return undefined
    const turn = ax === bx && ay === by ? (before ?? 0) : Math.atan2(by - ay, bx - ax)
    if (before !== undefined && Math.abs(angleBetween(before, turn)) > mostTurn) return undefined
    if (before !== undefined && mostTurn < anyTurn && isSqueezed(angleBetween(before, turn), wide, shaped, at.offset)) return undefined
    if (!at.followsDirection && Math.cos(turn) < leastCosine) return undefined
    // the middle of the letter lies over the middle of its chord
    const [midX, midY] = wide > 0 ? [(ax + bx) / 2, (ay + by) / 2] : [ax, ay]
    writer.letter(first, end, midX - (wide / 2) * Math.cos(turn), midY - (wide / 2) * Math.sin(turn), turn)
    before = turn
    first = end
  }
  const [x, y] = placeAt(line, from + shaped.width / 2)
  return writer.finish(x, y)
}

/** Whether a turn between two letters leaves too little of their width at the foot of the text or at the height of its small letters. */
function isSqueezed(turn: number, wide: number, { middle }: Candidate['shaped'], offset: number): boolean {
  const [foot, head] = [middle - offset, -middle - offset]
  // a parallel `down` pixels below a line that turns clockwise is shorter by that times the turn
  return [foot, head].some(down => wide - turn * down < leastOnParallel * wide)
}

function layStraight(candidate: Candidate, line: MeasuredLine, at: LineAnchor, from: number): PlacedLabel | undefined {
  const { shaped, text } = candidate
  const [ax, ay] = placeAt(line, from)
  const [bx, by] = placeAt(line, from + shaped.width)
  const chord = Math.hypot(bx - ax, by - ay)
  if (!(chord > 0)) return undefined
  const [cosine, sine] = [(bx - ax) / chord, (by - ay) / chord]
  for (let i = 1; i < 16; i++) {
    const [x, y] = placeAt(line, from + (shaped.width * i) / 16)
    if (Math.abs((y - ay) * cosine - (x - ax) * sine) > mostLeave * text.size) return undefined
  }
  const [midX, midY] = [(ax + bx) / 2, (ay + by) / 2]
  const turn = Math.atan2(sine, cosine)
  const writer = openWriter(candidate, at)
  const [letters] = shaped.lines
  for (let first = 0; first < letters.glyphs.length; ) {
    let end = first + 1
    while (end < letters.glyphs.length && letters.clusters[end] === first) end++
    const way = letters.starts[first] - shaped.width / 2
    writer.letter(first, end, midX + way * cosine, midY + way * sine, turn)
    first = end
  }
  return writer.finish(midX, midY)
}

/** Puts letters on the line one by one: x,y is where the letter begins, on the line. */
function openWriter(candidate: Candidate, { offset }: LineAnchor) {
  const { shaped } = candidate
  const [text] = shaped.lines
  const { above, below, beside } = reachOf(candidate)
  const label = emptyLabel(candidate)
  const boxes: number[] = []
  // from the line down to the baseline
  const drop = shaped.middle - offset
  return {
    letter(first: number, end: number, x: number, y: number, turn: number) {
      const [cosine, sine] = [Math.cos(turn), Math.sin(turn)]
      const place = (along: number, down: number) => [x + along * cosine - down * sine, y + along * sine + down * cosine] as const
      for (let k = first; k < end; k++) {
        const [atX, atY] = place(text.x[k] - text.starts[first], drop + text.y[k])
        label.origins[k * 2] = Math.round(atX * 256)
        label.origins[k * 2 + 1] = Math.round(atY * 256)
        label.turns[k] = turn
      }
      const [left, right] = [-beside, text.advances[first] + beside]
      const [top, bottom] = [drop - shaped.ascent - above, drop + shaped.descent + below]
      boxes.push(...boxAround([place(left, top), place(right, top), place(right, bottom), place(left, bottom)]))
    },
    finish(x: number, y: number): PlacedLabel {
      const turned = { ...label, x, y, boxes }
      return turned.turns.some(turn => turn !== 0) ? turned : settled(turned, y + drop)
    },
  }
}

/** Text on a level line is level text, and its baseline lies on a whole pixel. */
function settled(label: PlacedLabel, baseline: number): PlacedLabel {
  const shift = Math.round(baseline) - baseline
  return {
    ...label,
    turns: undefined,
    y: label.y + shift,
    origins: label.origins.map((value, i) => (i % 2 === 0 ? value : Math.round(value + shift * 256))),
    boxes: label.boxes.map((value, i) => (i % 2 === 0 ? value : value + shift)),
  }
}

const angleBetween = (a: number, b: number) => {
  const turn = (b - a) % (2 * Math.PI)
  return turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn
}
