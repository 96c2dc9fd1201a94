import type { Identified } from '#core/encoders.js'
import { textIn } from '#core/text.js'
import { rawXml, type Xml, xml } from '#xml/write.js'
import type { FeatureFormat } from './feature-format.js'
import { isFilled, readableTable } from './feature-rows.js'
import { fillInfoTemplate, parseInfoTemplate } from './info-template.js'
import { nothingFound, whatIsHere } from './words.js'

// Everything hangs below one class: viewers paste the answer into their own page.
const looks = `
.arpent-info{font:14px/1.4 system-ui,sans-serif;color:#1d2733;background:#fff}
.arpent-info h2{font-size:1em;margin:.6em 0 .3em}
.arpent-info table{border-collapse:collapse}
.arpent-info th,.arpent-info td{padding:.2em .6em;border-bottom:1px solid #dde3ea;text-align:left;vertical-align:top;white-space:pre-line;overflow-wrap:anywhere}
.arpent-info th{font-weight:600;color:#51606f}
.arpent-info td.empty{color:#9aa6b2}`

/**
 * A page with a table per collection: a row per column or band, and a cell per feature; or what the template of the collection says. Without script, and with nothing of the data unescaped. The
 * style element asks for `style-src 'unsafe-inline'` in a content security policy; without it the page is plain but whole.
 */
export const html: FeatureFormat = {
  name: 'HTML',
  mediaTypes: ['text/html'],
  encode(sets, { languages }) {
    const filled = sets.filter(isFilled)
    const language = languages[0] ?? 'en'
    const body = xml`
      <html lang="${language}">
        <head>
          <meta charset="utf-8"/>
          <meta name="viewport" content="width=device-width"/>
          <title>${textIn(whatIsHere, languages)}</title>
          <style>${looks.replaceAll('\n', '')}</style>
        </head>
        <body>
          <div class="arpent-info">
            ${filled.length ? filled.map(set => table(set, languages)) : xml`<p>${textIn(nothingFound, languages)}</p>`}
          </div>
        </body>
      </html>`
    return `<!DOCTYPE html>\n${body.text}\n`
  },
}

function table(set: Identified, languages: readonly string[]): Xml {
  const { names, features, ids } = readableTable(set)
  const { info, title } = set.collection
  if (info !== undefined) {
    const special: Readonly<Record<string, (i: number) => string | null>> = { '@id': i => ids[i], '@title': () => textIn(title, languages) }
    const valuesOf = features.map((values, i) => {
      const own = new Map(names.map((name, column) => [name, values[column]]))
      return (name: string) => (Object.hasOwn(special, name) ? special[name](i) : (own.get(name) ?? null))
    })
    return rawXml(fillInfoTemplate(parseInfoTemplate(textIn(info, languages)), valuesOf))
  }
  const cell = (value: string | null) => (value === null ? xml`<td class="empty">–</td>` : xml`<td>${value}</td>`)
  const rows = names.map((name, i) => xml`<tr><th scope="row">${name}</th>${features.map(values => cell(values[i]))}</tr>`)
  return xml`<h2>${textIn(set.collection.title, languages)}</h2><table>${rows}</table>`
}
