import { type Html, html } from '#protocols/http/html.js'
import type { Words } from '../../pages/words.js'

const conditions = ['q', 'datetime', 'bbox', 'filter'] as const

/** What a selection is made by, each condition with a link to the selection without it. */
export function activeConditions(
  parameters: URLSearchParams,
  names: readonly string[],
  addressWith: (changed: Readonly<Record<string, string>>) => string,
  words: Words,
): Html | undefined {
  const active = [...new Set(parameters.keys())].filter(name => (conditions as readonly string[]).includes(name) || names.includes(name))
  if (active.length === 0) return undefined
  const said = (name: string) => parameters.getAll(name).join(' | ').slice(0, 200)
  return html`<ul class="conditions" aria-label="${words.conditions}">${active.map(
    name =>
      html`<li>${name}: <b>${said(name)}</b> <a href="${addressWith({ [name]: '' })}" aria-label="${words.remove} ${name}" title="${words.remove}">×</a></li>`,
  )}</ul>`
}
