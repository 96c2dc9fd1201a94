import { isExpression } from '../computed.js'
import type { GeometryChoice, Offset, TextPlacement, Value } from '../style.js'
import { plus, times, timesLength } from '../values.js'
import type { LabelSettings } from './label-settings.js'

/** Points of the text that lie on the place for each of the nine quadrants (`quadOffset`): shares from the lower left corner. */
const quadrants: readonly (readonly [number, number])[] = [
  [1, 0],
  [0.5, 0],
  [0, 0],
  [1, 0.5],
  [0.5, 0.5],
  [0, 0.5],
  [1, 1],
  [0.5, 1],
  [0, 1],
]

interface Placed {
  readonly placement: TextPlacement
  readonly geometry?: GeometryChoice
}

const aroundPoint = 0
const overPoint = 1
const parallel = 2
const curved = 3
const orderedAroundPoint = 6
const free = 5
const perimeter = 7
const outside = 8

/** Where labels stand (`Qgis::LabelPlacement`). */
export function placementOf(settings: LabelSettings, size: Value<number>): Placed {
  const mode = settings.number('placement', 0)
  if (settings.computed('PositionX') || settings.computed('PositionY'))
    settings.note('places of labels that stand in the data are not kept')
  switch (mode) {
    case parallel:
    case curved:
      return { placement: along(settings, mode === parallel) }
    case perimeter:
      return { placement: along(settings, false), geometry: { part: 'boundary' } }
    case aroundPoint:
    case orderedAroundPoint: {
      const distance = settings.length('dist', 'distUnits', 0, 'LabelDistance')
      const share = mode === aroundPoint ? 1 : Math.SQRT1_2
      const displacement: Offset = [timesLength(distance, share), mode === aroundPoint ? 0 : timesLength(distance, -share)]
      return { placement: { ...point(settings, mode === aroundPoint ? [0, 0.5] : [0, 0], displacement), maxDisplacement: times(size, 2) } }
    }
    case overPoint:
      return { placement: point(settings, anchorOf(settings), offsetOf(settings)) }
    case outside:
      settings.note('labels outside of polygons stand inside')
      break
    case free:
      settings.note('labels that may be turned to fit into their polygon are level')
  }
  const inside = point(settings, [0.5, 0.5], undefined)
  return { placement: settings.flag('fitInPolygonOnly') ? { ...inside, mustFit: true } : inside }
}

function anchorOf(settings: LabelSettings) {
  if (settings.computed('OffsetQuad')) settings.note('OffsetQuad is not computed')
  return quadrants[settings.number('quadOffset', 4)] ?? quadrants[4]
}

function offsetOf(settings: LabelSettings): Offset | undefined {
  if (settings.computed('OffsetXY')) settings.note('OffsetXY is not computed')
  const [x, y] = ['xOffset', 'yOffset'].map(name =>
    settings.length(name, settings.text('labelOffsetInMapUnits') === '1' ? '' : 'offsetUnits', 0),
  )
  return x === 0 && y === 0 ? undefined : [x, y]
}

/** Angles of QGIS are clockwise, as ours. */
function point(
  settings: LabelSettings,
  anchor: readonly [number, number],
  displacement: Offset | undefined,
): TextPlacement & { kind: 'point' } {
  const rotation =
    settings.computed('LabelRotation') ??
    settings.computed('Rotation') ??
    settings.number('rotationAngle', settings.number('angleOffset', 0))
  const isMoved = displacement && !(displacement[0] === 0 && displacement[1] === 0)
  return {
    kind: 'point',
    anchor,
    ...(isMoved && { displacement }),
    ...((isExpression(rotation) || rotation !== 0) && { rotation }),
  }
}

const onLine = 1
const aboveLine = 2
const belowLine = 4

function along(settings: LabelSettings, isStraight: boolean): TextPlacement {
  const flags = settings.number('placementFlags', 10)
  const distance = settings.length('dist', 'distUnits', 0, 'LabelDistance')
  const repeat = settings.length('repeatDistance', 'repeatDistanceUnits', 0, 'RepeatDistance')
  const size = settings.length('fontSize', 'fontSizeUnit', 10)
  const half = typeof size === 'number' ? size / 2 : 6
  const gap = typeof distance === 'number' ? plus(distance, half) : distance
  const isBeside = (flags & onLine) === 0
  if (isBeside && (flags & (aboveLine | belowLine)) === (aboveLine | belowLine)) settings.note('labels above or below a line stand above')
  const side = (flags & aboveLine) !== 0 || (flags & belowLine) === 0 ? 1 : -1
  const angle = Math.max(Math.abs(settings.number('maxCurvedCharAngleIn', 25)), Math.abs(settings.number('maxCurvedCharAngleOut', 25)))
  if (settings.number('overrunDistance', 0) !== 0) settings.note('labels do not run over the ends of lines')
  return {
    kind: 'line',
    ...(isBeside && { offset: timesLength(gap, side) }),
    ...(repeat !== 0 && { repeat }),
    ...(isStraight ? { isStraight } : { maxAngle: angle }),
  }
}
