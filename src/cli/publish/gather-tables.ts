import { sep } from 'node:path'
import type { CollectionConfig, EmbeddedStoreConfig, PostgisStoreConfig } from '#config/config.js'
import { parseTableName } from '#config/table-name.js'
import type { Finding } from '#core/atlas.js'
import { tableNameOf } from '#core/load-table-name.js'
import type { FeatureStore, TableDescription } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { Publication, TableFound } from '#core/publication.js'
import { displayPath, leftOut } from './left-out.js'
import type { Loaded, LoadedTable } from './load-files.js'
import { measureTables } from './measure-tables.js'
import { withDimensions } from './with-dimensions.js'
import { withStatistics } from './with-statistics.js'

/** Collections up to this number are looked for one by one: cheaper than describing a database of thousands of tables. */
const fewCollections = 5

/**
 * What a store of features publishes: the declared collections in their order, then, where it is to discover, every other spatial table and
 * view, and every loaded file. Throws the store's Problem when it does not answer.
 */
export async function gatherTables(
  config: PostgisStoreConfig | EmbeddedStoreConfig,
  declared: readonly CollectionConfig[],
  { tables: loaded, others }: Pick<Loaded, 'tables' | 'others'>,
  store: FeatureStore,
  signal?: AbortSignal,
): Promise<readonly Publication[]> {
  if (!config.discover && declared.length === 0 && loaded.length === 0) return []
  const search = searchOrder(config)
  const descriptions = await describeTables(config, declared, loaded, store, signal)
  const byName = new Map(descriptions.map(description => [keyOf(description.schema, description.table), description]))
  const chosen = declared.map(collection => ({ collection, description: find(collection, search, byName, loaded) }))
  const isDeclared = new Set(chosen.flatMap(({ description }) => description ?? []))
  const files = new Map(loaded.map(table => [keyOf(table.schema, table.table), table]))
  const elsewhere = new Set(others.map(({ schema, table }) => keyOf(schema, table)))
  const isEmbedded = config.kind === 'embedded' // where every table was imported to be published
  const isDiscovered = (table: TableDescription) =>
    config.discover && (isEmbedded || table.geometries.length > 0) && !elsewhere.has(keyOf(table.schema, table.table))
  const discovered = descriptions.filter(
    table => !isDeclared.has(table) && (isNamed(config, files.get(keyOf(table.schema, table.table))) || isDiscovered(table)),
  )
  const wanted = [...isDeclared, ...discovered]
  const measured = await measureTables(config.id, wanted, store, { withCounts: isEmbedded, ...(signal && { signal }) })
  const publish = (description: TableDescription, changes: Partial<Publication>): Publication => {
    const file = files.get(keyOf(description.schema, description.table))
    const found: TableFound = { kind: 'table', store: config.id, description, ...measured.get(description) }
    const notes: Finding[] = (file?.notes ?? []).map(message => ({ severity: 'info', code: 'import-note', message }))
    const outdated: Finding[] =
      file?.outdated === undefined
        ? []
        : [
            {
              severity: 'error',
              code: 'outdated',
              message: `The file changed, but what it holds now could not be loaded: ${file.outdated}`,
            },
          ]
    const findings = [...outdated, ...notes]
    const source = file ? displayPath(file.path) : `${config.id}: ${description.schema}.${description.table}`
    return { source, ...(file && { file: file.path }), name: file?.name ?? description.table, settings: {}, found, findings, ...changes }
  }
  const published = [
    ...chosen.map(({ collection: { id, settings, table = '' }, description }) =>
      description
        ? publish(description, { id, settings })
        : leftOut(`collection ${id}`, notFound(config.id, table, [...byName.values()]), { id, settings }),
    ),
    ...discovered.map(description =>
      publish(description, isQualified(description, config, files) ? { qualifier: description.schema } : {}),
    ),
  ]
  return withDimensions(await withStatistics(published, store, signal), store, signal)
}

