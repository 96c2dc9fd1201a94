import type { Collection, FeatureSource } from '#core/atlas.js'
import type { CountFeatures, FeatureCount } from '#core/count-features.js'
import type { FindFeatures } from '#core/find-features.js'
import { type Problem, toProblem } from '#core/problem.js'
import { textIn } from '#core/text.js'
import { nextLink } from '#formats/features/next-link.js'
import { type Html, html } from '#protocols/http/html.js'
import { statusOf } from '#protocols/http/problem-json.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { toldIn } from '#protocols/http/told-in.js'
import { addressWith, link } from '../../common/documents.js'
import { knownParameters } from '../../common/known-parameters.js'
import { apiPage, collectionStep, type PageMaking, pageMaking } from '../../pages/api-page.js'
import { allowedMethods } from '../allowed-methods.js'
import { crsParameter } from '../crs-parameter.js'
import { findOf, writeOptions } from '../items.js'
import { countOf } from '../page-counts.js'
import { type PageRequest, pageRequest } from '../page-request.js'
import { askedReferences, profileHeader, toldReferences } from '../profiles.js'
import { referredPages } from '../references.js'
import { requireFeatures } from '../require-features.js'
import { schemaOf } from '../schemas.js'
import { queryableNames, reservedParameters } from '../selection.js'
import { activeConditions } from './active-conditions.js'
import { columnTitles } from './column-titles.js'
import { downloads } from './downloads.js'
import { featureTable } from './feature-table.js'
import { filterForm } from './filter-form.js'
import { mapData, mapSection } from './page-map.js'
import { type ReadPage, readPage } from './read-page.js'

/** Rows of a page where nothing is said, and at most; values of it at most: more than that nobody reads, and no browser likes. */
const [usualRows, mostRows, mostValues] = [25, 1000, 50_000]

/** Rows up to which the page before is found by counting them. */
const farthestBack = 100_000

/** What was found for a page, or why it could not be. */
type Outcome =
  | { readonly kind: 'page'; readonly find: FindFeatures; readonly counted: FeatureCount; readonly read: ReadPage }
  | { readonly kind: 'problem'; readonly problem: Problem }

