import type { Collection } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { crsOf } from '#geo/crs.js'

/** Metres in a pixel of WebMercatorQuad at level 0. */
const coarsestPixel = 156_543.033_928_041

/**
 * How far geometries may be simplified, in units of the storage CRS: `max-allowable-offset` in units of the CRS of the answer, or half a pixel of
 * WebMercatorQuad at `zoom-level`. Undefined where neither is there. Throws `invalid-parameter`.
 */
export function simplifyParameter(parameters: URLSearchParams, { storageCrs }: Collection, crs: string): number | undefined {
  const metresPerUnit = storageCrs === undefined ? undefined : crsOf(storageCrs)?.metresPerUnit
  const [offset, zoom] = [number(parameters, 'max-allowable-offset', 1e9), number(parameters, 'zoom-level', 30)]
  if (metresPerUnit === undefined) return undefined
  const metres = offset !== undefined ? offset * (crsOf(crs)?.metresPerUnit ?? 1) : zoom !== undefined ? coarsestPixel / 2 ** zoom / 2 : 0
  return metres > 0 ? metres / metresPerUnit : undefined
}

function number(parameters: URLSearchParams, name: string, most: number): number | undefined {
  const text = parameters.get(name)
  if (text === null || text === '') return undefined
  const value = /^\d*\.?\d+(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN
  if (value >= 0 && value <= most) return value
  throw new Problem('invalid-parameter', `${name}=${text.slice(0, 40)} is not a number from 0 to ${most}.`, { locator: name })
}
