import type { FeatureSource } from '#core/atlas.js'
import type { TextSearch } from '#core/queries.js'
import { letters, ligatures, likelyPattern } from '#filters/fold-text.js'
import { literal, quoted } from './identifiers.js'
import { attributeOf, plainTextSql, type Values } from './sql.js'

/** Characters of a row that are looked at: PostgreSQL refuses texts whose words take more than a megabyte. */
const mostCharacters = 100_000

/** The condition that a row has the words. Throws `unknown-property`. */
export function searchSql({ columns, anyOf }: TextSearch, source: FeatureSource, values: Values): string {
  const plainOf = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, '')
  const word = (text: string) => {
    const plain = plainOf(text)
    return `(to_tsquery('simple', ${values.bind(`'${plain}':*`)}) || to_tsquery('french', ${values.bind(`'${plain}'`)}))`
  }
  const all = anyOf.map(words => `(${words.map(word).join(' && ')})`)
  if (all.length === 0 || columns.length === 0) return 'false'
  // to fold a text and take it apart costs more than to see that none of the words can be in it
  const likely = anyOf.map(words => {
    const patterns = words.flatMap(one => likelyPattern(plainOf(one)) ?? [])
    return patterns.length === 0 ? 'true' : `(${patterns.map(one => `${textSql(columns, source)} ~ ${values.bind(one)}`).join(' AND ')})`
  })
  return `((${likely.join(' OR ')}) AND (${wordsSql(columns, source)}) @@ (${all.join(' || ')}))`
}

/**
 * The words of some columns as a `tsvector`, as they are and by their stems. Nothing but names goes into it and every function in it is immutable (`unaccent` is
 * not, and is no part of a plain PostgreSQL), so that a table may have an index of it.
 */
export function wordsSql(columns: readonly string[], source: FeatureSource): string {
  const text = `left(${textSql(columns, source)}, ${mostCharacters})`
  const spelled = ligatures.reduce((sql, [from, to]) => `replace(${sql}, ${literal(from)}, ${literal(to)})`, text)
  const folded = `translate(${spelled}, ${literal(letters.from)}, ${literal(letters.to)})`
  return `to_tsvector('simple', ${folded}) || to_tsvector('french', ${folded})`
}

/** All texts in one. */
const textSql = (columns: readonly string[], source: FeatureSource) =>
  `(${columns.map(name => `coalesce(${plainTextSql(attributeOf(source, name))}, '')`).join(` || ' ' || `)})`

/** What a table wants that is searched often: an index that answers `searchSql` of the same columns. */
export function searchIndexSql(columns: readonly string[], source: FeatureSource): string {
  return `CREATE INDEX ON ${quoted(source.schema)}.${quoted(source.table)} USING gin ((${wordsSql(columns, source)}))`
}
