import { contentSecurityPolicy, type Html, html } from './html.js'
import type { PageLanguage } from './page-language.js'
import type { ServiceAnswer } from './service.js'

/** What stands around the content of a page. */
export interface PageFrame {
  readonly title: string
  readonly language: PageLanguage
  /** Address of the whole server: `web/` is there. */
  readonly rootUrl: string
  /** Files of `web/`, in order. */
  readonly styles: readonly string[]
  readonly scripts: readonly string[]
  /** What the scripts are told: `data-` attributes of the body. */
  readonly data?: Readonly<Record<string, string>>
  /** The same as a document for programs. */
  readonly alternate?: { readonly href: string; readonly type: string }
}

/** A page for people, in one language; everything in it comes from this server. */
export function pageAnswer(
  { title, language, rootUrl, styles, scripts, data = {}, alternate }: PageFrame,
  content: Html,
  status = 200,
): ServiceAnswer {
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${styles.map(name => html`<link rel="stylesheet" href="${rootUrl}/web/${name}">`)}
<link rel="icon" href="${rootUrl}/web/icon.svg">
${alternate && html`<link rel="alternate" type="${alternate.type}" href="${alternate.href}">`}
${scripts.map(name => html`<script defer src="${rootUrl}/web/${name}"></script>`)}
</head>
<body${Object.entries(data).map(([name, value]) => html` data-${name}="${value}"`)}>
${content}
</body>
</html>`
  return {
    status,
    mediaType: 'text/html; charset=utf-8',
    body: page.html,
    headers: { 'content-security-policy': contentSecurityPolicy, 'content-language': language, vary: 'Accept, Accept-Language' },
  }
}
