import { textIn } from '#core/text.js'
import { contentSecurityPolicy, type Html, html } from '#protocols/http/html.js'
import type { ServiceAnswer, ServiceRequest } from '#protocols/http/service.js'
import { answerLanguage } from './language.js'

const home = { fr: 'Toutes les données', en: 'All data' } as const
export type PageLanguage = keyof typeof home

/** Languages that pages of services are written in, the default first. */
const pageLanguages = ['en', 'fr'] as const

/** What a person sees who opens the address of a service in a browser (contract, section 4). Small, without script. */
export function servicePage(request: ServiceRequest, body: (language: PageLanguage) => Html): ServiceAnswer {
  const { view, baseUrl, languages } = request
  const language = answerLanguage(undefined, languages, pageLanguages) as PageLanguage
  const title = textIn(view.title, [language, ...view.atlas.service.languages])
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}input{font:1rem monospace;width:100%;padding:.5rem;box-sizing:border-box}</style>
</head>
<body>
<h1>${title}</h1>
${body(language)}
<p><a href="${baseUrl}/">${home[language]}</a></p>
</body>
</html>
`
  return {
    status: 200,
    mediaType: 'text/html; charset=utf-8',
    body: page.html,
    headers: { 'content-security-policy': contentSecurityPolicy, 'content-language': language, vary: 'Accept-Language' },
  }
}
