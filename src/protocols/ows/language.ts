/** ISO 639-2 codes, bibliographic and terminological, of the languages that INSPIRE clients of our users ask in. */
const twoLetters: Readonly<Record<string, string>> = {
  fre: 'fr',
  fra: 'fr',
  eng: 'en',
  ger: 'de',
  deu: 'de',
  spa: 'es',
  ita: 'it',
  dut: 'nl',
  nld: 'nl',
  por: 'pt',
  cat: 'ca',
  baq: 'eu',
  eus: 'eu',
  bre: 'br',
  cos: 'co',
  oci: 'oc',
  ltz: 'lb',
}

/**
 * The language to answer in, one of `served` (the first is the default): the one LANGUAGE names (`fre`, `fra`, `fr`, `fr-FR`), the default when it names
 * one that is not served (INSPIRE View TG, requirement 68), else the best of `accepted`.
 */
export function answerLanguage(asked: string | undefined, accepted: readonly string[], served: readonly string[]): string {
  const fallback = served[0] ?? 'en'
  if (asked === undefined) return accepted.find(language => served.includes(language)) ?? fallback
  const code = asked.toLowerCase().split(/[-_]/)[0]
  const language = Object.hasOwn(twoLetters, code) ? twoLetters[code] : code
  return served.includes(language) ? language : fallback
}
