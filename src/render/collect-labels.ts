import { EwkbError, readPlainPoint } from '#geo/ewkb.js'
import type { RowBatch } from '#rows/batch.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import type { StylePass } from '#styles/style.js'
import { type LabelBrush, type LabelWish, labelBrushesOf } from './brushes/label-brush.js'
import type { BrushTools } from './brushes/tools.js'
import { labelAnchors, locateBy, relocateBy } from './label-anchors.js'
import type { LabelAnchor, LabelRequest } from './labels/label-request.js'
import type { Placement } from './placement.js'
import { PointRequest } from './point-request.js'
import { eachRule, type TestedRule } from './prepare-run.js'

export interface CollectOptions {
  /** Those of the plan that have texts. */
  readonly passes: readonly StylePass[]
  /** Name of the geometry column that is labelled. */
  readonly geometry: string
  /** Place of the layer in the drawing order. */
  readonly layer: number
  /** For rows of the schema of the batches. */
  readonly tools: BrushTools
  readonly placement: Placement
  /** In pixels, from where the placement puts them. */
  readonly shift?: readonly [number, number]
  /** Chords of curves stay this close to them, in units of the source. */
  readonly tolerance: number
}

/** Room for positions of points that is made at once. */
const leastPlaces = 64

interface LabelRule extends TestedRule {
  readonly brushes: readonly LabelBrush[]
}

/** What the rows of batches of one schema want written, each told to `add`. Features are known by the column `@id`, where they have ids. */
export function labelCollector(options: CollectOptions, add: (request: LabelRequest) => void): (batch: RowBatch) => void {
  const { passes, geometry, layer, tools, placement, shift, tolerance } = options
  const locate = locateBy(placement, shift)
  const relocate = relocateBy(placement, shift)
  const ready = passes.map(({ rules, isFirstMatch = false }) => ({
    isFirstMatch,
    rules: rules.map(
      (rule): LabelRule => ({
        ...(rule.filter && { test: tools.compiler.filter(rule.filter) }),
        isElse: rule.isElse ?? false,
        brushes: labelBrushesOf(rule, tools),
      }),
    ),
  }))
  // of a key written out for each feature, what is the same for all
  const tails = ready.map((_, order) => ` ${order} 0`)
  return batch => {
    const view = new RowView(batch)
    const { columns } = batch.schema
    const id = columnIndex(columns, '@id')
    const { buffer, byteOffset, byteLength } = batch.bytes
    const data = new DataView(buffer, byteOffset, byteLength)
    const place = new Float64Array(2)
    let places = new Float64Array()
    let used = 0
    const addPoint = (wish: LabelWish, key: string) => {
      if (used === places.length) {
        places = new Float64Array(2 * Math.max(leastPlaces, batch.count))
        used = 0
      }
      places[used] = place[0]
      places[used + 1] = place[1]
      add(new PointRequest(wish, places, used, layer, key))
      used += 2
    }
    const write = ({ wish, symbolizer, column }: LabelBrush, order: number) => {
      const index = columnIndex(columns, column ?? geometry)
      const length = index < 0 ? -1 : view.length(index)
      const wished = length < 0 ? undefined : wish(view)
      if (!wished) return
      const key = (id >= 0 && view.text(id)) || placeKey(view.bytes(index)!)
      const part = symbolizer.geometry?.part
      if ((part === undefined || part === 'interior') && readPlainPoint(data, view.start(index), length, place)) {
        if (relocate(place)) addPoint(wished, key + tails[order])
        return
      }
      const anchors = anchorsIn(view.bytes(index)!, wished, part, locate, tolerance)
      for (let i = 0; i < anchors.length; i++) add(requestOf(wished, anchors[i], layer, `${key} ${order} ${i}`))
    }
    let pass = 0
    const useRule = ({ brushes }: LabelRule) => {
      for (const brush of brushes) write(brush, pass)
    }
    for (let row = 0; row < batch.count; row++) {
      view.at(row)
      for (pass = 0; pass < ready.length; pass++) eachRule(ready[pass], view, useRule)
    }
  }
}

/** Written out: copying what is left of a wish takes longer than placing a label. */
function requestOf(wish: LabelWish, at: LabelAnchor, layer: number, key: string): LabelRequest {
  const { text, priority, group, minRepeat, mayOverlap, spaceAround, shield } = wish
  return { text, at, priority, layer, key, group, minRepeat, mayOverlap, spaceAround, shield }
}

function anchorsIn(...given: Parameters<typeof labelAnchors>): ReturnType<typeof labelAnchors> {
  try {
    return labelAnchors(...given)
  } catch (error) {
    // broken geometries were counted where they are drawn
    if (error instanceof EwkbError) return []
    throw error
  }
}

/** Features without ids are told apart by what their geometry holds. */
function placeKey(ewkb: Uint8Array): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < ewkb.length; i++) hash = Math.imul(hash ^ ewkb[i], 0x01000193)
  return (hash >>> 0).toString(36)
}
