import type { Affine } from '#geo/affine.js'
import { type Bbox, bufferBbox } from '#geo/bbox.js'
import type { Patches } from '#geo/patched-transform.js'
import { type TurnedMap, turnPixels } from '#geo/turned-map.js'
import type { Locate } from './kernels/draw-kernel.js'

/** How coordinates of the rows become pixels of the map. */
export type Placement = AffinePlacement | PatchedPlacement

/** Same CRS: pixel = (source - origin) * pixels per unit; `pixelsPerY` is negative where the map is north up. */
export interface AffinePlacement {
  readonly kind: 'affine'
  readonly originX: number
  readonly originY: number
  readonly pixelsPerX: number
  readonly pixelsPerY: number
}

/**
 * Another CRS: polynomials bring each square of the source into `map`, and an affine map from there to pixels; `locate` answers where there are none. Squares
 * and steps are fixed to the coordinates of the source, and as large as the scale of the map says: what is drawn does not depend on the map it is drawn on.
 */
export interface PatchedPlacement {
  readonly kind: 'patched'
  /** Geometries are clipped to it: what shows of the source, and a step more on all sides, so that what is cut are pieces that do not show. */
  readonly clip: Bbox
  /** Long edges are cut into pieces no longer than this, along x or y, in units of the source. */
  readonly step: number
  readonly patches: Patches
  /** From coordinates of the source to pixels, exactly. */
  readonly locate: Locate
  /** In the coordinates of the patches; what is near it is exact to the last places. */
  readonly origin: readonly [x: number, y: number]
  /** From x, y beside the origin to pixels: `x = t[0] + x * t[1] + y * t[2]`, `y = t[3] + x * t[4] + y * t[5]`. */
  readonly toPixels: Affine
  /** To be added to x of a patch that has the given x and that lies at `sourceX`: whole turns of the earth. */
  readonly turnsOf?: (mapX: number, sourceX: number) => number
}

/** Numbers of a patch in the kernel: of x and y the middle and 15 coefficients each, in pairs. */
export const patchNumbers = 32

/** Puts the patch of a square, in pixels, where the kernel wants it; false where there is none. */
export function putPatch(
  { patches, origin, toPixels, turnsOf }: PatchedPlacement,
  column: number,
  row: number,
  out: Float64Array,
): boolean {
  const found = patches.find(column, row)
  if (!found) return false
  const [x0, a, b, y0, c, d] = toPixels
  const x = found[0] + (turnsOf?.(found[0], (column + 0.5) * patches.size) ?? 0) - origin[0]
  const y = found[1] - origin[1]
  out[0] = x0 + x * a + y * b
  out[1] = y0 + x * c + y * d
  for (let k = 1; k < 16; k++) {
    const [u, v] = [found[k + 1], found[k + 16]]
    out[2 * k] = u * a + v * b
    out[2 * k + 1] = u * c + v * d
  }
  return true
}

/** The same on the map when it is turned: `box` is what shows of the source then, with a margin. */
export function turned(placement: Placement, map: TurnedMap, box: Bbox): Placement {
  if (!map.angle) return placement
  const turn = turnPixels(map)
  const { toPixels, ...patched } = placement.kind === 'affine' ? asPatched(placement, box) : placement
  const [x0, a, b, y0, c, d] = toPixels
  const [middleX, middleY] = turn(0, 0)
  const turnedBy = (x: number, y: number) => {
    const at = turn(x, y)
    return [at[0] - middleX, at[1] - middleY] as const
  }
  const [start, alongX, alongY] = [turn(x0, y0), turnedBy(a, c), turnedBy(b, d)]
  return {
    ...patched,
    toPixels: [start[0], alongX[0], alongY[0], start[1], alongX[1], alongY[1]],
    locate(x, y) {
      const at = patched.locate(x, y)
      return at && turn(at[0], at[1])
    },
  }
}

/** An affine placement by patches that change nothing: nothing bends, so edges need no pieces. */
function asPatched({ originX, originY, pixelsPerX, pixelsPerY }: AffinePlacement, box: Bbox): PatchedPlacement {
  const size = 2 ** Math.ceil(Math.log2(Math.max(box[2] - box[0], box[3] - box[1])))
  return {
    kind: 'patched',
    clip: bufferBbox(box, size, size),
    step: size,
    patches: {
      size,
      find(column, row) {
        const patch = new Float64Array(patchNumbers)
        patch.set([(column + 0.5) * size, (row + 0.5) * size])
        // along x, then along y
        patch[3] = patch[22] = size / 2
        return patch
      },
    },
    locate: (x, y) => [(x - originX) * pixelsPerX, (y - originY) * pixelsPerY],
    origin: [originX, originY],
    toPixels: [0, pixelsPerX, 0, 0, 0, pixelsPerY],
  }
}

/** The same with all pixels `rows` higher. */
export function movedUp(placement: Placement, rows: number): Placement {
  if (rows === 0) return placement
  if (placement.kind === 'affine') return { ...placement, originY: placement.originY + rows / placement.pixelsPerY }
  const [x0, a, b, y0, c, d] = placement.toPixels
  return {
    ...placement,
    toPixels: [x0, a, b, y0 - rows, c, d],
    locate(x, y) {
      const at = placement.locate(x, y)
      return at && [at[0], at[1] - rows]
    },
  }
}
