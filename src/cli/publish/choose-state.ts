import type { Config, StoreConfig } from '#config/config.js'
import type { StateInForce } from '#core/atlas.js'
import type { LoadRecords, StateStore, Stores } from '#core/ports.js'
import { toProblem } from '#core/problem.js'
import type { TableCures } from '#core/publication.js'

/** The one state of a process: what to tell about it, and itself where it can be kept. */
export interface ChosenState {
  readonly inForce?: StateInForce
  readonly kept?: { readonly id: string; readonly state: StateStore }
}

/** What is still done without state, and how. */
const consequence = 'Files are therefore loaded anew at every start, and known only as long as the process runs.'

/**
 * Where state is kept: in the store the config names, else in the first PostGIS that can be written, in the embedded one only if there is none.
 * A PostGIS that does not answer is waited for (state is off until then) and not passed over: state kept in two places would be worse.
 * An embedded database that nothing else needs is not started for it; where only that is left, there is nothing to tell.
 */
export async function chooseState(
  config: Config,
  stores: Stores,
  cures: (store: StoreConfig) => TableCures | undefined,
  signal?: AbortSignal,
): Promise<ChosenState> {
  const named = config.stateStore
  const refusals: { readonly id: string; readonly reason: string; readonly cure?: string | undefined }[] = []
  for (const store of candidates(config)) {
    const state = stateOf(stores, store)
    if (!state) continue
    try {
      const obstacle = await state.obstacle(signal)
      if (!obstacle) return { inForce: { kind: 'kept', store: store.id }, kept: { id: store.id, state } }
      const cure = obstacle.code === 'no-privilege' ? cures(store)?.grantState() : undefined
      refusals.push({ id: store.id, reason: obstacle.reason, cure })
    } catch (error) {
      signal?.throwIfAborted()
      const message = `State is off until ${store.id} answers: ${toProblem(error).message} ${consequence}`
      return off('error', 'unavailable', message)
    }
  }
  if (refusals.length === 0 || (named === undefined && hasIdleEmbedded(config, stores))) return {}
  const reasons = refusals.map(({ id, reason }) => `${id}, because ${reason}`).join('; ')
  const message = `State is off: it cannot be kept in ${reasons}. ${consequence}`
  return off(named === undefined ? 'warning' : 'error', 'state-off', message, refusals.find(({ cure }) => cure !== undefined)?.cure)
}

function candidates({ stateStore, stores }: Config): readonly StoreConfig[] {
  const all = [...stores.values()].filter(({ id, kind }) => (stateStore === undefined ? kind !== 'cog' : id === stateStore))
  return [...all.filter(({ kind }) => kind === 'postgis'), ...all.filter(({ kind }) => kind === 'embedded')]
}

/** Absent where the store is not open, or keeps nothing. */
function stateOf(stores: Stores, { id }: StoreConfig): StateStore | undefined {
  try {
    return stores.features(id).state
  } catch {
    return undefined
  }
}

const hasIdleEmbedded = ({ stores: all }: Config, stores: Stores) =>
  [...all.values()].some(store => store.kind === 'embedded' && stateOf(stores, store) === undefined)

function off(severity: 'error' | 'warning', code: string, message: string, cure?: string): ChosenState {
  return { inForce: { kind: 'off', finding: { severity, code, message, ...(cure !== undefined && { cure }) } } }
}

/**
 * What state remembers of files loaded into the store `target`; undefined where it is off. What other open stores remember of it, from when
 * state was kept there, moves here first. `nameOf` tells stores apart among everybody who shares this state.
 */
export async function loadRecordsOf(
  target: string,
  { kept }: ChosenState,
  config: Config,
  stores: Stores,
  nameOf: (id: string) => string,
): Promise<LoadRecords | undefined> {
  if (!kept) return undefined
  const nameIn = (id: string) => (id === target ? '' : nameOf(target))
  const records = kept.state.loads(nameIn(kept.id))
  for (const store of config.stores.values()) {
    const state = store.id === kept.id ? undefined : stateOf(stores, store)
    if (state) await move(state, nameIn(store.id), records).catch(() => {}) // a store that cannot be asked keeps its memory for another time
  }
  return records
}

async function move(state: StateStore, name: string, records: LoadRecords): Promise<void> {
  if (!(await state.isPresent()) || (await state.obstacle())) return
  const before = state.loads(name)
  for (const record of await before.list()) {
    await records.put(record)
    await before.forget(record.path)
  }
}
