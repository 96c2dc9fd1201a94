import type { FeatureColumn } from '#core/feature-table.js'
import { type Html, html } from '#protocols/http/html.js'
import type { FieldValue } from '#rows/pg-field.js'
import { linkedText } from '../../pages/linked-text.js'
import type { Words } from '../../pages/words.js'
import type { ReferredPage } from '../references.js'

/** Characters of a text that a cell shows at once, that it holds, and that the long texts of a page come to in all. */
const [shownCharacters, heldCharacters, pageCharacters] = [100, 10_000, 2_000_000]

/**
 * Writes the values of a page: numbers with all their digits, long texts cut with the whole on demand, as far as a page can hold that, and keys of other
 * features as links to their pages.
 */
export function valueWriter(
  words: Words,
  pageOf: ReferredPage,
  most = { shown: shownCharacters, held: heldCharacters, page: pageCharacters },
) {
  let left = most.page
  return ({ name, kind }: FeatureColumn, value: FieldValue | null): Html => {
    if (value === null) return html`<span class="null" title="${words.null}">–</span>`
    if (typeof value === 'boolean') return html`${value ? words.yes : words.no}`
    if (kind === 'bytes') return html`${String(value)} ${words.bytes}`
    if (kind === 'geometry') return html`<span class="null">…</span>`
    const text = String(value)
    if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz') return html`<time>${text.replace('T', ' ')}</time>`
    const page = pageOf(name, text)
    // under a profile a reference is an address already
    if (page !== undefined && !/^https?:/.test(text)) return html`<a href="${page}">${text}</a>`
    if (text.length <= most.shown) return linkedText(text)
    const start = `${cutAt(text, most.shown - 1)}…`
    if (linkedText(text, start).html !== html`${start}`.html) return linkedText(text, start)
    const held = Math.min(text.length, most.held)
    if (held > left) return html`<span title="${words.cut}">${start}</span>`
    left -= held
    return html`<details><summary>${start}</summary>${held < text.length ? html`${cutAt(text, held)}… <em>(${words.cut})</em>` : text}</details>`
  }
}

/** So many characters, no pair of surrogates cut in two. */
const cutAt = (text: string, length: number) => text.slice(0, /[\ud800-\udbff]/.test(text[length - 1] ?? '') ? length - 1 : length)

/** Kinds whose values stand to the right. */
export const isNumeric = ({ kind }: FeatureColumn) => kind === 'integer' || kind === 'bigint' || kind === 'double' || kind === 'numeric'
