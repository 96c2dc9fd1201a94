import type { Collection, FeatureSource } from '#core/atlas.js'
import type { CountFeatures, FeatureCount } from '#core/count-features.js'
import type { FeatureSchema } from '#core/feature-schema.js'
import type { FindFeatures } from '#core/find-features.js'
import { type Problem, toProblem } from '#core/problem.js'
import { textIn } from '#core/text.js'
import { nextLink } from '#formats/features/next-link.js'
import { html } from '#protocols/http/html.js'
import { statusOf } from '#protocols/http/problem-json.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { addressWith, link } from '../../common/documents.js'
import { knownParameters } from '../../common/known-parameters.js'
import { apiPage, collectionStep, pageMaking } from '../../pages/api-page.js'
import { allowedMethods } from '../allowed-methods.js'
import { crsParameter } from '../crs-parameter.js'
import { countOf, findOf, writeOptions } from '../items.js'
import { type PageRequest, pageRequest } from '../page-request.js'
import { requireFeatures } from '../require-features.js'
import { schemaOf } from '../schemas.js'
import { queryableNames, reservedParameters } from '../selection.js'
import { activeConditions } from './active-conditions.js'
import { downloads } from './downloads.js'
import { featureTable } from './feature-table.js'
import { filterForm } from './filter-form.js'
import { mapData, mapSection } from './page-map.js'
import { type ReadPage, readPage } from './read-page.js'

/** Rows of a page where nothing is said, and at most; values of it at most: more than that nobody reads, and no browser likes. */
const [usualRows, mostRows, mostValues] = [25, 1000, 50_000]

/** What was found for a page, or why it could not be. */
type Outcome =
  | { readonly kind: 'page'; readonly find: FindFeatures; readonly counted: FeatureCount; readonly read: ReadPage }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** Features of a collection for people: a table, a map of them, a form of conditions, and files of what is selected. */
export async function itemsPage(request: ServiceRequest, context: ServiceContext, count: CountFeatures): Promise<ServiceAnswer> {
  const { view, path, baseUrl, caller, signal } = request
  const making = pageMaking(request)
  const { words, languages } = making
  const { collection, source } = requireFeatures(view, path.collection ?? '')
  const address = `${baseUrl}/collections/${encodeURIComponent(collection.id)}`
  const itemsAddress = `${address}/items`
  const parameters = filled(request.query)
  const wanted = wantedRows(parameters, request, source)
  const schema = (purpose: 'schema' | 'queryables') => schemaOf(purpose, view, collection, `${address}/${purpose}`, languages, context, signal)
  const [properties, queryables] = await Promise.all([schema('schema'), schema('queryables')])
  const outcome = await found({ ...request, languages }, { collection, source, parameters, wanted }, context, count)

  const at = (changed: Readonly<Record<string, string>>) => addressWith(itemsAddress, parameters, changed)
  const anew = (changed: Readonly<Record<string, string>>) => at({ f: 'html', offset: '', cursor: '', ...changed })
  const pageAt = (f: string) => at({ f, limit: String(wanted.limit) })
  const json = { href: pageAt('json'), type: 'application/geo+json' }
  const isShown = outcome.kind === 'page' && source.geometry !== undefined && collection.storageCrs !== undefined
  const form = filterForm({ collection, queryables, parameters, itemsAddress, limit: wanted.limit, itemsMax: mostRows, words })
  const files =
    outcome.kind === 'page' &&
    downloads({
      find: outcome.find,
      words,
      optionsOf: format => writeOptions(request, new URLSearchParams(), format, false),
      pageAddress: ({ names }) => pageAt(names[0]),
      fileAddress: ({ names }) => at({ f: names[0], limit: '-1', offset: '', cursor: '' }),
      ...(countTold(outcome.counted) !== undefined && { count: countTold(outcome.counted) }),
    })
  const content = html`<main class="data">
<aside>
<details class="panel" open><summary><h2>${words.filter}</h2></summary>${form}</details>
${files && html`<details class="panel" open><summary><h2>${words.download}</h2></summary><p>${words.downloadHow}</p>${files}</details>`}
<details class="panel"><summary><h2>${words.addresses}</h2></summary>
<div class="address"><label>${words.json}<input readonly value="${json.href}"></label><button type="button" data-copy="${json.href}">${words.copy}</button></div>
<ul class="links">${(['schema', 'queryables', 'sortables'] as const).map(name => html`<li><a href="${address}/${name}?f=html">${words[name]}</a></li>`)}</ul></details>
${allowedMethods(view.atlas, caller, collection).items.includes('POST') && html`<details class="panel"><summary><h2>${words.edit}</h2></summary><p>${words.createHow}</p></details>`}
</aside>
<section class="found">
${isShown && mapSection(words)}
${activeConditions(parameters, queryableNames(collection), changed => anew(changed), words)}
${
  outcome.kind === 'problem'
    ? html`<p class="problem" role="alert">${outcome.problem.message}</p>`
    : foundContent(outcome, { itemsAddress, parameters, wanted, properties, anew })
}
</section>
</main>`

  function foundContent(
    { find, counted, read }: Extract<Outcome, { kind: 'page' }>,
    page: { itemsAddress: string; parameters: URLSearchParams; wanted: Rows; properties: FeatureSchema; anew: typeof anew },
  ) {
    const next = read.next && nextLink(link(anew({ f: 'html' }), 'next', 'text/html'), find, read.next, counted.matched !== undefined)
    const pager = html`<nav class="pager" aria-label="${words.rows}">
<strong>${countText(counted, read.rows.length, page.wanted, parameters.has('cursor'), making)}</strong>
<span>${(page.wanted.offset > 0 || parameters.has('cursor')) && html`<a href="${anew({})}">${words.first}</a>`}
${page.wanted.offset > 0 && html`<a rel="prev" href="${anew({ offset: page.wanted.offset > page.wanted.limit ? String(page.wanted.offset - page.wanted.limit) : '' })}">← ${words.previous}</a>`}
${next && html`<a rel="next" href="${next.href}">${words.next} →</a>`}</span></nav>`
    const table = featureTable({
      read,
      properties,
      sortables: queryableNames(collection),
      sortby: parameters.get('sortby') ?? '',
      sortAddress: sortby => anew({ sortby }),
      featureAddress: id =>
        `${itemsAddress}/${encodeURIComponent(id)}?f=html${parameters.has('lang') ? `&lang=${encodeURIComponent(making.language)}` : ''}`,
      words,
    })
    return html`${pager}
${read.rows.length === 0 ? html`<p class="nothing">${words.none}</p>` : table}
${read.rows.length > 10 && pager}`
  }

  const status = outcome.kind === 'problem' ? statusOf[outcome.problem.kind] : 200
  const answer = apiPage(request, making, {
    title: textIn(collection.title, languages),
    content,
    json,
    trail: [collectionStep(request, collection, making)],
    scripts: ['ol.js', 'features.js'],
    data: isShown ? mapData(collection, baseUrl, at({ f: 'geojson', limit: String(wanted.limit), crs: '' }), words) : {},
    status,
  })
  return { ...answer, headers: { ...answer.headers, vary: 'Accept, Accept-Language, Authorization, X-API-Key' } }
}

