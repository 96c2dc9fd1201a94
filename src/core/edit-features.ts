import { setImmediate as nextTurn } from 'node:timers/promises'
import { loadGeos } from '#filters/geos.js'
import { type Bbox, unionBbox } from '#geo/bbox.js'
import { ewkbBbox } from '#geo/ewkb.js'
import { type Caller, requireAccess } from './access.js'
import type { Atlas, Collection, FeatureSource } from './atlas.js'
import { editsPossible } from './edit-rights.js'
import type { EditNote } from './edited-atlas.js'
import { fitFeature, mostFaults, type Purpose } from './fit-feature.js'
import type { GivenFeature } from './given-feature.js'
import type { ChangeCondition, EditedFeature, FeatureChange, Renderer, Stores } from './ports.js'
import { type Fault, Problem } from './problem.js'

/** What somebody wants done with the features of a collection. */
export type FeatureEdit =
  | { readonly kind: 'create'; readonly features: readonly GivenFeature[] }
  | ({ readonly kind: 'replace'; readonly id: string; readonly feature: GivenFeature } & EditCondition)
  | ({ readonly kind: 'update'; readonly id: string; readonly feature: GivenFeature } & EditCondition)
  | ({ readonly kind: 'remove'; readonly id: string } & EditCondition)

/** In which version the feature must be; `any` expected: it only has to be there. */
export interface EditCondition extends Pick<ChangeCondition, 'unwanted'> {
  readonly expected?: readonly string[] | 'any'
}

/** What an edit needs beside the collection. */
export interface EditContext {
  readonly atlas: Atlas
  readonly caller: Caller
  readonly stores: Stores
  readonly renderer: Renderer
  /** Hears of every change that was made. */
  readonly edited?: ((note: EditNote) => void) | undefined
}

/**
 * Changes features: all or nothing. Throws `unauthorized`, `forbidden`, `method-not-allowed` where such features cannot be changed so,
 * `precondition-required` where the collection wants to know which version is changed, `unprocessable` with all that is wrong with what
 * was sent, and what `FeatureStore.edit` throws. Afterwards whoever asks sees the features as they are now.
 */
export async function editFeatures(
  collection: Collection,
  edit: FeatureEdit,
  { atlas, caller, stores, renderer, edited }: EditContext,
  signal?: AbortSignal,
): Promise<readonly EditedFeature[]> {
  requireEditing(collection, edit.kind, { atlas, caller })
  const { source } = collection
  if (source.kind !== 'features') throw notEditable(collection)
  const store = stores.features(source.store)
  if (!store.edit) throw notEditable(collection)
  if (edit.kind !== 'create' && collection.locking === 'required' && (edit.expected ?? 'any') === 'any')
    throw new Problem('precondition-required', 'Say which version you change: send the ETag of the feature in If-Match.')
  if (edit.kind === 'create' && edit.features.length > atlas.limits.itemsMax)
    throw new Problem(
      'body-too-large',
      `At most ${atlas.limits.itemsMax} features can be made at a time; ${edit.features.length} were sent.`,
    )
  const changes = await changesOf(edit, source, signal)
  const done = await store.edit(source, changes, signal)
  renderer.changed?.()
  edited?.(noteOf(source, changes))
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

/** Features looked at before others get their turn. */
const turn = 500

async function changesOf(edit: FeatureEdit, source: FeatureSource, signal?: AbortSignal): Promise<readonly FeatureChange[]> {
  const condition = edit.kind === 'create' ? {} : conditionOf(edit)
  if (edit.kind === 'remove') return [{ kind: 'remove', id: edit.id, ...condition }]
  const geos = await loadGeos()
  const faults: Fault[] = []
  const fit = (feature: GivenFeature, purpose: Purpose) => {
    const fitted = fitFeature(feature, source, purpose, geos)
    faults.push(...fitted.faults)
    return fitted
  }
  const changes: FeatureChange[] = []
  if (edit.kind === 'replace') changes.push({ kind: 'replace', id: edit.id, values: fit(edit.feature, edit).values, ...condition })
  else if (edit.kind === 'update') {
    const { values, patches } = fit(edit.feature, edit)
    changes.push({ kind: 'update', id: edit.id, values, ...(patches.size > 0 && { patches }), ...condition })
  } else
    for (const [i, feature] of edit.features.entries()) {
      if (i % turn === turn - 1) {
        await nextTurn()
        signal?.throwIfAborted()
      }
      changes.push({ kind: 'create', values: fit(feature, { kind: 'create' }).values })
      if (faults.length >= mostFaults) break
    }
  if (faults.length === 0) return changes
  const more = faults.length === 1 ? '' : ` And ${faults.length - 1} more.`
  throw new Problem('unprocessable', `${faults[0].message}${more}`, { faults: faults.slice(0, mostFaults) })
}

const conditionOf = ({ expected, unwanted }: EditCondition): ChangeCondition => ({
  ...(expected !== undefined && expected !== 'any' && { expected }),
  ...(unwanted !== undefined && { unwanted }),
})

function noteOf(source: FeatureSource, changes: readonly FeatureChange[]): EditNote {
  const boxes = new Map<string, Bbox>()
  let added = 0
  for (const change of changes) {
    if (change.kind === 'create') added++
    if (change.kind === 'remove') {
      added--
      continue
    }
    for (const { name } of source.geometries) {
      const ewkb = change.values.get(name)
      const box = ewkb instanceof Uint8Array ? ewkbBbox(ewkb) : undefined
      if (box) boxes.set(name, unionBbox(boxes.get(name), box))
    }
  }
  return { table: source, added, boxes }
}
