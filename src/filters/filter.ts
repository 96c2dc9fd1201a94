import type { Bbox } from '#geo/bbox.js'

/** The one filter tree. Languages are read into it, stores turn it into SQL, and it can be evaluated over rows. */
export type Filter =
  | { readonly kind: 'and'; readonly all: readonly Filter[] }
  | { readonly kind: 'or'; readonly any: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  /** The bounding box of `property` meets `bbox`, which is in the CRS the column is stored in. */
  | { readonly kind: 'bbox'; readonly property: string; readonly bbox: Bbox }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'equals'; readonly property: string; readonly value: string | number | boolean | null }
