import type { AtlasView, Collection, FeatureSource, Verdict } from '#core/atlas.js'
import { standardPixel } from '#core/draw-map.js'
import type { ExportShelf } from '#core/export-shelf.js'
import { textIn } from '#core/text.js'
import { type Html, html } from '../http/html.js'
import type { PageLanguage } from '../http/page-language.js'
import { publicName } from '../http/public-name.js'
import { toldIn } from '../http/told-in.js'
import { datasetDetails } from './dataset-details.js'
import type { Words } from './words.js'

export interface PageInput {
  readonly view: AtlasView
  readonly baseUrl: string
  /** Address of the whole server, for what does not depend on the view. */
  readonly rootUrl: string
  readonly language: PageLanguage
  readonly words: Words
  readonly search: string
  /** From 0. */
  readonly page: number
  readonly exports?: ExportShelf
}

export const cardsPerPage = 48

/** The page of a view: a live map, and a card for every collection; for a single dataset its downloads, columns and findings, too. */
export function pageContent(input: PageInput): { readonly title: string; readonly content: Html } {
  const { view, baseUrl, rootUrl, language, words } = input
  const title = textIn(view.title, [language])
  const abstract = textIn(view.atlas.service.abstract ?? '', [language])
  const found = matching(view, input.search, language)
  const shown = found.slice(input.page * cardsPerPage, (input.page + 1) * cardsPerPage)
  const verdicts = new Map(view.atlas.verdicts.map(verdict => [verdict.collection, verdict]))
  const isDataset = view.key.startsWith('datasets/')
  const content = html`<header>
<div><h1>${title}</h1>${!isDataset && abstract && html`<p>${abstract}</p>`}</div>
${isDataset && html`<a class="back" href="${rootUrl}/">← ${words.all}</a>`}
${address(`${baseUrl}/wms`, words.address, words.addHow, words)}
</header>
<main>
<section id="map" aria-label="${words.map}"></section>
<section id="cards">
${(view.collections.size > 12 || input.search !== '') && html`<form role="search" action="${baseUrl}/"><input type="search" name="q" value="${input.search}" placeholder="${words.search}…" aria-label="${words.search}"></form>`}
${view.collections.size === 0 && html`<p>${words.empty}</p>`}
${view.collections.size > 0 && found.length === 0 && html`<p>${words.none}</p>`}
${shown.map((collection, index) => card(collection, verdicts.get(collection.id), input, isDataset || index === 0))}
${pager(found.length, input)}
${isDataset && shown.map(collection => details(collection, verdicts.get(collection.id), input))}
${!isDataset && leftOut(view.atlas.verdicts, input)}
</section>
</main>`
  return { title, content }
}

function address(url: string, label: string, how: string, words: Words): Html {
  return html`<div class="address"><label>${label}<input readonly value="${url}"></label><button type="button" data-copy="${url}">${words.copy}</button><details><summary>${words.add}</summary><p>${how}</p></details></div>`
}

function card(
  collection: Collection,
  verdict: Verdict | undefined,
  { language, words, rootUrl, baseUrl }: PageInput,
  isOpen: boolean,
): Html {
  const title = textIn(collection.title, [language])
  const warnings = verdict?.findings.filter(finding => finding.severity !== 'info').length ?? 0
  const dataset = `${rootUrl}/datasets/${encodeURIComponent(collection.id)}`
  const box = collection.extent?.crs84.map(value => value.toFixed(6)).join(',')
  const coarsest = collection.maxScaleDenominator && collection.maxScaleDenominator * standardPixel
  return html`<article data-layer="${collection.id}" data-rank="${rank(collection)}"${box !== undefined && html` data-bbox="${box}"`}${coarsest !== undefined && html` data-coarsest="${coarsest}"`}>
${collection.extent !== undefined && html`<img src="${rootUrl}/preview/${encodeURIComponent(collection.id)}" width="160" height="100" loading="lazy" alt="">`}
<div><h2><a href="${dataset}/">${title}</a></h2>
<p class="facts">${facts(collection, language, words)} <span class="${warnings ? 'warn' : 'good'}">${warnings ? `${warnings} ${words.warnings}` : words.ready}</span></p>
${collection.abstract !== undefined && html`<p>${textIn(collection.abstract, [language])}</p>`}
${collection.extent !== undefined && html`<label class="toggle"><input type="checkbox"${isOpen && html` checked`}> ${words.show}</label>${legend(collection, `${baseUrl}/wms`, words, isOpen)}`}
${collection.source.kind === 'features' && html`<a class="table" href="${rootUrl}/collections/${encodeURIComponent(collection.id)}/items?f=html">${words.table}</a> `}${collection.storageCrs !== undefined && html`<button type="button" data-copy="${dataset}/wms">${words.copy} WMS</button>`}</div>
</article>`
}

