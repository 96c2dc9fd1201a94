import { type Html, html } from '#protocols/http/html.js'

/** A text that is a whole web address is a link; everything else is a text. */
export function linkedText(text: string, shown = text): Html {
  return isWebAddress(text) ? html`<a href="${text}" rel="noopener nofollow">${shown}</a>` : html`${shown}`
}

/** Nothing but http and https: what is in a table may come from anybody. */
const isWebAddress = (text: string) => text.length <= 2000 && /^https?:\/\/[^\s<>"]+$/i.test(text) && URL.canParse(text)
