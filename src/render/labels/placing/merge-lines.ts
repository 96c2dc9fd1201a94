import type { LabelRequest, LineAnchor } from '../label-request.js'

type LineRequest = LabelRequest & { readonly at: LineAnchor }

/** Ends less than a quarter of a pixel apart meet. */
const perPixel = 4
/** Lines that turn back more sharply than this where they meet are not one (cosine of the turn). */
const leastCosine = -0.2

/** Requests with the lines of one group and text joined where they meet, straight on first. Takes and gives the requests in placing order. */
export function mergeLines(requests: readonly LabelRequest[]): readonly LabelRequest[] {
  const groups = new Map<string, LineRequest[]>()
  for (const request of requests) {
    if (!isGroupedLine(request)) continue
    const key = `${request.layer}\n${request.group}\n${request.text.text}`
    const group = groups.get(key)
    if (group) group.push(request)
    else groups.set(key, [request])
  }
  if (groups.size === 0) return requests
  const merged = new Map<LabelRequest, LabelRequest>()
  for (const group of groups.values()) for (const [first, line] of joined(group)) merged.set(first, line)
  return requests.flatMap(request => (isGroupedLine(request) ? (merged.get(request) ?? []) : request))
}

const isGroupedLine = (request: LabelRequest): request is LineRequest =>
  request.group !== undefined && request.at.kind === 'line' && request.at.points.length >= 4

/** An end of a line: where, and the direction in which the line leaves from there. */
interface End {
  readonly line: number
  readonly isStart: boolean
  readonly dx: number
  readonly dy: number
}

/** Each chain of lines as one request, by the first of its members in placing order. */
function joined(group: readonly LineRequest[]): [LabelRequest, LabelRequest][] {
  const partner = pairEnds(group)
  const isDone = new Uint8Array(group.length)
  const chains: [LabelRequest, LabelRequest][] = []
  for (const [i, request] of group.entries()) {
    if (isDone[i]) continue
    // back to where the chain begins, or once around
    let [line, isForward] = [i, true]
    for (let next = partner[line * 2 + (isForward ? 0 : 1)]; next >= 0 && next >> 1 !== i; next = partner[line * 2 + (isForward ? 0 : 1)]) {
      line = next >> 1
      isForward = (next & 1) === 1
    }
    const parts: Float64Array[] = []
    while (!isDone[line]) {
      isDone[line] = 1
      const { points } = group[line].at
      parts.push(isForward ? points : backwards(points))
      const next = partner[line * 2 + (isForward ? 1 : 0)]
      if (next < 0) break
      line = next >> 1
      isForward = (next & 1) === 0
    }
    chains.push([request, parts.length === 1 ? request : { ...request, at: { ...request.at, points: concatenated(parts) } }])
  }
  return chains
}

/** For each end (line * 2, and 1 more for its last point) the end it is joined to, or -1. */
function pairEnds(group: readonly LineRequest[]): Int32Array {
  const places = new Map<string, End[]>()
  for (const [line, { at }] of group.entries()) {
    const { points } = at
    const last = points.length - 2
    add(points[0], points[1], { line, isStart: true, dx: points[2] - points[0], dy: points[3] - points[1] })
    add(points[last], points[last + 1], {
      line,
      isStart: false,
      dx: points[last - 2] - points[last],
      dy: points[last - 1] - points[last + 1],
    })
  }
  function add(x: number, y: number, end: End) {
    const key = `${Math.round(x * perPixel)} ${Math.round(y * perPixel)}`
    const ends = places.get(key)
    if (ends) ends.push(end)
    else places.set(key, [end])
  }
  const partner = new Int32Array(group.length * 2).fill(-1)
  const number = ({ line, isStart }: End) => line * 2 + (isStart ? 0 : 1)
  for (const ends of places.values()) {
    // the straightest pair first; who meets more than a street has is no street
    const pairs: { a: number; b: number; straight: number }[] = []
    for (const [i, a] of ends.slice(0, 16).entries()) {
      for (const b of ends.slice(i + 1, 16)) {
        const straight = -(a.dx * b.dx + a.dy * b.dy) / (Math.hypot(a.dx, a.dy) * Math.hypot(b.dx, b.dy))
        if (a.line !== b.line && straight >= leastCosine) pairs.push({ a: number(a), b: number(b), straight })
      }
    }
    pairs.sort((p, q) => q.straight - p.straight || p.a - q.a || p.b - q.b)
    for (const { a, b } of pairs) {
      if (partner[a] >= 0 || partner[b] >= 0) continue
      partner[a] = b
      partner[b] = a
    }
  }
  return partner
}

function backwards(points: Float64Array): Float64Array {
  const back = new Float64Array(points.length)
  for (let i = 0; i < points.length; i += 2) {
    back[points.length - 2 - i] = points[i]
    back[points.length - 1 - i] = points[i + 1]
  }
  return back
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
