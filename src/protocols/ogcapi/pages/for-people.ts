import { Problem, toProblem } from '#core/problem.js'
import { html } from '#protocols/http/html.js'
import { isForPeople, jsonForm, type Representation } from '#protocols/http/negotiate.js'
import { problemAnswer, statusOf } from '#protocols/http/problem-json.js'
import type { Service, ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { toldIn } from '#protocols/http/told-in.js'
import { addressWith } from '../common/documents.js'
import { apiPage, pageMaking, type Step } from './api-page.js'
import { documentContent } from './document-content.js'
import type { Words } from './words.js'

/**
 * A resource with a page beside its documents: `page` answers who asks for HTML, `document` all others. Problems of the page are told on a page. `forms` are
 * those of the document: another `f` is refused here, for all resources alike.
 */
export function forPeople(
  { log }: Pick<ServiceContext, 'log'>,
  document: Service,
  page: (request: ServiceRequest) => Promise<ServiceAnswer>,
  forms: readonly Representation[] = [jsonForm],
): Service {
  return async request => {
    let isPage: boolean
    try {
      isPage = isForPeople(request, forms)
    } catch (error) {
      return problemAnswer(toProblem(error))
    }
    if (!isPage) return document(request)
    try {
      return await page(request)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.kind === 'internal') log.error({ err: problem.cause ?? error }, 'a page failed')
      return problemPage(request, problem)
    }
  }
}

/** How a document is shown as a page. */
export interface DocumentPage {
  readonly title: (words: Words) => string
  readonly trail?: (request: ServiceRequest) => readonly Step[]
  /** Of what `limit` counts, so many at most: the rest is in the documents. */
  readonly most?: number
  /** Of the document; JSON where nothing is said. */
  readonly forms?: readonly Representation[]
}

/** The page of a JSON document: all that it says, in tables. */
export function documentPage(
  context: Pick<ServiceContext, 'log'>,
  document: Service,
  { title, trail, most, forms }: DocumentPage,
): Service {
  return forPeople(
    context,
    document,
    async request => {
      const making = pageMaking(request)
      const { parsed, address } = await parsedDocument(request, document, making.languages, most)
      return apiPage(request, making, {
        title: title(making.words),
        content: html`<main class="document">${documentContent(parsed, making.words)}</main>`,
        json: { href: address, type: 'application/json' },
        trail: trail?.(request) ?? [],
      })
    },
    forms,
  )
}

/** The document behind a page, and where it is. Throws the Problem it answers. */
export async function parsedDocument(
  request: ServiceRequest,
  document: Service,
  languages: readonly string[],
  most = Number.POSITIVE_INFINITY,
): Promise<{ readonly parsed: unknown; readonly address: string }> {
  const parameters = new URLSearchParams(request.query)
  parameters.delete('f')
  const shown = new URLSearchParams(parameters)
  if (Number(shown.get('limit')) > most) shown.set('limit', String(most))
  const answer = await document({ ...request, query: String(shown), languages, headers: { ...request.headers, accept: undefined } })
  const parsed: unknown = JSON.parse(String(answer.body))
  if (answer.status >= 400) throw problemOf(answer.status, parsed)
  // an address without path is that of the page
  return { parsed, address: addressWith('', parameters, { f: 'json' }) }
}

function problemOf(status: number, parsed: unknown): Problem {
  const { detail, parameter } = parsed as { detail?: string; parameter?: string }
  const kinds = Object.entries(statusOf) as [Problem['kind'], number][]
  const kind = kinds.find(([, own]) => own === status)?.[0] ?? 'internal'
  return new Problem(kind, detail ?? '', parameter === undefined ? {} : { locator: parameter })
}

/** What went wrong, on a page. */
export function problemPage(request: ServiceRequest, problem: Problem): ServiceAnswer {
  const making = pageMaking(request)
  return {
    ...apiPage(request, making, {
      title: making.words.problem,
      content: html`<main class="document"><p class="problem" role="alert">${toldIn(making.language, problem.message)}</p></main>`,
      json: { href: addressWith('', new URLSearchParams(request.query), { f: 'json' }), type: 'application/json' },
      status: statusOf[problem.kind],
    }),
    cacheSeconds: 0,
  }
}
