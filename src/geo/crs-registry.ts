import { readFileSync } from 'node:fs'
import type { Bbox } from './bbox.js'

/** `[kind, name, area of use in degrees (west > east across the antimeridian)]` of vertical (v) and geocentric (x) systems; `d` after the letter: deprecated. */
type BareRow = readonly [kind: string, name: string, area: Bbox | null]
/** Compound systems (c) add the code of their horizontal part. */
type CompoundRow = readonly [...BareRow, horizontal: string]
/** Geographic (g) and projected (p) systems, and compounds whose horizontal part has no code. */
type FlatRow = readonly [
  ...BareRow,
  /** Code of the geographic system a projected one is based on. */
  base: string | null,
  /** The authority's order, then the directions of x and y as PROJ orders them for visualisation, where they are not east and north. */
  axes: string,
  /** Metres per unit; degrees per unit when geographic. */
  unit: number,
  /** Degrees east of Greenwich. */
  meridian: number,
  /** Index of `datums`. */
  datum: number,
  /** Index of `shifts`; null when nothing leads to WGS 84. */
  shift: number | null,
  /** Projection and figure of the earth; `!` and what it is when it cannot be computed. */
  proj: string,
]
export type RegistryRow = BareRow | CompoundRow | FlatRow

/**
 * How a datum gets to WGS 84: geocentric steps in order (none: it is the same within its accuracy; null: by the grid alone), the accuracy in
 * metres (null: not known), and the datum grid that would do better, with its accuracy.
 */
export type ShiftRow = readonly [steps: readonly ShiftStep[] | null, accuracy: number | null, grid?: string, gridAccuracy?: number]

/** Translation in metres, rotations in arc seconds and scale in parts per million (position vector convention); a leading `-` means backwards. */
export type ShiftStep = readonly (number | '-')[]

export interface CrsRegistry {
  /** Version of the PROJ database the registry was generated from. */
  readonly projVersion: string
  row(code: string): RegistryRow | undefined
  datum(index: number): string
  shift(index: number): ShiftRow
  /** Codes and rows of the systems whose line holds `text`, e.g. `"+proj=lcc `: for finding a code by its parameters. */
  search(text: string): [code: string, row: RegistryRow][]
  /** Every code, in the order of the file: EPSG, IGNF, OGC. */
  codes(): string[]
}

/**
 * Opens the registry that `scripts/crs-registry.py` wrote. The file is JSON with one system a line; it is kept as text and only the lines
 * asked for are parsed: opening costs a read of 1.4 MB, a look-up some tenths of a millisecond.
 */
export function openCrsRegistry(): CrsRegistry {
  const text = readFileSync(new URL('./crs-registry.json', import.meta.url), 'latin1')
  const read = (key: string): unknown => {
    const at = text.indexOf(`"${key}":`)
    if (at < 0) return undefined
    const end = text.indexOf('\n', at)
    return JSON.parse(text.slice(at + key.length + 3, end).replace(/,\s*$/, ''))
  }
  const datums = read('datums') as string[]
  const shifts = read('shifts') as ShiftRow[]
  return {
    projVersion: read('proj') as string,
    row: code => (/^[A-Z]+:[\w.]+$/.test(code) ? (read(code) as RegistryRow | undefined) : undefined),
    datum: index => datums[index],
    shift: index => shifts[index],
    search: wanted =>
      text
        .split('\n')
        .filter(line => line.includes(wanted) && /^\s*"[A-Z]+:/.test(line))
        .flatMap(line => Object.entries(JSON.parse(`{${line.replace(/,\s*$/, '')}}`) as Record<string, RegistryRow>)),
    codes: () => [...text.matchAll(/^\s*"([A-Z]+:[^"]+)":/gm)].map(match => match[1]),
  }
}

export const isFlatRow = (row: RegistryRow): row is FlatRow => row.length > 4
export const isCompoundRow = (row: RegistryRow): row is CompoundRow => row.length === 4
