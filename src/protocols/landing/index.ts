import type { AtlasView } from '#core/atlas.js'
import { textIn } from '#core/text.js'
import { contentSecurityPolicy } from '../http/html.js'
import type { Service, ServiceContext, ServiceRequest } from '../http/service.js'
import { openApi } from './api.js'
import { webFiles } from './files.js'
import { renderPage } from './page.js'
import { previews } from './preview.js'
import { pageLanguage, wordsIn } from './words.js'

/** The landing page and what belongs to it: `/`, `/api`, `/web/{file}`, `/preview/{collection}`. */
export function landing(context: ServiceContext): { index: Service; api: Service; file: Service; preview: Service } {
  return {
    index: async request => (wants(request) === 'json' ? landingJson(request) : landingHtml(request)),
    api: async ({ baseUrl, view }) => ({
      status: 200,
      mediaType: 'application/vnd.oai.openapi+json;version=3.0',
      body: JSON.stringify(openApi(view, baseUrl)),
    }),
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

/** OGC API Common landing page (OGC 19-072, 7.2), with links to what exists only. */
function landingJson({ view, baseUrl, languages }: ServiceRequest) {
  const language = [...languages, ...view.atlas.service.languages]
  const link = (path: string, rel: string, type: string, title: string) => ({ href: `${baseUrl}${path}`, rel, type, title })
  const body = {
    title: textIn(view.title, language),
    description: textIn(view.atlas.service.abstract ?? '', language),
    links: [
      link('/?f=json', 'self', 'application/json', 'This document'),
      link('/?f=html', 'alternate', 'text/html', 'The page for people'),
      link('/api', 'service-desc', 'application/vnd.oai.openapi+json;version=3.0', 'The API'),
      link('/wms?service=WMS&request=GetCapabilities', 'service', 'text/xml', 'WMS'),
    ],
  }
  return { status: 200, mediaType: 'application/json', body: JSON.stringify(body), headers: { vary: 'Accept, Accept-Language' } }
}

/** The address of the whole server, from that of a view. */
function rootOf(view: AtlasView, baseUrl: string): string {
  if (view.key === '') return baseUrl
  const suffix = `/${view.key.split('/').map(encodeURIComponent).join('/')}`
  return baseUrl.endsWith(suffix) ? baseUrl.slice(0, -suffix.length) : baseUrl
}
