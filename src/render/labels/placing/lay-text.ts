import type { LabelRequest, LabelText } from '../label-request.js'
import type { PlacedLabel, PlacedShield } from '../placed-label.js'
import type { ShapedText } from '../shaping/shaped-text.js'

/** A text that is being placed. */
export interface Candidate {
  readonly request: LabelRequest
  /** The request's, or an abbreviation of it. */
  readonly text: LabelText
  readonly shaped: ShapedText
  /** What `reachOf` says of it, where that is known. */
  readonly reach?: Reach
}

/** Height of all lines. */
export const heightOf = ({ ascent, descent, lineStep, lines }: ShapedText): number => ascent + lineStep * (lines.length - 1) + descent

export interface Reach {
  readonly above: number
  readonly below: number
  readonly beside: number
}

/** How far the boxes of a label reach beyond its text: ink that overhangs, halo, and what is kept free. */
export function reachOf({ request, text, shaped }: Candidate): Reach {
  const halo = text.halo?.radius ?? 0
  const around = Math.max(0, request.spaceAround)
  const { above, below, beside } = shaped.overhang
  const shield = shieldOf({ request, text, shaped })
  const [wider, higher] = shield ? [(shield.width - shaped.width) / 2, (shield.height - heightOf(shaped)) / 2] : [0, 0]
  return {
    above: Math.max(above + halo, higher) + around,
    below: Math.max(below + halo, higher) + around,
    beside: Math.max(beside + halo, wider) + around,
  }
}

/** Size of the picture behind the text. */
function shieldOf({ request: { shield }, shaped }: Candidate): Omit<PlacedShield, 'turn'> | undefined {
  if (!shield) return undefined
  const { graphic } = shield
  if (shield.kind === 'fixed') return { graphic, width: shield.width, height: shield.height }
  return { graphic, width: shaped.width + 2 * shield.margin, height: heightOf(shaped) + 2 * shield.margin }
}

/** Where level text begins so that its baseline lies on a whole pixel: the feet of its letters are sharp. */
export const onWholePixel = (top: number, { ascent }: ShapedText): number => Math.round(top + ascent) - ascent

/** Level text whose upper left corner is x,y; `align` is 0 for lines that begin together, 1 for those that end together, 0.5 for middled ones. */
export function layLevel(candidate: Candidate, x: number, y: number, align: number, reach = reachOf(candidate)): PlacedLabel {
  const { shaped } = candidate
  const { above, below, beside } = reach
  const height = heightOf(shaped)
  const origins = new Array<number>(shaped.glyphs.length * 2)
  let to = 0
  for (let i = 0; i < shaped.lines.length; i++) {
    const line = shaped.lines[i]
    const left = x + align * (shaped.width - line.width)
    const baseline = y + shaped.ascent + i * shaped.lineStep
    for (let k = 0; k < line.glyphs.length; k++) {
      origins[to++] = Math.round((left + line.x[k]) * 256)
      origins[to++] = Math.round((baseline + line.y[k]) * 256)
    }
  }
  const shield = shieldOf(candidate)
  return labelOf(candidate, x + shaped.width / 2, y + height / 2, {
    faces: shaped.faces,
    glyphs: shaped.glyphs,
    origins,
    shield: shield && { ...shield, turn: 0 },
    boxes: [x - beside, y - above, x + shaped.width + beside, y + height + below],
  })
}

/** The same text turned clockwise by `turn` radians about the point px,py; x,y is its upper left corner before that. */
export function layTurned(candidate: Candidate, x: number, y: number, align: number, turn: number, px: number, py: number): PlacedLabel {
  const level = layLevel(candidate, x, y, align)
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)]
  const turned = (atX: number, atY: number) =>
    [px + (atX - px) * cosine - (atY - py) * sine, py + (atX - px) * sine + (atY - py) * cosine] as const
  const [midX, midY] = turned(level.x, level.y)
  const origins: number[] = []
  for (let i = 0; i < level.origins.length; i += 2) {
    const [atX, atY] = turned(level.origins[i] / 256, level.origins[i + 1] / 256)
    origins.push(Math.round(atX * 256), Math.round(atY * 256))
  }
  const [minX, minY, maxX, maxY] = level.boxes
  const boxes: number[] = []
  // in pieces about as wide as high, so that the boxes follow the slope
  const pieces = Math.min(64, Math.max(1, Math.ceil((maxX - minX) / (maxY - minY))))
  for (let i = 0; i < pieces; i++) {
    const [from, to] = [minX + ((maxX - minX) * i) / pieces, minX + ((maxX - minX) * (i + 1)) / pieces]
    boxes.push(...boxAround([turned(from, minY), turned(to, minY), turned(to, maxY), turned(from, maxY)]))
  }
  const shield = level.shield && { ...level.shield, turn }
  return {
    ...level,
    shield,
    x: midX,
    y: midY,
    origins,
    turns: new Float32Array(level.glyphs.length).fill(turn),
    boxes,
  }
}

/** The least box that holds all corners: minX, minY, maxX, maxY. */
export function boxAround(corners: readonly (readonly [number, number])[]): [number, number, number, number] {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** A label whose glyphs still have no place and no turn. */
export function emptyLabel(candidate: Candidate): PlacedLabel & { readonly origins: number[]; readonly turns: Float32Array } {
  const { faces, glyphs } = candidate.shaped
  const origins = new Array<number>(glyphs.length * 2).fill(0)
  return { ...labelOf(candidate, 0, 0, { faces, glyphs, origins, boxes: [] }), origins, turns: new Float32Array(glyphs.length) }
}

function labelOf(
  { request, text, shaped }: Candidate,
  x: number,
  y: number,
  { faces, glyphs, origins, shield, boxes }: Pick<PlacedLabel, 'faces' | 'glyphs' | 'origins' | 'shield' | 'boxes'>,
): PlacedLabel {
  const { key, layer, priority, group, mayOverlap, minRepeat } = request
  const name = request.text.text
  const { lines } = shaped
  return {
    key,
    layer,
    priority,
    group,
    name,
    text,
    lines,
    x,
    y,
    mayOverlap,
    minRepeat,
    faces,
    glyphs,
    origins,
    turns: undefined,
    shield,
    boxes,
  }
}
