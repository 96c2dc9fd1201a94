import type { Filter } from './filter.js'

/** What a property, a literal or a computation is worth for one row. Dates and times are ISO 8601 texts. */
export type Scalar = string | number | boolean | null

/** The one tree of computations, plain data: of filters, and of whatever a style computes for each feature. */
export type Expression =
  | Literal
  /** A column, by the name it has in the language, `''` for the default geometry; `core` settles case and prefixes before anything is evaluated. */
  | { readonly kind: 'property'; readonly name: string }
  /** A function of the table in `functions/`; arithmetic is `+`, `-`, `*`, `/`, `%`, `^`. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  /** What the map is, and not its rows: `scaleDenominator`, `zoom` (of web mercator), `width`, `height`, a variable of the request, or a parameter that gets its value before (`:name`). */
  | { readonly kind: 'environment'; readonly name: string; readonly otherwise?: Scalar }
  | Choice
  | Recode
  | Step
  | Interpolation

/** A value of the document. OGC Filter has texts only: what they are compared with says what they are. */
export interface Literal {
  readonly kind: 'literal'
  readonly value: Scalar
  /** Of a text that a language says to be more: a moment, or a number that no double holds. */
  readonly type?: 'date' | 'timestamp' | 'number'
}

/** The first case whose filter is true. */
export interface Choice {
  readonly kind: 'choice'
  readonly cases: readonly { readonly when: Filter; readonly value: Expression }[]
  readonly otherwise: Expression
}

/** Discrete values by discrete values (SE 1.1.0, 11.6.4). */
export interface Recode {
  readonly kind: 'recode'
  readonly input: Expression
  readonly entries: readonly (readonly [key: Scalar, value: Expression])[]
  readonly otherwise: Expression
}

/** Values of classes (SE 1.1.0, 11.6.3): `first` below the first threshold; a threshold belongs to what follows it, unless `isUpTo`. */
export interface Step {
  readonly kind: 'step'
  readonly input: Expression
  readonly first: Expression
  /** By rising threshold. */
  readonly steps: readonly (readonly [threshold: number, value: Expression])[]
  readonly isUpTo?: boolean
}

/** Values between given ones (SE 1.1.0, 11.6.2); beyond the ends they stay. */
export interface Interpolation {
  readonly kind: 'interpolation'
  readonly input: Expression
  /** By rising input. */
  readonly stops: readonly (readonly [at: number, value: Expression])[]
  readonly of: 'number' | 'color'
  /** 1 is linear; else the share within a section is (base^a - 1) / (base^b - 1), as MapLibre computes it. `cosine` eases in and out. */
  readonly base?: number | 'cosine'
}
