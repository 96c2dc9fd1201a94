import { scaled, straight } from '../color.js'
import { bounded, type Dashes, dashesOf, finest, length, type Paint, type PreparedPattern, type StrokeForm } from '../pens.js'
import type { ScenePaint, ScenePattern, SceneStroke } from './scene.js'

/** Pixels of a tile of hatches at least, and along lines without dashes: the fewer tiles, the fewer seams. */
const leastTile = 64
const longestLine = 1024
/** As pens have it. */
const longest = 1e5

/** A premultiplied colour at a share of its opacity. */
export const colorPaint = (rgba: number, share = 1): ScenePaint => ({ kind: 'color', ...straight(scaled(rgba, share)) })

/** Paints of pens; a pattern that was seen before is the same again. `phase` is the absolute position of the map's upper left corner. */
export function scenePaints(phase: readonly [x: number, y: number]) {
  const patterns = new Map<PreparedPattern | Uint8Array, ScenePattern>()
  return (paint: Paint, share = 1): ScenePaint => {
    if (paint.kind === 'color') return colorPaint(paint.rgba, share)
    const { pattern } = paint
    const key = pattern.kind === 'texture' ? pattern.image.bytes : pattern
    const made = patterns.get(key) ?? patternOf(pattern, phase)
    patterns.set(key, made)
    return { kind: 'pattern', pattern: made, opacity: Math.min(1, Math.max(0, paint.opacity ?? 1)) * share }
  }
}

/** A stroke as it is drawn; `share` is of its opacity. */
export function sceneStroke(form: StrokeForm, paint: ScenePaint, { lengths }: Dashes): SceneStroke {
  const dashes = lengths.length > 0 && { dashes: lengths, dashOffset: bounded(form.dashOffset) }
  return { paint, width: length(form.width), cap: form.cap ?? 'butt', join: form.join ?? 'mitre', ...dashes }
}

function patternOf(pattern: PreparedPattern, [phaseX, phaseY]: readonly [number, number]): ScenePattern {
  if (pattern.kind === 'texture') {
    const { image } = pattern
    const { width, height } = image
    const item = { kind: 'picture', x: 0, y: 0, width, height, picture: image } as const
    return { width, height, turn: 0, x: -modulo(phaseX, width), y: -modulo(phaseY, height), items: [item] }
  }
  const { lengths, share } = dashesOf(pattern)
  const turn = (bounded(pattern.angle) * Math.PI) / 180
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  // as `usePen` has them
  const spacing = Number.isFinite(pattern.spacing) ? Math.max(finest, pattern.spacing) : longest
  const rows = Math.max(1, Math.round(leastTile / spacing))
  const height = spacing * rows
  const width = lengths.length > 0 ? lengths.reduce((sum, dash) => sum + dash, 0) : longestLine
  // from absolute pixels to those of the map, along the lines and across; a line lies in the middle of the tile
  const along = -bounded(pattern.dashOffset) - (cos * phaseX + sin * phaseY)
  const across = bounded(pattern.offset) - spacing / 2 - (cos * phaseY - sin * phaseX)
  const [u, v] = [modulo(along, width), modulo(across, height)]
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, dash) => sum + dash, 0))
  const strokes = lengths.length > 0 ? starts.flatMap((at, i) => (i % 2 ? [] : [[at, at + lengths[i]]])) : [[0, width]]
  const parts = Array.from({ length: rows }, (_, row) => hundredths((row + 0.5) * spacing)).flatMap(y =>
    strokes.map(([from, to]) => ({ points: Int32Array.of(hundredths(from), y, hundredths(to), y), isClosed: false })),
  )
  const paint = colorPaint(pattern.rgba, share)
  const stroke = { paint, width: Math.min(length(pattern.width), spacing), cap: 'butt', join: 'mitre' } as const
  return { width, height, turn, x: cos * u - sin * v, y: sin * u + cos * v, items: [{ kind: 'path', parts, stroke }] }
}

const hundredths = (value: number) => Math.round(value * 100)
const modulo = (value: number, by: number) => value - by * Math.floor(value / by)
