import { createCollisionGrid } from '../collision-grid.js'
import type { LabelRequest } from '../label-request.js'
import type { PlacedLabel } from '../placed-label.js'
import type { Rectangle } from './frame.js'

/** What is on the map already: the room that is taken, and which texts stand where. */
export interface Occupancy {
  add(label: PlacedLabel): void
  /** Whether a box is free. */
  isFree(minX: number, minY: number, maxX: number, maxY: number): boolean
  areFree(boxes: readonly number[]): boolean
  /** Whether the same text stands within `distance` of x,y, or nearer than that one wants. */
  isRepeated(name: string, x: number, y: number, distance: number): boolean
  hasGroup(request: LabelRequest): boolean
}

/** The occupancy of a frame in which `taken` are placed. */
export function createOccupancy([minX, minY, maxX, maxY]: Rectangle, taken: readonly PlacedLabel[]): Occupancy {
  const grid = createCollisionGrid(minX, minY, maxX, maxY)
  const repeats = createRepeats()
  const groups = new Set<string>()
  const groupKey = (layer: number, group: string, text: string) => `${layer}\n${group}\n${text}`

  const occupancy: Occupancy = {
    add(label) {
      const { boxes, mayOverlap, name, group, layer } = label
      if (!mayOverlap) grid.add(boxes)
      repeats.add(label)
      if (group !== undefined) groups.add(groupKey(layer, group, name))
    },
    isFree: (x0, y0, x1, y1) => !grid.isTaken(Math.floor(x0) | 0, Math.floor(y0) | 0, Math.ceil(x1) | 0, Math.ceil(y1) | 0),
    areFree(boxes) {
      for (let i = 0; i < boxes.length; i += 4) if (!occupancy.isFree(boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3])) return false
      return true
    },
    isRepeated: repeats.isRepeated,
    hasGroup: ({ group, layer, text }) => group !== undefined && groups.has(groupKey(layer, group, text.text)),
  }
  for (const label of taken) occupancy.add(label)
  return occupancy
}

/** Which texts stand where: looked up by text once somebody wants a distance between equal ones. */
function createRepeats() {
  const waiting: PlacedLabel[] = []
  const places = new Map<string, PlacedLabel[]>()
  let isWanted = false
  return {
    add(label: PlacedLabel) {
      waiting.push(label)
      isWanted ||= (label.minRepeat ?? 0) > 0
    },
    isRepeated(name: string, x: number, y: number, distance: number): boolean {
      if (!isWanted && !(distance > 0)) return false
      for (const label of waiting) {
        const known = places.get(label.name)
        if (known) known.push(label)
        else places.set(label.name, [label])
      }
      waiting.length = 0
      return places.get(name)?.some(place => Math.hypot(place.x - x, place.y - y) < Math.max(distance, place.minRepeat ?? 0)) ?? false
    },
  }
}
