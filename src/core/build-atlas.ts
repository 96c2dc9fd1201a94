import { isDeepStrictEqual } from 'node:util'
import { type TileMatrixSetDefinition, tileMatrixSet } from '#geo/tile-matrix-set.js'
import { builtInTileMatrixSets } from '#geo/tile-matrix-sets.js'
import type {
  Access,
  Atlas,
  Collection,
  Finding,
  GeometryColumn,
  LegacyServer,
  Limits,
  ServiceInfo,
  Space,
  StateInForce,
  Verdict,
} from './atlas.js'
import { type BuiltCollection, buildCollection, type FoundOverviews } from './build-collection.js'
import { guessCrs, isUsable } from './collection-extent.js'
import { freeId, idFromName } from './collection-id.js'
import { judgeAlignment } from './judge-alignment.js'
import { judgeOverviews } from './judge-overviews.js'
import type { Publication, TableCures, TableFound } from './publication.js'
import { summarise } from './verdict-summary.js'
import { judgeDatum, judgeTable } from './verdict-table.js'

/** Everything an atlas is made of. */
export interface AtlasPlan {
  readonly service: ServiceInfo
  /** In the order of publication. */
  readonly publications: readonly Publication[]
  readonly spaces: ReadonlyMap<string, Space>
  /** Beside the built-in ones, or in their place. */
  readonly grids?: ReadonlyMap<string, TileMatrixSetDefinition>
  readonly limits: Limits
  readonly access: Access
  readonly styleAddresses?: readonly string[]
  readonly legacy?: ReadonlySet<LegacyServer>
  readonly namespaces: ReadonlyMap<string, string>
  readonly state?: StateInForce
  /** Overview files that were found, by collection. */
  readonly overviews?: ReadonlyMap<string, FoundOverviews>
  /** Cures for the tables of a store; undefined for stores that no command reaches. */
  readonly cures: (store: string) => TableCures | undefined
}

/**
 * The atlas of a plan, with a verdict for every publication: what cannot be published is left out and says why, the rest goes on.
 * Collections that did not change are the very objects of `previous`, and so is the generation when nothing did.
 */
export function buildAtlas(plan: AtlasPlan, previous?: Atlas, now: Date = new Date()): Atlas {
  const grids = new Map([...builtInTileMatrixSets(), ...[...(plan.grids ?? [])].map(([id, grid]) => [id, tileMatrixSet(grid)] as const)])
  const ids = assignIds(plan.publications)
  const collections = new Map<string, Collection>()
  const verdicts: Verdict[] = []
  for (const [i, publication] of plan.publications.entries()) {
    const id = ids[i]
    const built = buildCollection(id, publication, plan.overviews?.get(id))
    if ('obstacle' in built) {
      verdicts.push(leftOut(publication, cured(built.obstacle, publication, plan)))
      continue
    }
    const { collection } = built
    const before = previous?.collections.get(id)
    collections.set(id, before && isDeepStrictEqual(before, collection) ? before : collection)
    const said = saidBy(publication)
    const findings = [
      ...said,
      ...(built.findings ?? []),
      ...judge(collection, publication, plan),
      ...judgeSmallScales(built, plan),
      ...judgeAlignment(collection, grids, said),
    ]
    verdicts.push({ source: publication.source, collection: id, summary: summarise(collection), findings })
  }
  verdicts.push(...judgeNames(plan, collections))
  const { service, spaces, limits, access, namespaces, state } = plan
  if (state?.kind === 'off') verdicts.push({ source: 'state', summary: 'off', findings: [state.finding] })
  const atlas: Atlas = {
    grids,
    generation: 1,
    builtAt: now,
    service,
    collections,
    spaces,
    limits,
    access,
    styleAddresses: plan.styleAddresses ?? [],
    legacy: plan.legacy ?? new Set(),
    namespaces,
    verdicts,
    ...(state && { state }),
  }
  if (!previous) return atlas
  return isSameContent(previous, atlas)
    ? { ...atlas, generation: previous.generation, builtAt: previous.builtAt }
    : { ...atlas, generation: previous.generation + 1 }
}

