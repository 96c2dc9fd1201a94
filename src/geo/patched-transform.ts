import type { Transform } from './point-transform.js'

/** As `Transform.into`. */
export type IntoArray = Transform['into']

/** Metres that a patch is wide and high, or the power of two of a unit below: a polynomial of degree 4 is as good as the projection there. */
const patchMetres = 16_384
/** Metres that a patch may be off by where it is looked at: what is worse is left to the projection itself. */
const toleranceMetres = 1e-5
/** Patches of one transform, 1 MB of them; more, and all are made anew. */
const mostPatches = 4096
/** Sets of patches that are kept for the next map, some 2 MB each at most. */
const mostSets = 8
/** On maps of small scales patches are so many pixels wide, or half as many, as long as polynomials are good there; and so much of a pixel they may be off by. */
const [patchPixels, tolerancePixels] = [128, 0.02]
const widestMetres = 1e6

const degree = 4
/** Chebyshev's points of the second kind, -1 to 1 with both ends: corners are looked at, so that nothing is cut off unseen. */
const nodes = Array.from({ length: degree + 1 }, (_, i) => -Math.cos((Math.PI * i) / degree))
/** Where else a patch is held against the projection. */
const proofs = [-0.92, -0.38, 0.38, 0.92]

/** Polynomials that stand in for a projection, one for each square of `size` units, which is a power of two. */
export interface Patches {
  readonly size: number
  /** The patch of a square: the values in its middle, then 15 coefficients of each ordinate; undefined where the projection itself is needed. */
  find(column: number, row: number): Float64Array | undefined
}

/** The patches of a transform, made when they are asked for. They are fixed to the coordinates and not to what is asked. */
export function patchesOf(transform: Transform): Patches {
  return openPatches(transform, sizeOf(transform, patchMetres), toleranceMetres)
}

// A memo of pure functions, oldest use first: what it holds never changes an answer.
const sets = new Map<string, Patches>()

/** Patches for maps of a scale, metres in a pixel: as above, and larger where 16 km are few pixels. They are made once for all maps of this thread. */
export function sharedPatches(transform: Transform, metresPerPixel: number): Patches {
  const wide = Math.min(patchPixels * metresPerPixel, widestMetres)
  const isWide = wide > patchMetres
  const size = sizeOf(transform, isWide ? wide : patchMetres)
  const key = `${transform.from.code} ${transform.to.code} ${size} ${isWide}`
  // as their size has it, which is the same for all maps of about a scale
  const tolerance = isWide ? (size * transform.from.metresPerUnit * tolerancePixels) / patchPixels : toleranceMetres
  const patches = sets.get(key) ?? openPatches(transform, size, tolerance)
  sets.delete(key)
  sets.set(key, patches)
  if (sets.size > mostSets) sets.delete(sets.keys().next().value!)
  return patches
}

const sizeOf = ({ from }: Transform, metres: number) => 2 ** Math.floor(Math.log2(metres / from.metresPerUnit))

function openPatches(transform: Transform, size: number, metres: number): Patches {
  const tolerance = metres / transform.to.metresPerUnit
  const patches = new Map<number, Float64Array | undefined>()
  return {
    size,
    find(column, row) {
      const key = column * 2 ** 26 + row
      const known = patches.get(key)
      if (known || patches.has(key)) return known
      if (patches.size >= mostPatches) patches.clear()
      const patch = makePatch(transform, (column + 0.5) * size, (row + 0.5) * size, size / 2, tolerance)
      patches.set(key, patch)
      return patch
    },
  }
}

/**
 * A transform for paths of many vertices: in each square of about 16 km a polynomial in x and y stands in for the projection, from which it differs by less
 * than 0.01 mm, or the projection itself where none would do. It takes a tenth of the time.
 */
