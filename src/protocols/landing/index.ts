import type { AtlasView } from '#core/atlas.js'
import { contentSecurityPolicy } from '../http/html.js'
import type { Service, ServiceContext, ServiceRequest } from '../http/service.js'
import { webFiles } from './files.js'
import { renderPage } from './page.js'
import { previews } from './preview.js'
import { pageLanguage, wordsIn } from './words.js'

/** The landing page and what belongs to it: `/`, `/web/{file}`, `/preview/{collection}`; `document` is what programs get at `/`. */
export function landing(context: ServiceContext, document: Service): { index: Service; file: Service; preview: Service } {
  return {
    index: async request => (wants(request) === 'json' ? document(request) : landingHtml(request)),
    file: webFiles(),
    preview: previews(context),
  }
}

/** `f=` wins over Accept (OGC 19-072, recommendation 3). */
function wants({ query, headers }: ServiceRequest): 'html' | 'json' {
  const f = new URLSearchParams(query).get('f')
  if (f === 'json' || f === 'html') return f
  const accept = headers.accept ?? ''
  return accept.includes('text/html') || !/json|\*\/\*/.test(accept) ? 'html' : 'json'
}

function landingHtml({ view, baseUrl, query, languages }: ServiceRequest) {
  const parameters = new URLSearchParams(query)
  const language = pageLanguage([parameters.get('lang') ?? '', ...languages])
  const body = renderPage({
    view,
    baseUrl,
    rootUrl: rootOf(view, baseUrl),
    language,
    words: wordsIn(language),
    search: (parameters.get('q') ?? '').slice(0, 200),
    page: Math.min(10_000, Math.max(0, Math.trunc(Number(parameters.get('page') ?? 1)) - 1 || 0)),
  })
  return {
    status: 200,
    mediaType: 'text/html; charset=utf-8',
    body,
    headers: { 'content-security-policy': contentSecurityPolicy, 'content-language': language, vary: 'Accept, Accept-Language' },
  }
}

/** The address of the whole server, from that of a view. */
function rootOf(view: AtlasView, baseUrl: string): string {
  if (view.key === '') return baseUrl
  const suffix = `/${view.key.split('/').map(encodeURIComponent).join('/')}`
  return baseUrl.endsWith(suffix) ? baseUrl.slice(0, -suffix.length) : baseUrl
}
