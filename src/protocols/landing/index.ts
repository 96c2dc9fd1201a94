import { createViewFinder, findCollection } from '#core/atlas-view.js'
import { toProblem } from '#core/problem.js'
import { formSaid, htmlForm, jsonForm } from '../http/negotiate.js'
import { pageAnswer } from '../http/page.js'
import { pageLanguage } from '../http/page-language.js'
import { problemAnswer } from '../http/problem-json.js'
import { rootUrl } from '../http/root-url.js'
import type { Service, ServiceAnswer, ServiceContext, ServiceRequest } from '../http/service.js'
import { webFiles } from './files.js'
import { pageContent } from './page.js'
import { previews } from './preview.js'
import { wordsIn } from './words.js'

/**
 * The landing page and what belongs to it: `/`, `/web/{file}`, `/preview/{collection}`, and as pages alone `list` of what is published and `dataset`, of
 * the collection in the path, undefined where there is none. `document` is what programs get at `/`.
 */
export function landing(
  context: ServiceContext,
  document: Service,
): { index: Service; list: Service; dataset: (request: ServiceRequest) => ServiceAnswer | undefined; file: Service; preview: Service } {
  const findView = createViewFinder()
  const page = (request: ServiceRequest) => landingPage(request, context)
  return {
    index: async request => {
      let wanted: 'html' | 'json'
      try {
        wanted = wants(request)
      } catch (error) {
        return problemAnswer(toProblem(error))
      }
      return wanted === 'json' ? document(request) : page(request)
    },
    list: async request => page(request),
    dataset: request => {
      const { atlas } = request.view
      const collection = findCollection(request.view, request.path.collection ?? '')
      const view = collection && findView(atlas, `datasets/${collection.id}`)
      return view && page({ ...request, view, baseUrl: `${rootUrl(request)}/datasets/${encodeURIComponent(collection.id)}` })
    },
    file: webFiles(),
    preview: previews(context),
  }
}

/** `f=` wins over Accept (OGC 19-072, recommendation 3); who says neither gets the page. Throws `invalid-parameter`. */
function wants({ query, headers }: ServiceRequest): 'html' | 'json' {
  const said = formSaid([htmlForm, jsonForm], new URLSearchParams(query).get('f'))
  if (said) return said === htmlForm ? 'html' : 'json'
  const accept = headers.accept ?? ''
  return accept.includes('text/html') || !/json|\*\/\*/.test(accept) ? 'html' : 'json'
}

function landingPage(request: ServiceRequest, { exports }: ServiceContext): ServiceAnswer {
  const { view, baseUrl, query } = request
  const parameters = new URLSearchParams(query)
  const language = pageLanguage(request)
  const words = wordsIn(language)
  const { title, content } = pageContent({
    view,
    baseUrl,
    rootUrl: rootUrl(request),
    language,
    words,
    search: (parameters.get('q') ?? '').slice(0, 200),
    page: Math.min(10_000, Math.max(0, Math.trunc(Number(parameters.get('page') ?? 1)) - 1 || 0)),
    ...(exports && { exports }),
  })
  const frame = {
    title,
    language,
    rootUrl: rootUrl(request),
    styles: ['ol.css', 'page.css', 'data.css'],
    scripts: ['ol.js', 'copy.js', 'page.js'],
    data: { wms: `${baseUrl}/wms`, copied: words.copied },
    alternate: { href: `${baseUrl}/?f=json`, type: 'application/json' },
  }
  return pageAnswer(frame, content)
}
