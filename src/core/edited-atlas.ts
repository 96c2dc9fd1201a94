import { type Bbox, containsBbox, unionBbox } from '#geo/bbox.js'
import type { Atlas, Collection, FeatureSource } from './atlas.js'
import { extentFromStorage } from './collection-extent.js'

/** What an edit did to a table, as far as descriptions of it say anything about that. */
export interface EditNote {
  readonly table: Pick<FeatureSource, 'store' | 'schema' | 'table'>
  /** Rows more than before; below 0: fewer. */
  readonly added: number
  /** By geometry column, the box of what was written, in its CRS. */
  readonly boxes: ReadonlyMap<string, Bbox>
}

/**
 * Keeps what is published up to date with edits, until it is published anew, which looks at the data themselves. The generation of the atlas grows
 * with every extent that does, `edits` of a collection with every change of its rows; neither ever goes back.
 */
export interface Edits {
  note(edit: EditNote): void
  /** The atlas as it is after what was noted: the same object as before where nothing has come that it speaks of. */
  tell(atlas: Atlas): Atlas
}

/** A memory of the edits made through this process. */
export function rememberEdits(): Edits {
  const edits = new Map<string, number>()
  let growths = 0
  let published: Atlas | undefined
  let now: Atlas | undefined
  return {
    note(edit) {
      const key = nameOf(edit.table)
      const count = (edits.get(key) ?? 0) + 1
      edits.set(key, count)
      if (!now) return
      const collections = changed(
        now,
        ({ source }) => nameOf(source) === key,
        collection => edited(collection, edit, count),
      )
      const hasGrown = [...collections].some(([id, { extent }]) => extent !== now?.collections.get(id)?.extent)
      if (hasGrown) growths++
      now = { ...now, collections, generation: now.generation + (hasGrown ? 1 : 0) }
    },
    tell(atlas) {
      if (atlas === published) return now ?? atlas
      published = atlas
      const countOf = ({ source }: Collection) => edits.get(nameOf(source))
      const collections = changed(
        atlas,
        collection => countOf(collection) !== undefined,
        one => ({ ...one, edits: countOf(one)! }),
      )
      now = edits.size === 0 ? atlas : { ...atlas, collections, generation: atlas.generation + growths }
      return now
    },
  }
}

const nameOf = (source: Collection['source'] | EditNote['table']) =>
  'table' in source ? JSON.stringify([source.store, source.schema, source.table]) : ''

const changed = (
  { collections }: Atlas,
  isMeant: (collection: Collection) => boolean,
  change: (collection: Collection) => Collection,
): ReadonlyMap<string, Collection> => new Map([...collections].map(([id, one]) => [id, isMeant(one) ? change(one) : one]))

/** Extents grow with what is written, and stay as they are when something is removed: then they are larger than they need be. */
function edited(before: Collection, { added, boxes }: EditNote, edits: number): Collection {
  const collection = { ...before, edits }
  const { source } = collection
  if (source.kind !== 'features') return collection
  const geometries = source.geometries.map(column => {
    const box = boxes.get(column.name)
    if (!box || (column.extent && containsBbox(column.extent, box))) return column
    return { ...column, extent: unionBbox(column.extent, box) }
  })
  const hasGrown = geometries.some((column, i) => column !== source.geometries[i])
  const isCounted = source.count !== undefined && added !== 0
  if (!isCounted && !hasGrown) return collection
  const count = isCounted && { count: { ...source.count!, value: Math.max(0, source.count!.value + added) } }
  const extent = hasGrown && isComputed(collection, source) ? extentOf({ ...source, geometries }) : collection.extent
  return { ...collection, ...(extent && { extent }), source: { ...source, ...(hasGrown && { geometries }), ...count } }
}

function extentOf({ geometries, geometry }: FeatureSource): Collection['extent'] {
  const column = geometries.find(({ name }) => name === geometry)
  return column?.crs === undefined ? undefined : extentFromStorage(column.extent, column.crs)
}

/** False where the operator said what the extent is. */
const isComputed = ({ extent }: Collection, source: FeatureSource) => JSON.stringify(extentOf(source)) === JSON.stringify(extent)
