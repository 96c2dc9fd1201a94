import type { Bbox } from '#geo/bbox.js'
import type { Expression } from './expression.js'

/**
 * The one filter tree, plain data. Languages are read into it, stores turn it into SQL, and it can be evaluated over rows. A comparison with null is
 * neither true nor false, as in SQL: `not` leaves it so, and only what is true selects a row.
 */
export type Filter =
  /** All rows, or none; null is what a comparison with null is, neither true nor false. */
  | { readonly kind: 'constant'; readonly value: boolean | null }
  | { readonly kind: 'and'; readonly all: readonly Filter[] }
  | { readonly kind: 'or'; readonly any: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  /** The bounding box of `property` meets `bbox`, which is in the CRS the column is stored in. */
  | { readonly kind: 'bbox'; readonly property: string; readonly bbox: Bbox }
  /** Ids of features as the store has them; `settleFilter` takes the type name off that some languages put before them. */
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | Comparison
  | Between
  | Like
  | { readonly kind: 'isNull'; readonly operand: Expression }
  | { readonly kind: 'in'; readonly operand: Expression; readonly values: readonly Expression[] }
  | SpatialFilter
  | GeometriesFilter
  | DistanceFilter
  | ListFilter

/** Two values and their order; `value-type.ts` says as what two types are compared. */
export interface Comparison {
  readonly kind: 'compare'
  readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>='
  readonly left: Expression
  readonly right: Expression
  /** Upper and lower case are one (`matchCase="false"`). */
  readonly ignoresCase?: boolean
}

/** As two comparisons of one operand. */
export interface Between {
  readonly kind: 'between'
  readonly operand: Expression
  /** Both included. */
  readonly lower: Expression
  readonly upper: Expression
}

/** A text as a whole is like a pattern. */
export interface Like {
  readonly kind: 'like'
  readonly operand: Expression
  /** Parts of the pattern in order, its wildcards settled by the language. */
  readonly pattern: readonly LikePart[]
  readonly ignoresCase?: boolean
}

/** A text as it is, any one character, or any number of characters. */
export type LikePart = string | { readonly any: 'one' } | { readonly any: 'many' }

/** The geometry of the column stands in a relation to `geometry`. */
export interface SpatialFilter {
  readonly kind: 'spatial'
  readonly operator: 'intersects' | 'disjoint' | 'equals' | 'touches' | 'crosses' | 'within' | 'contains' | 'overlaps'
  /** A geometry column; `''` is the default one, until `settleFilter` has put in its name. */
  readonly property: string
  readonly geometry: GeometryLiteral
}

/** Two columns, or two geometries of the request, stand in a relation. */
export interface GeometriesFilter {
  readonly kind: 'geometries'
  readonly operator: SpatialFilter['operator']
  readonly left: GeometryOperand
  readonly right: GeometryOperand
}

export type GeometryOperand =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'literal'; readonly geometry: GeometryLiteral }

/** The geometry of the column is no farther from `geometry` than `distance`, or farther. */
export interface DistanceFilter {
  readonly kind: 'distance'
  readonly operator: 'within' | 'beyond'
  readonly property: string
  readonly geometry: GeometryLiteral
  /** In units of the CRS the column is stored in, unless `metresPerUnit` or `stretch` is there. */
  readonly distance: number
  /** As a language says it: `distance` counts such units. `settleFilter` converts and takes it off. */
  readonly metresPerUnit?: number
  /** By what x and y are multiplied before they are measured: metres per degree near the geometry, so that `distance` is in metres. */
  readonly stretch?: readonly [x: number, y: number]
}

/** A geometry in a request or a style; never empty. */
export interface GeometryLiteral {
  /** WKB, little-endian, x,y whatever the language said; the last point of a ring is its first. */
  readonly wkb: Uint8Array
  /** `EPSG:2154`; absent: that of the column, as it is after `settleFilter`. */
  readonly crs?: string
}

/** Two lists as sets, whatever their order and repetitions; a null in a list is equal to nothing. */
export interface ListFilter {
  readonly kind: 'lists'
  readonly operator: 'equals' | 'contains' | 'within' | 'overlaps'
  readonly left: ListOperand
  readonly right: ListOperand
}

/** A column of lists (an array of PostgreSQL, of which dimensions count for nothing, or JSON), or a list that is written out. */
export type ListOperand = { readonly kind: 'property'; readonly name: string } | ListLiteral

export interface ListLiteral {
  readonly kind: 'list'
  readonly items: readonly (Expression | ListLiteral)[]
}
