import type { AtlasView, Collection } from '#core/atlas.js'
import { type FeatureSchema, featureSchema, type SchemaPurpose } from '#core/feature-schema.js'
import { timeOf } from '#core/feature-time.js'
import { withReferences } from '#core/reference-schema.js'
import { textIn } from '#core/text.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { longestCommonText } from '#rows/column-statistics.js'
import { json } from '../common/documents.js'
import { knownParameters } from '../common/known-parameters.js'
import { askedReferences, profileHeader, referenceForm } from './profiles.js'
import { referencesOf } from './references.js'
import { requireFeatures } from './require-features.js'
import { queryableNames } from './selection.js'

/** JSON Schema, under its own name or that of all JSON. */
export const schemaForms = [{ names: ['json'], mediaTypes: ['application/schema+json', 'application/json'] }] as const

const addresses = { schema: 'schema', queryables: 'queryables', sortables: 'sortables' } as const satisfies Record<SchemaPurpose, string>

/**
 * What the features of a collection are made of (OGC 23-058r2), what filters may name of it (OGC 19-079r2, 6.2), and what they may be sorted by: JSON
 * Schema. Queryables list the values of columns that have few. The schema of features says with `profile` what references are like under it.
 */
export async function schemaDocument(purpose: SchemaPurpose, request: ServiceRequest, context: ServiceContext): Promise<ServiceAnswer> {
  const { view, path, query, baseUrl, languages } = request
  const parameters = knownParameters(query, ['f', 'lang', ...(purpose === 'schema' ? ['profile'] : [])])
  const { collection } = requireFeatures(view, path.collection ?? '')
  const address = `${baseUrl}/collections/${encodeURIComponent(collection.id)}/${addresses[purpose]}`
  const asked = purpose === 'schema' ? askedReferences(parameters, request, collection, true) : undefined
  const form = asked && referenceForm(asked)
  const id = form && asked ? `${address}?profile=${asked.name}` : address
  const spoken = [...languages, ...view.atlas.service.languages]
  const schema = await schemaOf(purpose, view, collection, id, spoken, context, request.signal)
  const answer = json(
    asked && form ? { ...schema, properties: withReferences(schema, asked.columns.keys(), form) } : schema,
    'application/schema+json',
  )
  return { ...answer, headers: { ...answer.headers, ...profileHeader(asked) } }
}

/** The schema of a collection for a purpose. */
export async function schemaOf(
  purpose: SchemaPurpose,
  view: AtlasView,
  collection: Collection,
  id: string,
  languages: readonly string[],
  context: Pick<ServiceContext, 'stores'>,
  signal: AbortSignal,
): Promise<FeatureSchema> {
  const { source, title } = collection
  if (source.kind !== 'features') throw new Error('a raster has no features')
  const carrier = timeOf(collection)
  const time =
    carrier?.kind === 'column' ? carrier.column : carrier?.kind === 'columns' ? ([carrier.start, carrier.end] as const) : undefined
  const references = referencesOf(view, collection)
  const values = purpose === 'queryables' ? await fewValues(collection, context, signal) : undefined
  return featureSchema(source, {
    purpose,
    id,
    title: textIn(title, languages),
    ...(values && { values }),
    ...(time !== undefined && { time }),
    ...(references.size > 0 && { references }),
    ...(purpose !== 'schema' && { columns: queryableNames(collection) }),
  })
}

/** Columns with few values, as the database has last counted them: a hint for forms, since a row may bring another one. */
async function fewValues(
  { source }: Collection,
  { stores }: Pick<ServiceContext, 'stores'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly (string | number)[]>> {
  if (source.kind !== 'features' || source.restriction) return new Map()
  const { schema, table, count } = source
  const columns = source.columns.filter(({ kind }) => kind === 'text' || kind === 'integer')
  const asked = { schema, table, kind: 'table' as const, columns, estimatedCount: count?.value ?? -1 }
  const [statistics = []] = await stores.features(source.store).columnStatistics([asked], signal)
  return new Map(
    statistics.flatMap(({ name, isWhole, common }) => {
      const all = common.map(({ value }) => value).filter(value => typeof value !== 'boolean')
      return isWhole && all.length > 0 && all.every(value => String(value).length < longestCommonText)
        ? [[name, all.sort(byValue)] as const]
        : []
    }),
  )
}

const byValue = (a: string | number, b: string | number) =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'fr')
