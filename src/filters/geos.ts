import type initGeosJs from 'geos-wasm'
import type { Bbox } from '#geo/bbox.js'
import { EwkbError } from '#geo/ewkb.js'
import { ewkbBbox, ewkbType } from '#geo/ewkb-scan.js'
import { geometryCodes } from '#geo/geometry.js'
import { linearise } from '#geo/linearise.js'
import type { SpatialFilter } from './filter.js'

type Library = Awaited<ReturnType<typeof initGeosJs>>
type Relation = (ewkb: Uint8Array) => boolean | null

/** What is used of GEOS, the library inside PostGIS. Geometries are EWKB. */
export interface Geos {
  /** Whether a geometry stands in that relation to `literal`; null when it cannot be told. */
  relate(literal: Uint8Array, operator: SpatialFilter['operator']): Relation
  /** Whether two geometries stand in that relation; null when it cannot be told. */
  between(operator: SpatialFilter['operator']): (left: Uint8Array, right: Uint8Array) => boolean | null
  /** Whether a geometry is no farther than `distance` from `literal`. */
  isWithin(literal: Uint8Array, distance: number): Relation
  /** Why a geometry is not valid, in the words of GEOS with the place: `Self-intersection[2 3]`; undefined where it is, or it cannot be told. */
  invalidReason(ewkb: Uint8Array): string | undefined
  /** What of a geometry lies in a box, without its SRID and curves; undefined where nothing does, or it cannot be told. */
  clip(ewkb: Uint8Array, box: Bbox): Uint8Array | undefined
}

// A memo of a library that keeps nothing between calls but its memory.
const memo: { loading?: Promise<Geos>; geos?: Geos } = {}

/** Loads GEOS, once a thread: 30 ms. */
export async function loadGeos(): Promise<Geos> {
  memo.loading ??= import('geos-wasm').then(async ({ default: init }) =>
    geosOver(await init({ errorHandler: ignore, noticeHandler: ignore })),
  )
  memo.geos = await memo.loading
  return memo.geos
}

/** GEOS, if `loadGeos` has been waited for. */
export function geos(): Geos {
  if (!memo.geos) throw new Error('A spatial filter is compiled before prepareFilter was waited for.')
  return memo.geos
}

/** What GEOS says of a geometry it cannot work with; its answer says so, too. */
const ignore = () => {}

/** Arcs are replaced by chords that stay as near as this share of the geometry's size. */
const arcShare = 1e-5

