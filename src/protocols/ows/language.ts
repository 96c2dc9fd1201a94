/** ISO 639-2 codes of the languages of the Union and of its neighbourhoods, the bibliographic one, which INSPIRE uses, before the terminological. */
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
  bul: 'bg',
  cze: 'cs',
  ces: 'cs',
  dan: 'da',
  est: 'et',
  fin: 'fi',
  gle: 'ga',
  gre: 'el',
  ell: 'el',
  hrv: 'hr',
  hun: 'hu',
  lav: 'lv',
  lit: 'lt',
  mlt: 'mt',
  pol: 'pl',
  rum: 'ro',
  ron: 'ro',
  slo: 'sk',
  slk: 'sk',
  slv: 'sl',
  swe: 'sv',
  ice: 'is',
  isl: 'is',
  nor: 'no',
}

/** Those that INSPIRE's schemas do not list (common.xsd 1.0). */
const notInspire: ReadonlySet<string> = new Set(['ca', 'eu', 'br', 'co', 'oc', 'lb'])

/** `fr` as INSPIRE writes it, `fre` (ISO 639-2/B); undefined for a language that its schemas do not list. */
export function inspireLanguage(code: string): string | undefined {
  return notInspire.has(code) ? undefined : Object.keys(twoLetters).find(three => twoLetters[three] === code)
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
