import { scaled } from '../color.js'
import { dashesOf, type PreparedGraphic, type PreparedMark } from '../pens.js'
import type { PathPart, SceneItem, SceneSymbol } from './scene.js'
import { colorPaint, sceneStroke } from './scene-paint.js'

/** Head of a contour of a prepared mark, bytes. */
const headBytes = 16
/** Units of the kernel in a hundredth of a pixel. */
const unit = 2.56

export interface DrawnSymbol {
  readonly symbol: SceneSymbol
  /** Of each use: pictures are faint as a whole, marks by their colours. */
  readonly opacity: number
  /** Points of all its paths. */
  readonly points: number
}

/** Symbols of graphics; one that looks the same as one before is the same. */
export function sceneSymbols() {
  const known = new Map<unknown, DrawnSymbol>()
  return (graphic: PreparedGraphic, opacity = 1): DrawnSymbol => {
    const share = Math.min(1, Math.max(0, opacity))
    const key = graphic.kind === 'image' ? graphic.bytes : markKey(graphic, share)
    const made = known.get(key) ?? (graphic.kind === 'image' ? pictureSymbol(graphic) : markSymbol(graphic, share))
    known.set(key, made)
    return graphic.kind === 'image' ? { ...made, opacity: Math.round(share * 255) / 255 } : made
  }
}

const markKey = ({ bytes, fill, outline }: PreparedMark, share: number) =>
  `${JSON.stringify([share, fill, outline])}${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`

function pictureSymbol(picture: Extract<PreparedGraphic, { kind: 'image' }>): DrawnSymbol {
  const { width, height } = picture
  const symbol = {
    items: [{ kind: 'picture', x: -width / 2, y: -height / 2, width, height, picture } as const],
    reach: Math.hypot(width, height) / 2,
  }
  return { symbol, opacity: 1, points: 2 }
}

function markSymbol({ bytes, contours, fill = 0, outline, radius }: PreparedMark, share: number): DrawnSymbol {
  const parts: PathPart[] = []
  for (let i = 0, at = bytes.byteOffset; i < contours; i++) {
    const [count, isClosed] = new Int32Array(bytes.buffer, at, 2)
    const points = Int32Array.from(new Float64Array(bytes.buffer, at + headBytes, count * 2), value => Math.round(value / unit))
    parts.push({ points, isClosed: isClosed !== 0 })
    at += headBytes + count * 16
  }
  const items: SceneItem[] = []
  const areas = parts.filter(({ isClosed }) => isClosed)
  if (scaled(fill, share) !== 0 && areas.length > 0) items.push({ kind: 'path', parts: areas, fill: colorPaint(fill, share) })
  if (outline && outline.width > 0) {
    const dashes = dashesOf(outline)
    const line = scaled(outline.rgba, share * dashes.share)
    if (line !== 0) items.push({ kind: 'path', parts, stroke: sceneStroke(outline, colorPaint(line), dashes) })
  }
  return { symbol: { items, reach: radius }, opacity: 1, points: 4 }
}
