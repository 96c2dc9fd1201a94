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
 * Opens the registry that `scripts/crs-registry.py` wrote. The file is JSON with one system a line, sorted; it is kept as text, a look-up
 * halves its way to the line, and only the lines asked for are parsed: opening costs little more than reading 1.4 MB.
 */
export function openCrsRegistry(): CrsRegistry {
  const text = readFileSync(new URL('./crs-registry.json', import.meta.url), 'latin1')
  const head = (key: string): unknown => parseValue(text, text.indexOf(`"${key}":`))
  const first = text.lastIndexOf('\n', text.indexOf('"EPSG:'))
  const datums = head('datums') as string[]
  const shifts = head('shifts') as ShiftRow[]
  return {
    projVersion: head('proj') as string,
    row: code => {
      const at = findLine(text, first, code)
      return at < 0 ? undefined : (parseValue(text, at) as RegistryRow)
    },
    datum: index => datums[index],
    shift: index => shifts[index],
    search: wanted => {
      const found: [string, RegistryRow][] = []
      for (let at = text.indexOf(wanted); at >= 0; ) {
        const end = text.indexOf('\n', at)
        const line = text.slice(text.lastIndexOf('\n', at) + 1, end).replace(/,\s*$/, '')
        if (/^\s*"[A-Z]+:/.test(line)) found.push(...Object.entries(JSON.parse(`{${line}}`) as Record<string, RegistryRow>))
        at = end < 0 ? -1 : text.indexOf(wanted, end)
      }
      return found
    },
    codes: () => [...text.slice(first).matchAll(/^\s*"([^"]+)":/gm)].map(match => match[1]),
  }
}

/** The value of the `"key": value` that starts at `at` and ends with its line. */
function parseValue(text: string, at: number): unknown {
  const colon = text.indexOf('":', at)
  return JSON.parse(text.slice(colon + 2, text.indexOf('\n', colon)).replace(/,\s*$/, ''))
}

/** Where the key `code` starts in lines sorted by it, from the line break `first` on; -1 when there is none. */
function findLine(text: string, first: number, code: string): number {
  let [low, high] = [first, text.lastIndexOf('\n', text.lastIndexOf('}') - 1)]
  // Between the line breaks `low` and `high` lie the lines that are still in question.
  while (low < high) {
    const lineBreak = Math.max(low, text.lastIndexOf('\n', (low + high) >> 1))
    const at = text.indexOf('"', lineBreak) + 1
    const order = compareCodes(code, text.slice(at, text.indexOf('"', at)))
    if (order === 0) return at - 1
    if (order < 0) high = lineBreak
    else low = text.indexOf('\n', at)
  }
  return -1
}

/** By authority, then by number, then by letters: the order of the file. */
function compareCodes(a: string, b: string): number {
  const [authorityA, codeA] = splitCode(a)
  const [authorityB, codeB] = splitCode(b)
  if (authorityA !== authorityB) return authorityA < authorityB ? -1 : 1
  const number = (code: string) => (/^\d+$/.test(code) ? Number(code) : 0)
  const difference = number(codeA) - number(codeB)
  if (difference !== 0) return difference
  return codeA === codeB ? 0 : codeA < codeB ? -1 : 1
}

const splitCode = (code: string): [string, string] => {
  const colon = code.indexOf(':')
  return [code.slice(0, colon), code.slice(colon + 1)]
}

export const isFlatRow = (row: RegistryRow): row is FlatRow => row.length > 4
export const isCompoundRow = (row: RegistryRow): row is CompoundRow => row.length === 4
