import { type FindFeatures, featureHead } from '#core/find-features.js'
import { type CollectionFormat, collectionFormats, type FeatureJob } from '#formats/features/index.js'
import { type Html, html } from '#protocols/http/html.js'
import type { Words } from '../../pages/words.js'

/** What the list of downloads is made from. */
export interface Downloads {
  readonly find: FindFeatures
  /** Features that are selected, exactly or about. */
  readonly count?: number
  readonly optionsOf: (format: CollectionFormat) => FeatureJob['options']
  /** The address of the selection in a format, or of this page of it. */
  readonly fileAddress: (format: CollectionFormat) => string
  readonly pageAddress: (format: CollectionFormat) => string
  readonly words: Words
}

/** The formats that can hold what is selected: files of all of it, and documents of the page. */
export function downloads({ find, count = 0, optionsOf, fileAddress, pageAddress, words }: Downloads): Html {
  const head = featureHead(find)
  const held = collectionFormats.filter(format => format.obstacle?.(head, optionsOf(format)) === undefined)
  const files = held.filter(({ isDocument }) => !isDocument)
  const isTooMany = ({ mostFeatures = Number.POSITIVE_INFINITY }: CollectionFormat) => count > mostFeatures
  // other names of formats are the same in every language
  const titles: Readonly<Record<string, string>> = { geojsonseq: words.textSequence, geojsonl: words.oneALine, mvt: words.vectorTile }
  const titleOf = ({ names: [name], title }: CollectionFormat) => titles[name] ?? title
  return html`<ul class="files">${files.map(
    format =>
      html`<li>${isTooMany(format) ? html`<span title="${words.tooMany}">${titleOf(format)}</span>` : html`<a href="${fileAddress(format)}" download>${titleOf(format)}</a>`} <small>.${format.extension}</small></li>`,
  )}</ul>
<p>${words.thisPage} ${held.filter(({ isDocument }) => isDocument).map((format, i) => html`${i > 0 && ' · '}<a href="${pageAddress(format)}">${titleOf(format)}</a>`)}</p>`
}
