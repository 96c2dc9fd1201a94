import type { Config, StoreConfig } from '#config/config.js'
import type { Atlas } from '#core/atlas.js'
import { type AtlasPlan, buildAtlas } from '#core/build-atlas.js'
import type { Publication, TableCures } from '#core/publication.js'
import { type ChosenState, chooseState, loadRecordsOf } from './choose-state.js'
import { type GatherTools, gatherStore } from './gather.js'
import { findConfigFiles, gatherLeftOut } from './gather-files.js'
import { gatherOverviews } from './gather-overviews.js'
import type { StoresInUse } from './stores-in-use.js'
import { withDimensions } from './with-dimensions.js'

/** Turns a config into the atlas in force, again and again. Calls wait for each other. */
export interface Publisher {
  /** The atlas in force. Throws before the first `publish`. */
  atlas(): Atlas
  config(): Config
  /** Publishes a config whole. When it throws, the atlas, the config and the stores before stay in force. */
  publish(config: Config, signal?: AbortSignal): Promise<Atlas>
  /** Asks the stores of what could not be published once more; the others are not touched. */
  retry(signal?: AbortSignal): Promise<Atlas>
  /** Looks again at what the dimensions of tables hold. The atlas changes where that did; what cannot be asked stays as it was. */
  remeasure(signal?: AbortSignal): Promise<Atlas>
  /** Whether something is left out that may be there another time. */
  hasUnavailable(): boolean
}

export interface PublisherOptions {
  readonly stores: StoresInUse
  readonly tools: Omit<GatherTools, 'stores' | 'records' | 'rasterRecords'>
  readonly cures: (store: StoreConfig) => TableCures | undefined
  /** Base of links, which wins over the config's. */
  readonly publicUrl?: string
}

interface Edition {
  readonly config: Config
  readonly portions: ReadonlyMap<string, readonly Publication[]>
  readonly leftOut: readonly Publication[]
  readonly state: ChosenState
  /** What the atlas is made of, but for the publications. */
  readonly plan: Omit<AtlasPlan, 'publications'>
  readonly atlas: Atlas
}

export function createPublisher({ stores, tools, cures, publicUrl }: PublisherOptions): Publisher {
  let edition: Edition | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work)
    queue = result.catch(() => {})
    return result
  }
  const current = (): Edition => {
    if (!edition) throw new Error('nothing is published yet')
    return edition
  }
  /** Gathers anew from the stores that `isWanted`, keeps the portions of the others. */
  const make = async (config: Config, isWanted: (id: string) => boolean, signal?: AbortSignal): Promise<Edition> => {
    const files = await findConfigFiles(config, signal)
    await stores.prepare(config, store => files.features.length > 0 || isNamed(config, store.id))
    const state = await chooseState(config, stores.open, cures, signal)
    const isSameState = state.kept?.id === edition?.state.kept?.id
    const records = (target: string) => loadRecordsOf(target, state, config, stores.open, stores.nameOf)
    const rasterRecords = (store: string) => state.kept?.state.rasters(stores.nameOf(store))
    const gathering = { ...tools, stores: stores.open, records, rasterRecords }
    const portions = await Promise.all(
      [...config.stores.values()].map(async store => {
        const kept = isWanted(store.id) || !isSameState ? undefined : edition?.portions.get(store.id)
        return [store.id, kept ?? (await gatherStore(store, config, files, gathering, signal))] as const
      }),
    )
    const overviews = await gatherOverviews(tools, stores.open, signal)
    const leftOut = gatherLeftOut(config, files)
    const plan = {
      service: publicUrl === undefined ? config.service : { ...config.service, publicUrl },
      spaces: config.spaces,
      grids: config.grids,
      limits: config.limits,
      access: config.access,
      styleAddresses: config.styleAddresses,
      legacy: config.legacy,
      namespaces: config.namespaces,
      cures: curesOf(config, cures),
      overviews,
      ...(state.inForce && { state: state.inForce }),
    }
    return bound({ config, portions: new Map(portions), leftOut, state, plan }, edition?.atlas)
  }
  const remeasure = async (signal?: AbortSignal): Promise<Atlas> => {
    const before = current()
    const portions = await Promise.all(
      [...before.portions].map(async ([id, portion]) => {
        const isAsked = before.config.stores.get(id)?.kind !== 'cog' && portion.some(({ settings }) => settings.dimensions)
        return [id, isAsked ? await withDimensions(portion, stores.open.features(id), signal) : portion] as const
      }),
    )
    edition = bound({ ...before, portions: new Map(portions) }, before.atlas)
    return edition.atlas
  }
  const adopt = async (config: Config, isWanted: (id: string) => boolean, signal?: AbortSignal): Promise<Atlas> => {
    edition = await make(config, isWanted, signal)
    stores.settle()
    return edition.atlas
  }
  const replace: typeof adopt = async (config, isWanted, signal) => {
    try {
      return await adopt(config, isWanted, signal)
    } catch (error) {
      stores.revert()
      throw error
    }
  }
  return {
    atlas: () => current().atlas,
    config: () => current().config,
    publish: (config, signal) => inTurn(() => replace(config, () => true, signal)),
    retry: signal =>
      inTurn(() => {
        const { config, portions } = current()
        return replace(config, id => portions.get(id)?.some(isUnavailable) ?? true, signal)
      }),
    remeasure: signal => inTurn(() => remeasure(signal)),
    hasUnavailable: () =>
      edition !== undefined &&
      (isStateUnavailable(edition.state) || [...edition.portions.values(), edition.leftOut].some(portion => portion.some(isUnavailable))),
  }
}

function bound(parts: Omit<Edition, 'atlas'>, before: Atlas | undefined): Edition {
  const { config, portions, leftOut, plan } = parts
  const publications = inOrder(config, [...[...portions.values()].flat(), ...leftOut])
  return { ...parts, atlas: buildAtlas({ ...plan, publications }, before) }
}

const isNamed = (config: Config, store: string) =>
  config.stateStore === store || [...config.collections.values()].some(collection => collection.store === store)

/** Declared collections first, in the order of the config. */
function inOrder(config: Config, publications: readonly Publication[]): readonly Publication[] {
  const byId = new Map(publications.flatMap(publication => (publication.id === undefined ? [] : [[publication.id, publication] as const])))
  const declared = [...config.collections.keys()].flatMap(id => byId.get(id) ?? [])
  return [...declared, ...publications.filter(({ id }) => id === undefined)]
}

/** Left out for reasons that may pass: a database that is down, a file that is being copied or not yet mounted. */
const isUnavailable = ({ found, findings }: Publication) =>
  found.kind === 'nothing' && findings.some(({ code }) => ['unavailable', 'unreadable', 'not-found'].includes(code))

const isStateUnavailable = ({ inForce }: ChosenState) => inForce?.kind === 'off' && inForce.finding.code === 'unavailable'

function curesOf(config: Config, cures: PublisherOptions['cures']): (id: string) => TableCures | undefined {
  const known = new Map([...config.stores].map(([id, store]) => [id, cures(store)]))
  return id => known.get(id)
}
