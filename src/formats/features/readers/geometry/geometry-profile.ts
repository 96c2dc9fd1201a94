import type { LayerGeometry } from '#core/ports.js'
import { type WkbFacts, wkbTypeNames } from './wkb.js'

/** What a first pass over the geometries of a layer gathers: types and dimensions seen. */
export interface GeometryProfile {
  /** Bit n: WKB type n was seen. */
  types: number
  hasZ: boolean
  hasM: boolean
  /** Some geometries have no Z (or no M) while others do. */
  isMixed: boolean
  count: number
}

export const emptyProfile = (): GeometryProfile => ({ types: 0, hasZ: false, hasM: false, isMixed: false, count: 0 })

export function profileGeometry(profile: GeometryProfile, { type, hasZ, hasM }: WkbFacts): void {
  if (type === 0) return
  if (profile.count > 0 && (hasZ !== profile.hasZ || hasM !== profile.hasM)) profile.isMixed = true
  profile.types |= 1 << type
  profile.hasZ ||= hasZ
  profile.hasM ||= hasM
  profile.count++
}

/** Families whose single and multiple types fit one column: the multiple one. */
const families: readonly (readonly [types: number, multiple: number])[] = [
  [(1 << 1) | (1 << 4), 4],
  [(1 << 2) | (1 << 5), 5],
  [(1 << 3) | (1 << 6), 6],
]

/** The type a column must have for everything seen: the one type, the multiple one of a family, else GEOMETRY. */
export function declaredType(profile: GeometryProfile): string {
  if (profile.types === 0) return 'GEOMETRY'
  const only = 31 - Math.clz32(profile.types)
  if (profile.types === 1 << only) return wkbTypeNames[only]
  const family = families.find(([types]) => (profile.types & ~types) === 0)
  return family ? wkbTypeNames[family[1]] : 'GEOMETRY'
}

export function declaredDimensions({ hasZ, hasM }: GeometryProfile): LayerGeometry['dimensions'] {
  return hasZ ? (hasM ? 'xyzm' : 'xyz') : hasM ? 'xym' : 'xy'
}

/** Sentences about a mixture, for the layer's notes. */
export function profileNotes(profile: GeometryProfile): string[] {
  const notes: string[] = []
  if (profile.count > 0 && declaredType(profile) === 'GEOMETRY') {
    const seen = wkbTypeNames.filter((_, type) => profile.types & (1 << type)).join(', ')
    notes.push(`Mixed geometry types (${seen}): kept together in one column of type GEOMETRY.`)
  }
  if (profile.isMixed) {
    const names = [profile.hasZ ? 'height' : '', profile.hasM ? 'measure' : ''].filter(Boolean).join(' or ')
    notes.push(`Some geometries have no ${names}, others do: the missing ones are 0.`)
  }
  return notes
}
