import { isSortable } from '#core/feature-schema.js'
import type { FeatureColumn } from '#core/feature-table.js'
import { type Html, html } from '#protocols/http/html.js'
import type { Words } from '../../pages/words.js'
import type { ReferredPage } from '../references.js'
import type { ReadPage } from './read-page.js'
import { isNumeric, valueWriter } from './value-cell.js'

/** What the table of a page is made from. */
export interface TableOfFeatures {
  readonly read: ReadPage
  readonly titleOf: (name: string) => Html
  /** Names of columns that can be sorted by. */
  readonly sortables: readonly string[]
  /** As the request says it. */
  readonly sortby: string
  readonly sortAddress: (sortby: string) => string
  readonly featureAddress: (id: string) => string
  readonly referredPage: ReferredPage
  readonly words: Words
}

/** The features of a page as a table: a row each, its id leading to its own page; headings sort. */
export function featureTable({
  referredPage,
  read,
  titleOf,
  sortables,
  sortby,
  sortAddress,
  featureAddress,
  words,
}: TableOfFeatures): Html {
  const { columns, rows } = read
  const write = valueWriter(words, referredPage)
  const [, sign = '', sorted = ''] = /^\s*([+-]?)([^,]*)$/.exec(sortby) ?? []
  const hasIds = rows.some(({ id }) => id !== null)

  function heading(column: FeatureColumn): Html {
    const { name } = column
    const said = titleOf(name)
    const mayBeSorted = sortables.includes(name) && isSortable(column)
    const isSorted = sorted.trim() === name
    const isDown = isSorted && sign === '-'
    const link = mayBeSorted
      ? html`<a href="${sortAddress(isSorted && !isDown ? `-${name}` : name)}" title="${isSorted ? (isDown ? words.descending : words.ascending) : words.sort}">${said}${isSorted && html`<span aria-hidden="true"> ${isDown ? '▼' : '▲'}</span>`}</a>`
      : said
    return html`<th scope="col"${isNumeric(column) && html` class="number"`}${isSorted && html` aria-sort="${isDown ? 'descending' : 'ascending'}"`}>${link}</th>`
  }

  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words.table}"><table id="features" class="features">
<thead><tr>${hasIds && html`<th scope="col">id</th>`}${columns.map(heading)}</tr></thead>
<tbody>${rows.map(
    ({ id, values }, i) =>
      html`<tr data-row="${i}"${id !== null && html` data-id="${id}"`}>${hasIds && html`<th scope="row">${id !== null && html`<a href="${featureAddress(id)}">${id}</a>`}</th>`}${columns.map(
        (column, c) => html`<td${isNumeric(column) && html` class="number"`}>${write(column, values[c])}</td>`,
      )}</tr>\n`,
  )}</tbody></table></div>`
}
