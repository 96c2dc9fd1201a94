import type { LineAnchor } from '../label-request.js'
import type { PlacedLabel } from '../placed-label.js'
import { type Frame, holds, isIn } from './frame.js'
import { layAlongLine } from './lay-along-line.js'
import type { Candidate } from './lay-text.js'
import { type MeasuredLine, measureLine, placeAt } from './measured-line.js'
import type { Occupancy } from './occupancy.js'
import { type Slot, slotsAlongLine, slotsWithin } from './slots-along-line.js'
import { smoothLine } from './smooth-line.js'

/** Places tried in one slot: its middle, then to both sides of it. */
const mostTries = 21

/** The text along the line wherever it belongs and finds room: in each slot the first candidate that fits (the whole text, then its abbreviation). */
export function placeLine(candidates: readonly Candidate[], at: LineAnchor, frame: Frame, occupancy: Occupancy): PlacedLabel[] {
  const measured = measureLine(at.points)
  if (!measured) return []
  const line = smoothLine(measured, candidates[0].text.size)
  const { owned } = frame
  const { group } = candidates[0].request
  // what lines of a group join to depends on what is fetched for a cell, so there each cell looks at its own part
  const slots = owned && group !== undefined && !at.repeat ? slotsWithin(line, owned) : slotsAlongLine(line, at, frame)
  const isSingle = at.repeat === undefined && owned === undefined
  const labels = placeInSlots(candidates, line, at, slots, isSingle, frame, occupancy)
  // on a map of its own a line need not go without a label because its places lie elsewhere
  if (labels.length > 0 || isSingle || owned) return labels
  return placeInSlots(candidates, line, at, slotsWithin(line, frame.room), true, frame, occupancy)
}

function placeInSlots(
  candidates: readonly Candidate[],
  line: MeasuredLine,
  at: LineAnchor,
  slots: readonly Slot[],
  isSingle: boolean,
  frame: Frame,
  occupancy: Occupancy,
): PlacedLabel[] {
  const { owned } = frame
  const labels: PlacedLabel[] = []
  for (const slot of slots) {
    if (!(slot.way >= 0 && slot.way <= line.length)) continue
    if (owned && !isIn(owned, ...placeAt(line, slot.way))) continue
    const label = placeInSlot(candidates, line, at, slot, frame, occupancy)
    if (!label) continue
    occupancy.add(label)
    labels.push(label)
    if (isSingle) break
  }
  return labels
}

function placeInSlot(
  candidates: readonly Candidate[],
  line: MeasuredLine,
  at: LineAnchor,
  slot: Slot,
  { room, owned }: Frame,
  occupancy: Occupancy,
): PlacedLabel | undefined {
  // a straight stretch before a bent one
  const mostTurn = (at.maxAngle * Math.PI) / 180
  for (const candidate of candidates) {
    const { request, shaped } = candidate
    if (shaped.width > line.length && !at.isLevel) continue
    const distance = request.minRepeat ?? (owned && request.group !== undefined ? (owned[2] - owned[0]) / 4 : 0)
    // far enough to get out of the way of another label, without trying the same again and again
    const step = Math.max(shaped.width / 4, slot.slide / (mostTries / 2), 1)
    for (const turn of at.isStraight || at.isLevel ? [mostTurn] : [mostTurn / 3, mostTurn]) {
      for (let i = 0; i < mostTries; i++) {
        const slide = Math.ceil(i / 2) * step * (i % 2 === 0 ? 1 : -1)
        if (Math.abs(slide) > slot.slide) break
        const label = layAlongLine(candidate, line, at, slot.way + slide, turn)
        if (!label || !holds(room, label.boxes) || (!request.mayOverlap && !occupancy.areFree(label.boxes))) continue
        if (!occupancy.isRepeated(request.text.text, label.x, label.y, distance)) return label
      }
    }
  }
  return undefined
}