type FoundPage = Extract<Outcome, { kind: 'page' }>

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
  const queryables = await schemaOf('queryables', view, collection, `${address}/queryables`, languages, context, signal)
  const outcome = await found({ ...request, languages }, { collection, source, parameters, wanted }, context, count)

  const at = (changed: Readonly<Record<string, string>>) => addressWith(itemsAddress, parameters, changed)
  const first = (changed: Readonly<Record<string, string>> = {}) => at({ f: 'html', offset: '', cursor: '', ...changed })
  const pageAs = (f: string, changed = {}) => at({ f, limit: String(wanted.limit), ...changed })
  const json = { href: pageAs('json'), type: 'application/geo+json' }
  const names = queryableNames(collection)
  const isMapped = outcome.kind === 'page' && source.geometry !== undefined && collection.storageCrs !== undefined
  const form = filterForm({ collection, queryables, parameters, itemsAddress, limit: wanted.limit, itemsMax: mostRows, words })

  function files({ find, counted }: FoundPage): Html {
    return downloads({
      find,
      words,
      count: counted.matched ?? counted.estimated ?? 0,
      optionsOf: format => writeOptions(request, new URLSearchParams(), format, false),
      pageAddress: format => pageAs(format.names[0]),
      fileAddress: format => at({ f: format.names[0], limit: '-1', offset: '', cursor: '' }),
    })
  }

  function rows({ find, counted, read }: FoundPage): Html {
    const { limit, offset } = wanted
    const next = read.next && nextLink(link(first(), 'next', 'text/html'), find, read.next, counted.matched !== undefined)
    const pager = html`<nav class="pager" aria-label="${words.rows}">
<strong>${countText(counted, read.rows.length, parameters.has('cursor') && offset === 0 ? undefined : offset, making)}</strong>
<span>${(offset > 0 || parameters.has('cursor')) && html`<a href="${first()}">${words.first}</a>`}
${offset > 0 && offset <= farthestBack && html`<a rel="prev" href="${first({ offset: offset > limit ? String(offset - limit) : '' })}">← ${words.previous}</a>`}
${next && html`<a rel="next" href="${withPosition(next.href, offset + read.rows.length)}">${words.next} →</a>`}</span></nav>`
    if (read.rows.length === 0) return html`${pager}<p class="nothing">${words.none}</p>`
    const query = `?f=html${parameters.has('lang') ? `&lang=${making.language}` : ''}`
    const table = featureTable({
      read,
      titleOf: columnTitles(source),
      sortables: names,
      sortby: parameters.get('sortby') ?? '',
      sortAddress: sortby => first({ sortby }),
      featureAddress: id => `${itemsAddress}/${encodeURIComponent(id)}${query}`,
      referredPage: referredPages(view, collection, baseUrl, query),
      words,
    })
    return html`${pager}${table}${read.rows.length > 10 && pager}`
  }

  const content = html`<main class="data">
<aside>
<details class="panel" open><summary><h2>${words.filter}</h2></summary>${form}</details>
${outcome.kind === 'page' && html`<details class="panel" open><summary><h2>${words.download}</h2></summary><p>${words.downloadHow}</p>${files(outcome)}</details>`}
<details class="panel"><summary><h2>${words.addresses}</h2></summary>
<div class="address"><label>${words.json}<input readonly value="${json.href}"></label><button type="button" data-copy="${json.href}">${words.copy}</button></div>
<ul class="links">${(['schema', 'queryables', 'sortables'] as const).map(name => html`<li><a href="${address}/${name}?f=html">${words[name]}</a></li>`)}</ul></details>
${allowedMethods(view.atlas, caller, collection).items.includes('POST') && html`<details class="panel"><summary><h2>${words.edit}</h2></summary><p>${words.createHow}</p></details>`}
</aside>
<section class="found">
${isMapped && mapSection(words)}
${activeConditions(parameters, names, first, words)}
${outcome.kind === 'problem' ? html`<p class="problem" role="alert">${toldIn(making.language, outcome.problem.message)}</p>` : rows(outcome)}
</section>
</main>`
  const answer = apiPage(request, making, {
    title: textIn(collection.title, languages),
    content,
    json,
    trail: [collectionStep(request, collection, making)],
    scripts: isMapped ? ['ol.js', 'features.js'] : ['features.js'],
    data: isMapped ? mapData(collection, baseUrl, pageAs('geojson', { crs: '', profile: '' }), words) : {},
    status: outcome.kind === 'problem' ? statusOf[outcome.problem.kind] : 200,
  })
  const profile = profileHeader(askedReferences(parameters, request, collection, false))
  return { ...answer, headers: { ...answer.headers, ...profile, vary: 'Accept, Accept-Language, Authorization, X-API-Key' } }
}

/** A cursor says where a page begins; a position beside it, which it wins over, tells people where that is, and the way back. */
const withPosition = (href: string, position: number) =>
  addressWith(href.split('?')[0], new URL(href).searchParams, { offset: String(position) })

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
    const { find: plainly, cursor } = findOf(request, collection, source, parameters, wanted, crs.crs.code)
    const find: FindFeatures = { ...plainly, ...toldReferences(askedReferences(parameters, request, collection, false), request.baseUrl) }
    const counted = await countOf(find, collection, source, context, count, cursor, request.signal)
    const read = await readPage(find, context.stores, request.signal)
    const isAll = !read.next && !cursor && wanted.offset === 0 && wanted.limit > 0
    return { kind: 'page', find, counted: isAll ? { matched: read.rows.length } : counted, read }
  } catch (error) {
    const problem = toProblem(error)
    if (problem.kind === 'internal' || problem.kind === 'cancelled') throw error
    return { kind: 'problem', problem }
  }
}

/** `26–50 of about 34,000`; where a page begins is not known behind a cursor. */
function countText(counted: FeatureCount, shown: number, offset: number | undefined, { language, words }: PageMaking): string {
  const number = (value: number) => value.toLocaleString(language)
  const here = offset === undefined || shown === 0 ? number(shown) : `${number(offset + 1)}–${number(offset + shown)}`
  const { matched, estimated } = counted
  if (matched !== undefined) return `${here} ${words.of} ${number(matched)}`
  return estimated === undefined ? here : `${here} ${words.of} ${words.approximately} ${number(estimated)}`
}
