import { loadGeos } from '#filters/geos.js'
import { type Caller, requireAccess } from './access.js'
import type { Atlas, Collection, FeatureSource } from './atlas.js'
import { editsPossible } from './edit-rights.js'
import { fitFeature, type Purpose } from './fit-feature.js'
import type { GivenFeature } from './given-feature.js'
import type { EditedFeature, FeatureChange, Renderer, Stores } from './ports.js'
import { type Fault, Problem } from './problem.js'

/** What somebody wants done with the features of a collection. */
export type FeatureEdit =
  | { readonly kind: 'create'; readonly features: readonly GivenFeature[] }
  | { readonly kind: 'replace' | 'update'; readonly id: string; readonly feature: GivenFeature; readonly expected?: Expected }
  | { readonly kind: 'remove'; readonly id: string; readonly expected?: Expected }

/** Versions of which the feature must have one; `any`: it only has to be there. */
export type Expected = readonly string[] | 'any'

export interface EditContext {
  readonly atlas: Atlas
  readonly caller: Caller
  readonly stores: Stores
  readonly renderer: Renderer
}

/** Faults told at once: more would help nobody. */
const mostFaults = 100

/**
 * Changes features: all or nothing. Throws `unauthorized`, `forbidden`, `method-not-allowed` where such features cannot be changed so,
 * `precondition-required` where the collection wants to know which version is changed, `unprocessable` with all that is wrong with what
 * was sent, and what `FeatureStore.edit` throws. Afterwards whoever asks sees the features as they are now.
 */
export async function editFeatures(
  collection: Collection,
  edit: FeatureEdit,
  { atlas, caller, stores, renderer }: EditContext,
  signal?: AbortSignal,
): Promise<readonly EditedFeature[]> {
  requireEditing(collection, edit.kind, { atlas, caller })
  const { source } = collection
  if (source.kind !== 'features') throw notEditable(collection)
  const store = stores.features(source.store)
  if (!store.edit) throw notEditable(collection)
  if (edit.kind !== 'create' && collection.locking === 'required' && (edit.expected ?? 'any') === 'any')
    throw new Problem('precondition-required', 'Say which version you change: send the ETag of the feature in If-Match.')
  const changes = await changesOf(edit, source)
  const done = await store.edit(source, changes, signal)
  renderer.changed?.()
  return done
}

/** Throws where nobody can, or this caller may not: before anything that was sent is read. */
export function requireEditing(
  collection: Collection,
  kind: FeatureEdit['kind'],
  { atlas, caller }: Pick<EditContext, 'atlas' | 'caller'>,
): void {
  const possible = editsPossible(collection)
  if (possible.length === 0) throw notEditable(collection)
  if (!possible.includes(kind))
    throw new Problem(
      'method-not-allowed',
      `The features of ${collection.id} have no lasting ids, so they can be added only; a primary key would help.`,
    )
  requireAccess(atlas, caller, 'write', collection.id)
}

const notEditable = ({ id }: Collection) => new Problem('method-not-allowed', `The collection ${id} cannot be changed here.`)

async function changesOf(edit: FeatureEdit, source: FeatureSource): Promise<readonly FeatureChange[]> {
  const expected = edit.kind !== 'create' && edit.expected !== undefined && edit.expected !== 'any' && { expected: edit.expected }
  if (edit.kind === 'remove') return [{ kind: 'remove', id: edit.id, ...expected }]
  const geos = await loadGeos()
  const faults: Fault[] = []
  const fit = (feature: GivenFeature, purpose: Purpose) => {
    const fitted = fitFeature(feature, source, purpose, geos)
    faults.push(...fitted.faults)
    return fitted.values
  }
  const changes: FeatureChange[] = []
  if (edit.kind !== 'create') changes.push({ kind: edit.kind, id: edit.id, values: fit(edit.feature, edit), ...expected })
  else
    for (const feature of edit.features) {
      changes.push({ kind: 'create', values: fit(feature, { kind: 'create' }) })
      if (faults.length >= mostFaults) break
    }
  if (faults.length === 0) return changes
  const more = faults.length === 1 ? '' : ` And ${faults.length - 1} more.`
  throw new Problem('unprocessable', `${faults[0].message}${more}`, { faults: faults.slice(0, mostFaults) })
}
