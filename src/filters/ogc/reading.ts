import type { CrsName } from '#geo/crs-name.js'
import type { XmlElement } from '#xml/read.js'
import { FilterError, type FilterErrorKind } from '../filter-error.js'
import { namedCrs } from '../named-crs.js'

/** How a document of OGC Filter is read. */
export interface OgcOptions {
  /** Name of the system, in any form, whose axes a geometry has that names none; absent: it is x,y in the system of its column. */
  readonly defaultCrs?: string
  readonly limits?: Partial<OgcLimits>
  /** Geometries keep their heights; and may be empty. Absent: they are flat, as filters compare them. */
  readonly keepsHeights?: boolean
  /** What a name of a reference system stands for; absent: names that are not known are refused. */
  readonly crsNamed?: (name: string) => CrsName | undefined
}

/** What one document may use up; beyond it FilterError `too-large` is thrown. */
export interface OgcLimits {
  readonly depth: number
  /** Operators and expressions together. */
  readonly nodes: number
  /** Positions of all geometries together. */
  readonly vertices: number
}

const defaultOgcLimits: OgcLimits = { depth: 64, nodes: 10_000, vertices: 100_000 }

/** A reading under way: what it may still use up. */
export interface Reading {
  readonly limits: OgcLimits
  readonly defaultCrs: string | undefined
  /** Of geometries: `xyz` where heights are kept, NaN for those that are missing. */
  readonly dimensions: 'xy' | 'xyz'
  readonly crsNamed: (name: string) => CrsName | undefined
  nodes: number
  vertices: number
}

/** With the limits of `options`, where there are some. */
export function beginReading({ defaultCrs, limits, keepsHeights, crsNamed = namedCrs }: OgcOptions): Reading {
  const dimensions = keepsHeights ? 'xyz' : 'xy'
  return { limits: { ...defaultOgcLimits, ...limits }, defaultCrs, dimensions, crsNamed, nodes: 0, vertices: 0 }
}

/** Counts an operator or expression that stands `depth` levels deep. */
export function enter(reading: Reading, element: XmlElement, depth: number): void {
  const { limits } = reading
  if (depth > limits.depth) fail(element, `is nested deeper than the ${limits.depth} levels allowed here.`, 'too-large')
  if (++reading.nodes > limits.nodes)
    fail(element, `is one more than the ${limits.nodes} operators and expressions allowed in a filter.`, 'too-large')
}

/** Throws FilterError that begins with the element's name. */
export function fail(element: XmlElement, why: string, kind: FilterErrorKind = 'malformed'): never {
  const { name, line } = element
  throw new FilterError(kind, `The element ${nameOf(element)} ${why}`, { locator: name, line })
}

/** As the document spells it. */
export function nameOf({ prefix, name }: XmlElement): string {
  const full = prefix ? `${prefix}:${name}` : name
  return full.length > 60 ? `${full.slice(0, 57)}…` : full
}

/** `work`, whose FilterErrors get the line of `element`. */
export function located<T>(element: XmlElement, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof FilterError) || error.line !== undefined) throw error
    throw new FilterError(error.kind, error.message, { line: element.line, ...(error.locator !== undefined && { locator: error.locator }) })
  }
}