/** The ids of `publications`, in their order: chosen ones first, then names, qualified by the schema where there is one, then numbered. */
function assignIds(publications: readonly Publication[]): readonly string[] {
  const taken = new Set(publications.flatMap(({ id }) => id ?? []))
  return publications.map(({ id, name, qualifier }) => {
    if (id !== undefined) return id
    const free = freeId(idFromName(qualifier === undefined ? name : `${qualifier}.${name}`), candidate => taken.has(candidate))
    taken.add(free)
    return free
  })
}

function judge(collection: Collection, { found }: Publication, plan: AtlasPlan): Finding[] {
  const { source } = collection
  if (source.kind === 'raster') return source.mosaic.parts.flatMap(({ crs }) => judgeDatum(crs))
  return found.kind === 'table' ? judgeTable(collection, source, found, plan.cures(found.store)) : []
}

/** What reading a published source showed; that a raster does not say where it lies is no matter once the operator did. */
const saidBy = ({ findings, found }: Publication) =>
  found.kind === 'raster' ? findings.filter(({ code }) => code !== 'unknown-srid') : findings

function judgeSmallScales(built: BuiltCollection, { limits }: AtlasPlan): Finding[] {
  if ('obstacle' in built || !built.attached || built.collection.source.kind !== 'raster') return []
  const { collection, attached } = built
  return judgeOverviews(collection.id, built.collection.source.mosaic, attached, limits)
}

function leftOut({ source, findings }: Publication, obstacle: Finding): Verdict {
  return { source, summary: 'not published', findings: [obstacle, ...findings.filter(finding => finding !== obstacle)] }
}

/** `obstacle` with the command that removes it, where the store has one. */
function cured(obstacle: Finding, { found }: Publication, plan: AtlasPlan): Finding {
  if (found.kind !== 'table' || obstacle.cure !== undefined) return obstacle
  const { schema, table, geometries } = found.description
  const cures = plan.cures(found.store)
  const cure =
    obstacle.code === 'missing-srid'
      ? cures?.setSrid(schema, table, geometries[0].name, likelySrid(found, geometries[0]))
      : obstacle.code === 'unreadable'
        ? cures?.grantRead(schema, table)
        : undefined
  return cure === undefined ? obstacle : { ...obstacle, cure }
}

/** The SRID that coordinates without one most likely have, to stand in a command that the operator checks before pasting. */
function likelySrid({ extents }: TableFound, { name, extent }: GeometryColumn): number {
  const box = extent ?? extents?.get(name)
  const guess = isUsable(box) ? guessCrs(box) : undefined
  return Number((guess ?? 'EPSG:2154').slice('EPSG:'.length))
}

/** Spaces and write rules that name collections nobody publishes. */
function judgeNames({ spaces, access }: AtlasPlan, collections: ReadonlyMap<string, Collection>): Verdict[] {
  const unknown = (ids: Iterable<string>) => [...ids].filter(id => !collections.has(id))
  const named = new Set([...spaces].flatMap(([id, space]) => space.collections.map(collection => `${id}:${collection}`)))
  const lists = [
    ...[...spaces].map(([id, space]) => ({ source: `spaces.${id}`, missing: unknown(space.collections) })),
    { source: 'access.write', missing: unknown(access.write.keys()).filter(id => id !== '*' && !named.has(id)) },
  ]
  return lists
    .filter(({ missing }) => missing.length > 0)
    .map(({ source, missing }) => ({
      source,
      summary: 'names collections that are not published',
      findings: missing.map(id => ({ severity: 'warning' as const, code: 'unknown-collection', message: `There is no collection ${id}.` })),
    }))
}

function isSameContent(a: Atlas, b: Atlas): boolean {
  // who may write shows in no document, and hashes of secrets out of variables are new each time
  const parts = ({ service, spaces, grids, limits, namespaces }: Atlas) => [service, spaces, grids, limits, namespaces]
  return (
    isDeepStrictEqual([...a.collections.keys()], [...b.collections.keys()]) &&
    [...b.collections].every(([id, collection]) => a.collections.get(id) === collection) &&
    isDeepStrictEqual(parts(a), parts(b))
  )
}
