import type { Collection } from '#core/atlas.js'
import { findCollection } from '#core/atlas-view.js'
import { textIn } from '#core/text.js'
import { type Html, html } from '#protocols/http/html.js'
import { pageAnswer } from '#protocols/http/page.js'
import { type PageLanguage, pageLanguage } from '#protocols/http/page-language.js'
import { rootUrl } from '#protocols/http/root-url.js'
import type { ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { type Words, wordsIn } from './words.js'

/** A step of the way to a page. */
export interface Step {
  readonly href: string
  readonly text: string
}

/** What a page of the API is made from. */
export interface ApiPage {
  readonly title: string
  readonly content: Html
  /** The same for programs. */
  readonly json: { readonly href: string; readonly type: string }
  readonly trail?: readonly Step[]
  readonly scripts?: readonly string[]
  readonly data?: Readonly<Record<string, string>>
  readonly status?: number
}

/** What every page of the API is made with. */
export interface PageMaking {
  readonly language: PageLanguage
  readonly words: Words
  /** For texts of the atlas, best first. */
  readonly languages: readonly string[]
}

/** What all pages of one request have in common: words, languages, addresses. */
export function pageMaking(request: ServiceRequest): PageMaking {
  const language = pageLanguage(request)
  return { language, words: wordsIn(language), languages: [language, ...request.languages, ...request.view.atlas.service.languages] }
}

/** The way to a collection. */
export const collectionStep = (request: ServiceRequest, { id, title }: Collection, { languages }: PageMaking): Step => ({
  href: `${request.baseUrl}/collections/${encodeURIComponent(id)}?f=html`,
  text: textIn(title, languages),
})

/** The way to what is below the collection of a path. */
export function wayToCollection(request: ServiceRequest): readonly Step[] {
  const collection = findCollection(request.view, request.path.collection ?? '')
  return collection ? [collectionStep(request, collection, pageMaking(request))] : []
}

/** A page of the API: the way to it, the other language, the same as JSON, and its content. */
export function apiPage(request: ServiceRequest, { language, words }: PageMaking, page: ApiPage): ServiceAnswer {
  const { title, content, json, trail = [], scripts = [], data = {}, status } = page
  const other = language === 'fr' ? 'en' : 'fr'
  const parameters = new URLSearchParams(request.query)
  parameters.set('f', 'html')
  parameters.set('lang', other)
  const frame = {
    title,
    language,
    rootUrl: rootUrl(request),
    styles: ['ol.css', 'page.css', 'data.css'],
    scripts: ['copy.js', ...scripts],
    data: { copied: words.copied, ...data },
    alternate: json,
  }
  const header = html`<header>
<div><nav class="trail"><a href="${request.baseUrl}/?f=html">${words.all}</a>${trail.map(({ href, text }) => html` › <a href="${href}">${text}</a>`)}</nav>
<h1>${title}</h1></div>
<nav aria-label="${words.language}"><a href="?${String(parameters)}" hreflang="${other}" lang="${other}">${other === 'fr' ? 'Français' : 'English'}</a> · <a href="${json.href}" type="${json.type}">JSON</a></nav>
</header>`
  return pageAnswer(frame, html`${header}\n${content}`, status)
}
