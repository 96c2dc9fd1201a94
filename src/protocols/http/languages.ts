/** Languages of an Accept-Language header (RFC 9110, 12.5.4) as lower-case ISO 639-1 codes, best first; `*` and regions are dropped. */
export function acceptedLanguages(header: string | undefined): string[] {
  if (!header) return []
  const weighted = header
    .slice(0, 500)
    .split(',')
    .map((part, index) => {
      const [tag, ...parameters] = part.trim().split(';')
      const q = parameters.map(parameter => parameter.trim()).find(parameter => parameter.startsWith('q='))
      return { language: tag.trim().toLowerCase().split('-')[0], weight: q === undefined ? 1 : Number(q.slice(2)) || 0, index }
    })
    .filter(({ language, weight }) => weight > 0 && /^[a-z]{2,3}$/.test(language))
  weighted.sort((a, b) => b.weight - a.weight || a.index - b.index)
  return [...new Set(weighted.map(({ language }) => language))]
}
