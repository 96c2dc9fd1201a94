import { readEwkb } from '#geo/ewkb.js'
import { type Geometry, isEmptyGeometry } from '#geo/geometry.js'
import { lineariseGeometry } from '#geo/linearise.js'

/** What of a geometry is kept. */
export interface Kept {
  /** How far x and y may be from what they were; heights half a millimetre. */
  readonly by: number
  /** Chords stay as near to the arcs. */
  readonly tolerance: number
  readonly hasZ: boolean
  readonly hasM?: boolean
  /** Curves stay curves. */
  readonly hasCurves?: boolean
  /** Collections of one kind are no other than multiple ones. */
  readonly mixesMultiple?: boolean
}

/** What is wrong with a geometry that was read, ISO WKB, beside the one that was written; undefined when nothing is. Empty ones count as none. */
export function shapeFault(found: Uint8Array | Geometry | null, written: Geometry | null, kept: Kept): string | undefined {
  const geometry = found instanceof Uint8Array ? readEwkb(found) : found
  const wanted = written && (kept.hasCurves ? written : lineariseGeometry(written, kept.tolerance))
  const isNone = [geometry, wanted].map(one => one === null || isEmptyGeometry(one))
  if (isNone[0] && isNone[1]) return undefined
  if (isNone[0] !== isNone[1] || !geometry || !wanted) return `${geometry?.kind ?? 'nothing'} for ${wanted?.kind ?? 'nothing'}`
  const a = flat(geometry, kept)
  const b = flat(wanted, kept)
  if (a.shape !== b.shape) return `${a.shape.slice(0, 200)} for ${b.shape.slice(0, 200)}`
  const stride = 2 + Number(a.hasZ) + Number(a.hasM)
  const far = a.numbers.findIndex((number, i) => !(Math.abs(number - b.numbers[i]) <= (i % stride < 2 ? kept.by : heights)))
  return far < 0 ? undefined : `${a.numbers[far]} for ${b.numbers[far]} in ${b.shape.slice(0, 200)}`
}

const heights = 0.000501

interface Flat {
  readonly shape: string
  readonly numbers: readonly number[]
  readonly hasZ: boolean
  readonly hasM: boolean
}

function flat(geometry: Geometry, kept: Kept): Flat {
  const stride = geometry.dimensions.length
  const hasZ = kept.hasZ && geometry.dimensions.includes('z')
  const hasM = kept.hasM === true && geometry.dimensions.includes('m')
  const wanted = [0, 1, ...(hasZ ? [2] : []), ...(hasM ? [stride - 1] : [])]
  const path = (coordinates: Float64Array) => {
    const numbers: number[] = []
    for (let at = 0; at < coordinates.length; at += stride) for (const i of wanted) numbers.push(coordinates[at + i])
    return { shape: String(coordinates.length / stride), numbers }
  }
  const parts =
    'coordinates' in geometry
      ? [path(geometry.coordinates)]
      : 'rings' in geometry
        ? geometry.rings.map(path)
        : geometry.parts.filter(part => !isEmptyGeometry(part)).map(part => flat(part, kept))
  const kind = kept.mixesMultiple && geometry.kind.startsWith('Multi') ? 'GeometryCollection' : geometry.kind
  return {
    shape: `${kind}${hasZ ? 'Z' : ''}${hasM ? 'M' : ''}(${parts.map(part => part.shape).join(',')})`,
    numbers: parts.flatMap(part => part.numbers),
    hasZ,
    hasM,
  }
}
