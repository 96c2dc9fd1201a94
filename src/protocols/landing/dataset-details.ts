import type { Collection } from '#core/atlas.js'
import { textIn } from '#core/text.js'
import { type Html, html } from '../http/html.js'
import type { PageLanguage } from '../http/page-language.js'
import type { PageInput } from './page.js'
import type { Words } from './words.js'

/** Of a dataset: its files, where its features are, and under what terms. */
export function datasetDetails(
  collection: Collection,
  { rootUrl, language, words, exports }: PageInput,
  address: (url: string, label: string, how: string, words: Words) => Html,
): Html {
  const { id, source, licence, attribution, crs, extent, metadataUrls = [] } = collection
  const own = `${rootUrl}/collections/${encodeURIComponent(id)}`
  const files = exports?.offered(collection) ?? []
  const page = (href: string, text: string) => html`<li><a href="${href}">${text}</a></li>`
  return html`${
    files.length > 0 &&
    html`<h3>${words.download}</h3><ul class="files">${files.map(
      ({ title, extension, size }) =>
        html`<li><a href="${rootUrl}/files/exports/${encodeURIComponent(id)}.${extension}" download>${title}</a> <small>.${extension}${size !== undefined && ` · ${bytesText(size, language)}`}</small></li>`,
    )}</ul>`
  }
${source.kind === 'features' && address(rootUrl, words.dataAddress, words.addFeatures, words)}
<h3>${words.links}</h3><ul class="links">
${
  source.kind === 'features' && [
    page(`${own}/items?f=html`, words.table),
    page(`${own}/schema?f=html`, words.schema),
    page(`${own}/queryables?f=html`, words.queryables),
    page(`${own}/sortables?f=html`, words.sortables),
  ]
}
${page(`${own}?f=json`, words.asJson)}${page(`${rootUrl}/api?f=html`, words.api)}
${metadataUrls.map(({ url }) => /^https?:/.test(url) && page(url, words.metadata))}</ul>
<dl>
${licence !== undefined && html`<dt>${words.legal}</dt><dd>${/^https?:/.test(licence) ? html`<a href="${licence}" rel="license">${licence}</a>` : licence}</dd>`}
${attribution !== undefined && html`<dt>${words.attribution}</dt><dd>${textIn(attribution, [language])}</dd>`}
${crs.length > 0 && html`<dt>${words.systems}</dt><dd>${crs.slice(0, 40).join(', ')}${crs.length > 40 && ' …'}</dd>`}
${extent && html`<dt>${words.extent}</dt><dd>${extent.crs84.map(value => value.toFixed(5)).join(', ')}</dd>`}
</dl>`
}

function bytesText(bytes: number, language: PageLanguage): string {
  const units = language === 'fr' ? ['o', 'Ko', 'Mo', 'Go', 'To'] : ['B', 'KB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${(bytes / 1000 ** power).toLocaleString(language, { maximumSignificantDigits: 3 })} ${units[power]}`
}