/** Of what the map shows, in its default style: fetched when it is opened. */
function legend({ id }: Collection, wms: string, words: Words, isOpen: boolean): Html {
  const query = new URLSearchParams({ SERVICE: 'WMS', VERSION: '1.3.0', REQUEST: 'GetLegendGraphic', FORMAT: 'image/png', LAYER: id })
  return html`<details class="legend"${isOpen && html` open`}><summary>${words.legend}</summary><img src="${wms}?${String(query)}" loading="lazy" alt=""></details>`
}

/** What is drawn over what: points over lines over areas over images. */
function rank({ source }: Collection): number {
  if (source.kind === 'raster') return 0
  const kind = shapeOf(source)
  return kind === 'points' ? 3 : kind === 'lines' ? 2 : 1
}

/** The kind of shape, in words of the page. */
function shapeOf({ geometries, geometry }: FeatureSource): 'points' | 'lines' | 'areas' | 'mixed' | 'noGeometry' {
  const type = geometries.find(({ name }) => name === geometry)?.type.replace(/^MULTI/, '')
  if (type === undefined) return 'noGeometry'
  if (type === 'POINT') return 'points'
  if (/LINE|CURVE$|STRING/.test(type)) return 'lines'
  return /POLYGON|SURFACE|TIN|TRIANGLE/.test(type) ? 'areas' : 'mixed'
}

function facts({ source, storageCrs }: Collection, language: PageLanguage, words: Words): string {
  const number = (value: number) => value.toLocaleString(language)
  const crs = storageCrs ? ` · ${storageCrs}` : ''
  if (source.kind === 'raster') {
    const { files } = source.mosaic
    const size =
      files.length === 1
        ? `${number(files[0].width)} × ${number(files[0].height)} ${words.pixels}`
        : `${number(files.length)} ${words.files}`
    return `${words.raster} · ${size}${crs}`
  }
  const count = source.count
    ? ` · ${source.count.isExact ? '' : '≈ '}${number(source.count.value)} ${source.count.value < 2 ? words.feature : words.features}`
    : ''
  return `${words[shapeOf(source)]}${count}${crs}`
}

function details(collection: Collection, verdict: Verdict | undefined, input: PageInput): Html {
  const { source } = collection
  const { words } = input
  return html`${datasetDetails(collection, input, address)}
${
  source.kind === 'features' &&
  html`<h3>${words.columns}</h3><table class="columns">${source.columns.map(column => html`<tr><th>${column.name}</th><td>${column.nativeType}</td><td>${column.comment}</td></tr>`)}</table>`
}
${verdict !== undefined && verdict.findings.length > 0 && html`<h3>${words.findings}</h3>${findings(verdict, input.language)}`}`
}

function leftOut(verdicts: readonly Verdict[], { words, language }: PageInput): Html | undefined {
  const missing = verdicts.filter(verdict => verdict.collection === undefined)
  if (missing.length === 0) return undefined
  return html`<details class="report"><summary>${words.leftOut} (${missing.length})</summary>${missing.slice(0, 200).map(verdict => html`<h3>${publicName(verdict.source)}</h3>${findings(verdict, language)}`)}</details>`
}

function findings(verdict: Verdict, language: PageLanguage): Html {
  return html`<ul>${verdict.findings.map(finding => html`<li class="${finding.severity}">${toldIn(language, finding.message)}${finding.cure !== undefined && html`<br><code>${toldIn(language, finding.cure)}</code>`}</li>`)}</ul>`
}

function matching(view: AtlasView, search: string, language: PageLanguage): Collection[] {
  const all = [...view.collections.values()]
  const words = plain(search).split(/\s+/).filter(Boolean)
  if (words.length === 0) return all
  return all.filter(collection => {
    const text = plain([collection.id, textIn(collection.title, [language]), textIn(collection.abstract ?? '', [language])].join(' '))
    return words.every(word => text.includes(word))
  })
}

/** Without accents and case, so that `foret` finds `Forêt`. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
}

function pager(count: number, { page, search, words, baseUrl }: PageInput): Html | undefined {
  const last = Math.ceil(count / cardsPerPage) - 1
  if (last <= 0) return undefined
  const link = (to: number, label: string) =>
    html`<a href="${baseUrl}/?${new URLSearchParams({ ...(search && { q: search }), page: String(to + 1) }).toString()}">${label}</a>`
  return html`<nav>${page > 0 && link(page - 1, words.previous)} ${page + 1} / ${last + 1} ${page < last && link(page + 1, words.next)}</nav>`
}
