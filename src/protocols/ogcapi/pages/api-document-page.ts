import { type Html, html } from '#protocols/http/html.js'
import type { Service, ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { apiPage, pageMaking } from './api-page.js'
import { parsedDocument } from './for-people.js'
import type { Words } from './words.js'

/** What the page reads of an OpenAPI document of ours. */
interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
  readonly components: { readonly parameters: Readonly<Record<string, ApiParameter>> }
}
interface ApiOperation {
  readonly summary?: string
  readonly parameters?: readonly (ApiParameter | { readonly $ref: string })[]
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}
interface ApiParameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: {
    readonly type?: string
    readonly enum?: readonly unknown[]
    readonly default?: unknown
    readonly minimum?: number
    readonly maximum?: number
  }
}

/** The API document for people (`service-doc`): operations, their parameters, and addresses to try. */
export async function apiDocumentPage(request: ServiceRequest, document: Service): Promise<ServiceAnswer> {
  const making = pageMaking(request)
  const { words } = making
  const { parsed, address } = await parsedDocument(request, document, making.languages)
  const { paths, components } = parsed as ApiDocument
  // a path of one collection says again what the templates say
  const shown = Object.entries(paths).filter(([path]) => path.includes('{') || !path.startsWith('/collections/'))
  const example = exampleCollection(request)
  const content = html`<main class="document"><p>${words.apiHow}</p>
${shown.map(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) =>
    operationContent(path, method, operation, {
      words,
      baseUrl: request.baseUrl,
      example,
      resolve: one => ('$ref' in one ? components.parameters[one.$ref.split('/').at(-1) ?? ''] : one),
    }),
  ),
)}</main>`
  return apiPage(request, making, {
    title: words.api,
    content,
    json: { href: address, type: 'application/vnd.oai.openapi+json;version=3.0' },
  })
}

/** Of a collection with features, if there is one. */
function exampleCollection({ view }: ServiceRequest): string | undefined {
  for (const { id, source } of view.collections.values()) if (source.kind === 'features') return id
  return view.collections.keys().next().value
}

interface OperationContext {
  readonly words: Words
  readonly baseUrl: string
  readonly example: string | undefined
  readonly resolve: (parameter: ApiParameter | { readonly $ref: string }) => ApiParameter | undefined
}

function operationContent(
  path: string,
  method: string,
  operation: ApiOperation,
  { words, baseUrl, example, resolve }: OperationContext,
): Html {
  const parameters = (operation.parameters ?? []).flatMap(one => resolve(one) ?? [])
  const types = Object.values(operation.responses ?? {}).flatMap(({ content }) => Object.keys(content ?? {}))
  const own = example === undefined ? path : path.replace('{collectionId}', encodeURIComponent(example))
  const isTried = method === 'get' && !own.includes('{')
  return html`<details class="operation"><summary><b>${method.toUpperCase()}</b> <code>${path}</code> <span>${operation.summary}</span></summary>
${isTried && html`<p>${words.try}: <a href="${baseUrl}${own}">${baseUrl}${own}</a></p>`}
${
  parameters.length > 0 &&
  html`<h3>${words.parameters}</h3><div class="scroll"><table>${parameters.map(
    ({ name, description, required, schema }) =>
      html`<tr><th scope="row">${name}${required === true && ' *'}</th><td>${description}</td><td>${schemaText(schema)}</td></tr>`,
  )}</table></div>`
}
${types.length > 0 && html`<p class="types">${[...new Set(types)].map(type => html`<code>${type}</code> `)}</p>`}
</details>`
}

function schemaText(schema: ApiParameter['schema']): string {
  if (!schema) return ''
  const { type, enum: choices, default: usual, minimum, maximum } = schema
  const range = minimum !== undefined || maximum !== undefined ? `${minimum ?? ''}…${maximum ?? ''}` : ''
  return [type, choices?.join(', '), range, usual !== undefined ? `= ${String(usual)}` : ''].filter(Boolean).join(' · ')
}
