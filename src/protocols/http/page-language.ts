/** Languages the pages speak; the first is the refuge of all others. */
const spoken = ['en', 'fr'] as const
/** A language that the pages speak. */
export type PageLanguage = (typeof spoken)[number]

/** The language of a page: what `lang` says, else the first accepted one that the pages speak. */
export function pageLanguage({ query, languages }: { readonly query: string; readonly languages: readonly string[] }): PageLanguage {
  const asked = [new URLSearchParams(query).get('lang')?.toLowerCase(), ...languages]
  return asked.map(language => spoken.find(own => own === language)).find(own => own !== undefined) ?? spoken[0]
}
