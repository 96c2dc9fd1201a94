import type { Keyword, Keywords, Text } from './atlas.js'

/** `text` in the first of `languages` it has (ISO 639-1 codes, best first), else in the first language it was written in. */
export function textIn(text: Text, languages: readonly string[]): string {
  return pick(text, languages, '')
}

/** `keywords` in the first of `languages` they have, else in the first language they were written in; empty when there are none. */
export function keywordsIn(keywords: Keywords | undefined, languages: readonly string[]): readonly Keyword[] {
  if (keywords === undefined) return []
  return isList(keywords) ? keywords : pick(keywords, languages, [])
}

function pick<T extends string | readonly Keyword[]>(value: T | Readonly<Record<string, T>>, languages: readonly string[], none: T): T {
  if (typeof value === 'string' || Array.isArray(value)) return value as T
  const versions = value as Readonly<Record<string, T>>
  for (const language of languages) if (Object.hasOwn(versions, language)) return versions[language]
  return Object.values(versions)[0] ?? none
}

const isList = (keywords: Keywords): keywords is readonly Keyword[] => Array.isArray(keywords)