export function patchedTransform(transform: Transform, { size, find } = patchesOf(transform)): IntoArray {
  let [column, row] = [Number.NaN, Number.NaN]
  let patch: Float64Array | undefined

  return (x, y, out, at) => {
    if (!(Math.floor(x / size) === column && Math.floor(y / size) === row)) {
      column = Math.floor(x / size)
      row = Math.floor(y / size)
      patch = find(column, row)
    }
    const c = patch
    if (c === undefined) return transform.into(x, y, out, at)
    const u = (x / size - column) * 2 - 1
    const v = (y / size - row) * 2 - 1
    out[at] = c[0] + horner(c, 2, u, v)
    out[at + 1] = c[1] + horner(c, 17, u, v)
    return true
  }
}

/** Of the polynomial whose coefficients stand from `k` on: of 1, u, u² …, then of v, vu …; all powers together are 4 at most. */
function horner(c: Float64Array, k: number, u: number, v: number): number {
  const none = c[k] + u * (c[k + 1] + u * (c[k + 2] + u * (c[k + 3] + u * c[k + 4])))
  const one = c[k + 5] + u * (c[k + 6] + u * (c[k + 7] + u * c[k + 8]))
  const two = c[k + 9] + u * (c[k + 10] + u * c[k + 11])
  const three = c[k + 12] + u * c[k + 13]
  return none + v * (one + v * (two + v * (three + v * c[k + 14])))
}

/** See `Patches.find`: undefined where a polynomial is not good enough, or a point has no image. */
function makePatch(transform: Transform, x: number, y: number, half: number, tolerance: number): Float64Array | undefined {
  const exact = new Float64Array(2)
  if (!transform.into(x, y, exact, 0)) return undefined
  const middle = exact.slice()
  const values = [new Float64Array(25), new Float64Array(25)] as const
  for (const [j, v] of nodes.entries()) {
    for (const [i, u] of nodes.entries()) {
      if (!transform.into(x + u * half, y + v * half, exact, 0)) return undefined
      for (const k of [0, 1] as const) values[k][5 * j + i] = exact[k] - middle[k]
    }
  }
  const patch = new Float64Array(32)
  patch.set(middle)
  patch.set(polynomialOf(values[0]), 2)
  patch.set(polynomialOf(values[1]), 17)
  const isGood = (u: number, v: number) =>
    transform.into(x + u * half, y + v * half, exact, 0) &&
    Math.abs(patch[0] + horner(patch, 2, u, v) - exact[0]) <= tolerance &&
    Math.abs(patch[1] + horner(patch, 17, u, v) - exact[1]) <= tolerance
  for (const lines of [nodes, proofs]) if (!lines.every(v => lines.every(u => isGood(u, v)))) return undefined
  return patch
}

/** Chebyshev's polynomials by powers. */
const chebyshev = [[1], [0, 1], [-1, 0, 2], [0, -3, 0, 4], [1, 0, -8, 0, 8]] as const

/** Coefficients of the polynomial near values at `nodes`, row by row: the series of Chebyshev without what is beyond the degree, by powers. */
function polynomialOf(values: Float64Array): number[] {
  const powers = new Float64Array(25)
  for (let j = 0; j <= degree; j++) {
    for (let i = 0; i + j <= degree; i++) {
      let coefficient = 0
      for (let row = 0; row <= degree; row++)
        for (let column = 0; column <= degree; column++) coefficient += weights[i][column] * weights[j][row] * values[5 * row + column]
      for (const [q, b] of chebyshev[j].entries()) for (const [p, a] of chebyshev[i].entries()) powers[5 * q + p] += coefficient * a * b
    }
  }
  return [0, 1, 2, 3, 4].flatMap(j => Array.from(powers.subarray(5 * j, 5 * j + degree + 1 - j)))
}

/** What the value at a node adds to the coefficient of a polynomial, by its order. */
const weights = nodes.map((_, order) => nodes.map((_, node) => weight(order, node)))

function weight(order: number, node: number): number {
  const isEnd = (k: number) => k === 0 || k === degree
  return ((isEnd(order) ? 0.5 : 1) * (isEnd(node) ? 0.5 : 1) * 2 * Math.cos((order * (degree - node) * Math.PI) / degree)) / degree
}
