import type { FindFeatures } from '#core/find-features.js'
import { Problem } from '#core/problem.js'
import { textIn } from '#core/text.js'
import { html } from '#protocols/http/html.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { addressWith } from '../../common/documents.js'
import { knownParameters } from '../../common/known-parameters.js'
import { apiPage, collectionStep, pageMaking } from '../../pages/api-page.js'
import { allowedMethods } from '../allowed-methods.js'
import { patchType } from '../edit-types.js'
import { itemParameters } from '../item.js'
import { writeOptions } from '../items.js'
import { askedReferences, profileHeader, toldReferences } from '../profiles.js'
import { referredPages } from '../references.js'
import { requireFeatures } from '../require-features.js'
import { propertiesParameter } from '../selection.js'
import { columnTitles } from './column-titles.js'
import { downloads } from './downloads.js'
import { mapData, mapSection } from './page-map.js'
import { readPage } from './read-page.js'
import { valueWriter } from './value-cell.js'

/** Characters of one value: the page of a feature shows it whole, as long as a page can be read. */
const mostCharacters = 1_000_000

/** One feature for people: what it is, where it is, in which forms it is to be had, and how it is changed by who may. */
export async function itemPage(request: ServiceRequest, context: ServiceContext): Promise<ServiceAnswer> {
  const { view, path, baseUrl, caller, signal } = request
  const making = pageMaking(request)
  const { words, languages } = making
  const { collection, source } = requireFeatures(view, path.collection ?? '')
  const id = path.feature ?? ''
  const parameters = knownParameters(request.query, itemParameters)
  const columns = propertiesParameter(parameters, source)
  const references = askedReferences(parameters, request, collection, false)
  const find: FindFeatures = {
    collection,
    languages,
    filter: { kind: 'ids', ids: [id] },
    limit: 1,
    count: 1,
    ...(columns && { columns }),
    ...toldReferences(references, baseUrl),
  }
  const read = await readPage(find, context.stores, signal)
  const [feature] = read.rows
  if (!feature) throw new Problem('not-found', `There is no feature «${id.slice(0, 200)}» in ${collection.id}.`)
  const address = `${baseUrl}/collections/${encodeURIComponent(collection.id)}/items/${encodeURIComponent(id)}`
  const at = (f: string, changed = {}) => addressWith(address, parameters, { f, ...changed })
  const pageQuery = `?f=html${parameters.has('lang') ? `&lang=${making.language}` : ''}`
  const write = valueWriter(words, referredPages(view, collection, baseUrl, pageQuery), {
    shown: mostCharacters,
    held: mostCharacters,
    page: 0,
  })
  const titleOf = columnTitles(source)
  const isShown = source.geometry !== undefined && collection.storageCrs !== undefined
  const content = html`<main class="feature">
<section><h2>${words.attributes}</h2><div class="scroll"><table class="attributes">${read.columns.map(
    (column, c) => html`<tr><th scope="row">${titleOf(column.name)}</th><td>${write(column, feature.values[c])}</td></tr>`,
  )}</table></div></section>
<section>${isShown && mapSection(words)}
<h2>${words.download}</h2>
${downloads({
  find,
  count: 1,
  words,
  optionsOf: format => writeOptions(request, new URLSearchParams(), format, false),
  fileAddress: ({ names }) => at(names[0]),
  pageAddress: ({ names }) => at(names[0]),
})}
${edits(allowedMethods(view.atlas, caller, collection).item, address, words)}</section>
</main>`
  const answer = apiPage(request, making, {
    title: `${textIn(collection.title, languages)} · ${id}`,
    content,
    json: { href: at('json'), type: 'application/geo+json' },
    trail: [
      collectionStep(request, collection, making),
      { href: `${baseUrl}/collections/${encodeURIComponent(collection.id)}/items?f=html`, text: words.table },
    ],
    scripts: isShown ? ['ol.js', 'features.js'] : [],
    data: isShown ? mapData(collection, baseUrl, at('geojson', { profile: '' }), words) : {},
  })
  const told = { ...profileHeader(references), vary: 'Accept, Accept-Language, Authorization, X-API-Key' }
  return { ...answer, headers: { ...answer.headers, ...told } }
}

/** How a caller who may changes this feature. */
function edits(methods: readonly string[], address: string, words: ReturnType<typeof pageMaking>['words']) {
  // an apostrophe would end the quotes of a shell
  const quoted = `'${address.replaceAll("'", '%27')}'`
  const bodies: Readonly<Record<string, string>> = {
    PUT: `curl -X PUT -H 'Content-Type: application/geo+json' -d @feature.json ${quoted}`,
    PATCH: `curl -X PATCH -H 'Content-Type: ${patchType}' -d '{"properties": {…}}' ${quoted}`,
    DELETE: `curl -X DELETE ${quoted}`,
  }
  const offered = methods.filter(method => Object.hasOwn(bodies, method))
  if (offered.length === 0) return undefined
  return html`<h2>${words.edit}</h2><p>${words.changeHow}</p><ul class="edits">${offered.map(method => html`<li><code>${bodies[method]}</code></li>`)}</ul>`
}
