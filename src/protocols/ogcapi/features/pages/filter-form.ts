import type { Collection } from '#core/atlas.js'
import type { FeatureSchema, PropertySchema } from '#core/feature-schema.js'
import { timeOf } from '#core/feature-time.js'
import { type Html, html } from '#protocols/http/html.js'
import type { Words } from '../../pages/words.js'
import { reservedParameters } from '../selection.js'

/** What the form of a page is made from. */
export interface FilterForm {
  readonly collection: Collection
  /** Properties to filter by, with titles and values. */
  readonly queryables: FeatureSchema
  readonly parameters: URLSearchParams
  readonly itemsAddress: string
  readonly limit: number
  readonly itemsMax: number
  readonly words: Words
}

/** Parameters that stay as they are when the conditions change. */
const kept = ['lang', 'sortby', 'crs', 'bbox-crs', 'filter-crs', 'filter-lang', 'properties', 'exclude-properties'] as const

/** Conditions on features as a form: words, time, box, a filter, and a field for every property. Works without a script. */
export function filterForm(form: FilterForm): Html {
  const { collection, queryables, parameters, itemsAddress, words } = form
  const said = (name: string) => parameters.get(name) ?? ''
  const hasGeometry = collection.source.kind === 'features' && collection.source.geometry !== undefined
  const properties = Object.entries(queryables.properties).filter(([name, property]) => isAsked(name, property))
  const isSaid = properties.some(([name]) => parameters.has(name))
  return html`<form id="filter" class="filter" action="${itemsAddress}" method="get">
<input type="hidden" name="f" value="html">
${kept.map(name => said(name) && html`<input type="hidden" name="${name}" value="${said(name)}">`)}
<label>${words.search}<input type="search" name="q" value="${said('q')}"></label>
${(timeOf(collection) !== undefined || said('datetime') !== '') && html`<label>${words.time}<input name="datetime" value="${said('datetime')}" placeholder="${words.timeHow}"></label>`}
${
  properties.length > 0 &&
  html`<details${(isSaid || properties.length <= 8) && html` open`}><summary>${words.byName}</summary>
${properties.map(([name, property]) => fields(name, property, parameters.getAll(name), words))}</details>`
}
${
  hasGeometry &&
  html`<label>${words.box}<input name="bbox" value="${said('bbox')}" placeholder="5.9,48.9,6.3,49.2"></label>
<button type="button" id="here" class="here" hidden>${words.onlyHere}</button>`
}
<label>${words.filter} (CQL2)<textarea name="filter" rows="2" spellcheck="false" placeholder="${example(properties)}">${said('filter')}</textarea></label>
<label class="inline">${words.rows} <select name="limit">${rowChoices(form).map(count => html`<option${count === form.limit && html` selected`}>${count}</option>`)}</select></label>
<p class="buttons"><button type="submit">${words.apply}</button> <a href="${itemsAddress}?f=html${said('lang') && html`&lang=${said('lang')}`}">${words.clear}</a></p>
</form>`
}

const isAsked = (name: string, { type }: PropertySchema) =>
  type !== undefined && type !== 'object' && type !== 'array' && !reservedParameters.includes(name)

const rowChoices = ({ limit, itemsMax }: FilterForm) =>
  [...new Set([25, 100, 500, limit])].filter(count => count <= itemsMax).sort((a, b) => a - b)

/** A field for each value that is asked for; several of one property are alternatives. */
function fields(name: string, property: PropertySchema, asked: readonly string[], words: Words): Html {
  const values = asked.length > 0 ? asked.slice(0, 20) : ['']
  const { title } = property
  return html`${values.map(value => html`<label>${title}${title !== name && html` <small>${name}</small>`}${field(name, property, value, words)}</label>`)}`
}

function field(name: string, { type, format, enum: choices }: PropertySchema, value: string, words: Words): Html {
  const options: readonly (readonly [value: string, text: string])[] | undefined =
    type === 'boolean'
      ? [
          ['true', words.yes],
          ['false', words.no],
        ]
      : choices?.map(choice => [String(choice), String(choice)])
  if (options) {
    const all = value === '' || options.some(([own]) => own === value) ? options : [...options, [value, value] as const]
    return html`<select name="${name}"><option value="">${words.any}</option>${all.map(([own, text]) => html`<option value="${own}"${own === value && html` selected`}>${text}</option>`)}</select>`
  }
  // a number field would drop what is no number, and with it what the message is about
  const isNumber = (type === 'integer' || type === 'number') && (value === '' || /^-?[\d.]+(e[+-]?\d+)?$/i.test(value))
  if (isNumber) return html`<input type="number" step="${type === 'integer' ? '1' : 'any'}" name="${name}" value="${value}">`
  const isDate = format === 'date' && (value === '' || /^\d{4}-\d\d-\d\d$/.test(value))
  return html`<input${isDate && html` type="date"`} name="${name}" value="${value}"${format === 'date-time' && html` placeholder="2020-12-31T12:00:00Z"`}>`
}

/** A filter that can be asked of the collection. */
function example(properties: readonly (readonly [name: string, property: PropertySchema])[]): string {
  const number = properties.find(([, { type }]) => type === 'number' || type === 'integer')
  const text = properties.find(([, { type, format }]) => type === 'string' && format === undefined)
  const quoted = (name: string) => (/^[a-z_]\w*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`)
  return [text && `${quoted(text[0])} LIKE 'A%'`, number && `${quoted(number[0])} > 10`].filter(Boolean).join(' AND ')
}
