import { abbreviated } from './abbreviate.js'
import type { LabelAnchor, LabelHalo, LabelRequest, LabelText, LineAnchor, PointAnchor, PolygonAnchor } from './label-request.js'
import type { PlacedLabel } from './placed-label.js'
import { type Frame, isIn, meets } from './placing/frame.js'
import { type Candidate, type Reach, reachOf } from './placing/lay-text.js'
import { mergeLines } from './placing/merge-lines.js'
import { createOccupancy, type Occupancy } from './placing/occupancy.js'
import { inPlacingOrder } from './placing/order-requests.js'
import { placeLine } from './placing/place-line.js'
import { isPointTaken, placePoint } from './placing/place-point.js'
import { placePolygon } from './placing/place-polygon.js'
import type { ShapedText } from './shaping/shaped-text.js'
import type { TextShaper } from './shaping/text-shaper.js'

/**
 * Finds a place in the frame for as many labels as can be, those of higher priority first, around the labels that are `taken` already. The
 * outcome does not depend on the order of the requests. Requests that cannot be labels (no text, no size, no place) are left out.
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  frame: Frame,
  taken: readonly PlacedLabel[],
  shaper: TextShaper,
): PlacedLabel[] {
  const occupancy = createOccupancy(frame.room, taken)
  const texts = readyTexts(shaper)
  const placed: PlacedLabel[] = []
  const near = inPlacingOrder(requests.filter(request => isNear(frame, request.at)))
  for (const request of mergeLines(near)) {
    if (request.at.kind === 'line') for (const label of placeAlong(request, request.at, frame, occupancy, texts)) placed.push(label)
    else {
      const label = place(request, request.at, frame, occupancy, texts, shaper)
      if (!label) continue
      occupancy.add(label)
      placed.push(label)
    }
  }
  return placed
}

function placeAlong(request: LabelRequest, at: LineAnchor, frame: Frame, occupancy: Occupancy, texts: ReadyTexts): readonly PlacedLabel[] {
  const whole = candidateOf(request, texts(request.text, true))
  if (!whole) return []
  const shorter = abbreviated(request.text)
  const short = shorter && candidateOf(request, texts(shorter, true))
  return placeLine(short ? [whole, short] : [whole], at, frame, occupancy)
}

/** At a point or in a polygon. */
function place(
  request: LabelRequest,
  at: PointAnchor | PolygonAnchor,
  frame: Frame,
  occupancy: Occupancy,
  texts: ReadyTexts,
  shaper: TextShaper,
): PlacedLabel | undefined {
  if (occupancy.hasGroup(request)) return undefined
  if (at.kind === 'point' && isPointTaken(request, at, shaper.leastHeight(request.text), occupancy)) return undefined
  const whole = candidateOf(request, texts(request.text, false))
  if (!whole) return undefined
  const shorter = abbreviated(request.text)
  const short = shorter && candidateOf(request, texts(shorter, false))
  if (at.kind === 'polygon') return placePolygon(short ? [whole, short] : [whole], at, frame, occupancy, shaper)
  return placePoint(whole, at, frame, occupancy) ?? (short && placePoint(short, at, frame, occupancy))
}

/** What lies off the map has no label on it; a point of another cell belongs to that. */
function isNear({ room, owned }: Frame, at: LabelAnchor): boolean {
  switch (at.kind) {
    case 'point':
      return owned ? isIn(owned, at.x, at.y) : at.x >= room[0] && at.y >= room[1] && at.x <= room[2] && at.y <= room[3]
    case 'line':
      return meets(room, [at.points])
    case 'polygon':
      return meets(room, at.rings)
  }
}

/** A text of which all is known that does not depend on its place; shaped when that is first asked for. */
interface ReadyText {
  readonly text: LabelText
  readonly shaped: () => ShapedText | undefined
  /** `reachOf` a request of this text, once it is shaped: most of one text ask for the same room around it. */
  readonly reach: (request: LabelRequest, shaped: ShapedText) => Reach
}

type ReadyTexts = (text: LabelText, isSingleLine: boolean) => ReadyText

/** By the object: features of one text often share it. */
function readyTexts(shaper: TextShaper): ReadyTexts {
  const [lines, others] = [new Map<LabelText, ReadyText>(), new Map<LabelText, ReadyText>()]
  return (text, isSingleLine) => {
    const known = isSingleLine ? lines : others
    let ready = known.get(text)
    if (!ready) {
      let shaped: ShapedText | undefined | false = false
      let last: { readonly around: number; readonly reach: Reach } | undefined
      const drawn = isHalo(text.halo) ? text : { ...text, halo: undefined }
      ready = {
        text: drawn,
        reach(request, shaped) {
          if (request.shield) return reachOf({ request, text: drawn, shaped })
          if (last?.around !== request.spaceAround) last = { around: request.spaceAround, reach: reachOf({ request, text: drawn, shaped }) }
          return last.reach
        },
        shaped() {
          if (shaped === false) shaped = shaper.shape(text, isSingleLine)
          return shaped
        },
      }
      known.set(text, ready)
    }
    return ready
  }
}

function candidateOf(request: LabelRequest, { text, shaped, reach }: ReadyText): Candidate | undefined {
  const found = shaped()
  return found && { request, text, shaped: found, reach: reach(request, found) }
}

/** In pixels. */
const widestHalo = 200

const isHalo = (halo: LabelHalo | undefined) => halo === undefined || (halo.radius > 0 && halo.radius <= widestHalo)
