import { type Html, html } from '#protocols/http/html.js'
import { linkedText } from './linked-text.js'
import type { Words } from './words.js'

/** Levels of a document that are shown, and values. */
const [deepest, mostValues, mostColumns] = [12, 20_000, 24] as const

type Document = Readonly<Record<string, unknown>>

/** All that a JSON document says: objects as lists of names, lists of objects as tables; addresses are links. Bounded in depth and number. */
export function documentContent(document: unknown, words: Words): Html {
  let left: number = mostValues

  function show(value: unknown, depth: number): Html {
    if (left-- <= 0 || depth > deepest) return html`<em>${words.rest}</em>`
    if (value === null || value === undefined) return html`<span class="null">${words.null}</span>`
    if (typeof value === 'string') return linkedText(value)
    if (Array.isArray(value)) return list(value, depth)
    if (typeof value === 'object') return object(value as Document, depth)
    return html`${typeof value === 'boolean' ? (value ? words.yes : words.no) : String(value)}`
  }

  function list(values: readonly unknown[], depth: number): Html {
    if (values.length > 0 && values.every(isObject))
      return table(
        values.map(value => [undefined, value] as const),
        depth,
      )
    if (values.every(value => typeof value !== 'object')) {
      const isShort = values.every(value => String(value).length < 40)
      return isShort
        ? html`${values.map((value, i) => html`${i > 0 && ', '}${show(value, depth + 1)}`)}`
        : html`<ul>${values.map(value => html`<li>${show(value, depth + 1)}</li>`)}</ul>`
    }
    return html`<ul>${values.map(value => html`<li>${show(value, depth + 1)}</li>`)}</ul>`
  }

  function object(value: Document, depth: number): Html {
    const entries = Object.entries(value)
    const inner = entries.map(([, one]) => one)
    if (entries.length > 1 && inner.every(isObject)) return table(entries as [string, Document][], depth)
    return html`<dl>${entries.map(([name, one]) => html`<dt>${name}</dt><dd>${show(one, depth + 1)}</dd>`)}</dl>`
  }

  function table(rows: readonly (readonly [name: string | undefined, row: Document])[], depth: number): Html {
    const columns = [...new Set(rows.slice(0, 1000).flatMap(([, row]) => Object.keys(row)))].slice(0, mostColumns)
    const isNamed = rows[0][0] !== undefined
    const shown: Html[] = []
    for (const [name, row] of rows) {
      if (left <= 0) break
      shown.push(
        html`<tr>${isNamed && html`<th scope="row">${name}</th>`}${columns.map(column => html`<td>${Object.hasOwn(row, column) && show(row[column], depth + 1)}</td>`)}</tr>`,
      )
    }
    return html`<div class="scroll"><table><thead><tr>${isNamed && html`<td></td>`}${columns.map(column => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${shown}</tbody></table></div>${shown.length < rows.length && html`<p><em>${words.rest}</em></p>`}`
  }

  return show(document, 0)
}

const isObject = (value: unknown): value is Document => typeof value === 'object' && value !== null && !Array.isArray(value)