/** Whether a file is to be published though nothing declares it. */
function isNamed(config: PostgisStoreConfig | EmbeddedStoreConfig, file: LoadedTable | undefined): boolean {
  if (!file || config.discover || config.kind !== 'embedded') return file !== undefined && config.discover
  return config.sources?.some(source => file.path === source || file.path.startsWith(source.endsWith(sep) ? source : source + sep)) === true
}

/** Schemas where a table without schema is looked for. */
const searchOrder = (config: PostgisStoreConfig | EmbeddedStoreConfig): readonly string[] =>
  config.kind === 'postgis' && config.schemas ? config.schemas : ['public']

async function describeTables(
  config: PostgisStoreConfig | EmbeddedStoreConfig,
  declared: readonly CollectionConfig[],
  loaded: readonly LoadedTable[],
  store: FeatureStore,
  signal: AbortSignal | undefined,
): Promise<readonly TableDescription[]> {
  const search = searchOrder(config)
  const names = declared.map(({ table = '' }) => parseTableName(table))
  if (!config.discover && loaded.length === 0 && names.length <= fewCollections) {
    const found: TableDescription[] = []
    for (const name of names) {
      if (!name) continue
      const schemas = name.schema === undefined ? search : [name.schema]
      found.push(...(await store.discover({ schemas, table: name.table, withoutGeometry: true }, signal)))
    }
    return found
  }
  const schemas =
    config.kind === 'postgis' && config.schemas
      ? { schemas: [...new Set([...config.schemas, ...names.flatMap(name => name?.schema ?? [])])] }
      : {}
  const all = await store.discover({ ...schemas, withoutGeometry: config.kind === 'embedded' || declared.length > 0 }, signal)
  if (config.discover) return all
  const wanted = new Set([
    ...names.flatMap(name => (name ? (name.schema === undefined ? search : [name.schema]).map(schema => keyOf(schema, name.table)) : [])),
  ])
  for (const { schema, table } of loaded) wanted.add(keyOf(schema, table))
  return all.filter(({ schema, table }) => wanted.has(keyOf(schema, table)))
}

/** The table a collection names: a loaded file's, whatever number its table had to get behind its name, else one of the database. */
function find(
  { table = '' }: CollectionConfig,
  search: readonly string[],
  byName: ReadonlyMap<string, TableDescription>,
  loaded: readonly LoadedTable[],
): TableDescription | undefined {
  const name = parseTableName(table)
  if (!name) return undefined
  const file = loaded.find(({ table }) => table === name.table) ?? loaded.find(({ name: layer }) => tableNameOf(layer) === name.table)
  if (file && name.schema === undefined) return byName.get(keyOf(file.schema, file.table))
  const schemas = name.schema === undefined ? search : [name.schema]
  return schemas.map(schema => byName.get(keyOf(schema, name.table))).find(description => description !== undefined)
}

/** Ids carry the schema unless it is the usual one, the only one named, or the one files are loaded into. */
function isQualified(
  { schema, table }: TableDescription,
  config: PostgisStoreConfig | EmbeddedStoreConfig,
  files: ReadonlyMap<string, LoadedTable>,
): boolean {
  if (schema === 'public' || files.has(keyOf(schema, table))) return false
  return config.kind !== 'postgis' || config.schemas?.length !== 1
}

function notFound(store: string, table: string, known: readonly TableDescription[]): Problem {
  const wanted = (parseTableName(table)?.table ?? table).toLowerCase()
  const alike = known.filter(description => description.table.toLowerCase() === wanted).map(({ schema, table }) => `${schema}.${table}`)
  const hint = alike.length > 0 ? ` There is ${alike.slice(0, 5).join(', ')}.` : ' Check its name, its schema and who may read it.'
  return new Problem('not-found', `The store ${store} has no table or view ${table}.${hint}`)
}

const keyOf = (schema: string, table: string) => JSON.stringify([schema, table])