function geosOver(library: Library): Geos {
  const module = library.Module as unknown as { HEAPU8: Uint8Array; _malloc(size: number): number; _free(at: number): void }
  const reader = library.GEOSWKBReader_create()
  const writer = library.GEOSWKBWriter_create()
  const sizeAt = module._malloc(8)
  const scratch = { at: 0, size: 0 }
  const released = new FinalizationRegistry<() => void>(release => release())

  /** A geometry in GEOS's memory; 0 when it cannot be read. */
  const parse = (ewkb: Uint8Array): number => {
    const plain = straight(ewkb)
    if (!plain) return 0
    if (plain.length > scratch.size) {
      if (scratch.at) module._free(scratch.at)
      scratch.size = Math.max(65_536, 2 * plain.length)
      scratch.at = module._malloc(scratch.size)
    }
    module.HEAPU8.set(plain, scratch.at)
    return library.GEOSWKBReader_read(reader, scratch.at as never, plain.length as never) as unknown as number
  }

  /** The geometry itself, or another in its place. */
  const madeValid = (geometry: number): number => {
    if (geometry === 0 || Number(library.GEOSisValid(geometry as never)) !== 0) return geometry
    const valid = library.GEOSMakeValid(geometry as never) as unknown as number
    library.GEOSGeom_destroy(geometry as never)
    return valid
  }

  /** The literal made valid and prepared for many questions; freed when `owner` is. */
  const prepare = (ewkb: Uint8Array, owner: object): { readonly plain: number; readonly prepared: number } => {
    const plain = madeValid(parse(ewkb))
    if (!plain) return { plain: 0, prepared: 0 }
    const prepared = library.GEOSPrepare(plain as never) as unknown as number
    released.register(owner, () => {
      library.GEOSPreparedGeom_destroy(prepared as never)
      library.GEOSGeom_destroy(plain as never)
    })
    return { plain, prepared }
  }

  /** GEOS answers 0 or 1, and 2 when it cannot tell. */
  const asked = (geometry: number, ask: (geometry: number) => unknown): boolean | null => {
    if (!geometry) return null
    const answer = Number(ask(geometry))
    library.GEOSGeom_destroy(geometry as never)
    return answer === 2 ? null : answer === 1
  }

  /** The geometry is used up; 0 where GEOS cannot. */
  const cut = (geometry: number, [minX, minY, maxX, maxY]: Bbox): number => {
    const clipped = library.GEOSClipByRect(geometry as never, minX, minY, maxX, maxY) as unknown as number
    library.GEOSGeom_destroy(geometry as never)
    return clipped
  }

  /** Undefined for an empty geometry; it is used up. */
  const written = (geometry: number): Uint8Array | undefined => {
    const isEmpty = Number(library.GEOSisEmpty(geometry as never)) !== 0
    const at = isEmpty ? 0 : (library.GEOSWKBWriter_write(writer, geometry as never, sizeAt as never) as unknown as number)
    library.GEOSGeom_destroy(geometry as never)
    if (!at) return undefined
    const size = new DataView(module.HEAPU8.buffer).getUint32(sizeAt, true)
    const bytes = module.HEAPU8.slice(at, at + size)
    library.GEOSFree(at as never)
    return bytes
  }

  return {
    relate(literal, operator) {
      const owner = {}
      const { plain, prepared } = prepare(literal, owner)
      const [p, l] = [prepared as never, plain as never]
      // The prepared literal comes first: what the column is within contains it.
      const predicates: Record<SpatialFilter['operator'], (geometry: never) => unknown> = {
        intersects: geometry => library.GEOSPreparedIntersects(p, geometry),
        disjoint: geometry => library.GEOSPreparedDisjoint(p, geometry),
        equals: geometry => library.GEOSEquals(l, geometry),
        touches: geometry => library.GEOSPreparedTouches(p, geometry),
        crosses: geometry => library.GEOSPreparedCrosses(p, geometry),
        within: geometry => library.GEOSPreparedContains(p, geometry),
        contains: geometry => library.GEOSPreparedWithin(p, geometry),
        overlaps: geometry => library.GEOSPreparedOverlaps(p, geometry),
      }
      const predicate = predicates[operator]
      return ewkb => (prepared && owner ? asked(madeValid(parse(ewkb)), geometry => predicate(geometry as never)) : null)
    },
    between(operator) {
      const predicates: Record<SpatialFilter['operator'], (left: never, right: never) => unknown> = {
        intersects: library.GEOSIntersects,
        disjoint: library.GEOSDisjoint,
        equals: library.GEOSEquals,
        touches: library.GEOSTouches,
        crosses: library.GEOSCrosses,
        within: library.GEOSWithin,
        contains: library.GEOSContains,
        overlaps: library.GEOSOverlaps,
      }
      const predicate = predicates[operator]
      return (left, right) => {
        const a = madeValid(parse(left))
        if (!a) return null
        const truth = asked(madeValid(parse(right)), b => predicate(a as never, b as never))
        library.GEOSGeom_destroy(a as never)
        return truth
      }
    },
    invalidReason(ewkb) {
      const geometry = parse(ewkb)
      if (!geometry) return undefined
      const isValid = Number(library.GEOSisValid(geometry as never)) !== 0
      const at = isValid ? 0 : (library.GEOSisValidReason(geometry as never) as unknown as number)
      library.GEOSGeom_destroy(geometry as never)
      if (!at) return undefined
      const reason = library.Module.UTF8ToString(at as never)
      library.GEOSFree(at as never)
      return reason
    },
    clip(ewkb, box) {
      const geometry = parse(ewkb)
      if (!geometry) return undefined
      // what crosses itself may stop GEOS half way
      const clipped = cut(geometry, box) || cut(madeValid(parse(ewkb)), box)
      return clipped ? written(clipped) : undefined
    },
    isWithin(literal, distance) {
      const owner = {}
      const { prepared } = prepare(literal, owner)
      return ewkb =>
        prepared && owner
          ? asked(parse(ewkb), geometry => library.GEOSPreparedDistanceWithin(prepared as never, geometry as never, distance as never))
          : null
    },
  }
}

/** Without arcs, curves and surfaces, which GEOS does not compute with; undefined for bytes that are no geometry. */
function straight(ewkb: Uint8Array): Uint8Array | undefined {
  try {
    if (geometryCodes[ewkbType(ewkb).kind] < geometryCodes.GeometryCollection) return ewkb
    const [minX, minY, maxX, maxY] = ewkbBbox(ewkb) ?? [0, 0, 1, 1]
    return linearise(ewkb, arcShare * Math.max(maxX - minX, maxY - minY) || 1)
  } catch (error) {
    if (error instanceof EwkbError) return undefined
    throw error
  }
}