type Rows = Extract<PageRequest, { kind: 'page' }>

/** What a form leaves empty is not asked for. */
const filled = (query: string) =>
  new URLSearchParams([...new URLSearchParams(query)].filter(([name, value]) => name !== '' && value !== ''))

function wantedRows(parameters: URLSearchParams, { view }: ServiceRequest, { columns }: FeatureSource): Rows {
  const most = Math.max(1, Math.min(mostRows, Math.floor(mostValues / Math.max(1, columns.length))))
  const { itemsMax } = view.atlas.limits
  const wanted = pageRequest(
    parameters,
    { ...view.atlas.limits, items: Math.min(usualRows, itemsMax) },
    { isDocument: true, title: 'HTML' },
  )
  return wanted.kind === 'page' ? { ...wanted, limit: Math.min(wanted.limit, most) } : { kind: 'page', limit: usualRows, offset: 0 }
}

async function found(
  request: ServiceRequest,
  asked: { collection: Collection; source: FeatureSource; parameters: URLSearchParams; wanted: Rows },
  context: ServiceContext,
  count: CountFeatures,
): Promise<Outcome> {
  const { collection, source, parameters, wanted } = asked
  try {
    knownParameters(String(parameters), [...reservedParameters, ...queryableNames(collection)])
    const crs = crsParameter(parameters, 'crs', collection)
    const { find, cursor } = findOf(request, collection, source, parameters, wanted, crs.crs.code)
    const counted = await countOf(find, collection, source, context, count, cursor, request.signal)
    return { kind: 'page', find, counted, read: await readPage(find, context.stores, request.signal) }
  } catch (error) {
    const problem = toProblem(error)
    if (problem.kind === 'internal' || problem.kind === 'cancelled') throw error
    return { kind: 'problem', problem }
  }
}

const countTold = ({ matched, estimated }: FeatureCount) => matched ?? estimated

/** `26–50 of about 34,000`: where the page begins is not known behind a cursor. */
function countText(
  counted: FeatureCount,
  shown: number,
  { offset }: Rows,
  isBehindCursor: boolean,
  { language, words }: ReturnType<typeof pageMaking>,
): string {
  const number = (value: number) => value.toLocaleString(language)
  const here = isBehindCursor || shown === 0 ? number(shown) : `${number(offset + 1)}–${number(offset + shown)}`
  const { matched, estimated } = counted
  if (matched !== undefined) return `${here} ${words.of} ${number(matched)}`
  return estimated === undefined ? here : `${here} ${words.of} ${words.approximately} ${number(estimated)}`
}
