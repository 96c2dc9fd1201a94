import { wordsOf } from '#filters/fold-text.js'
import type { FeatureSource } from './atlas.js'
import { Problem } from './problem.js'
import type { TextSearch } from './queries.js'

/** Characters and words of a search. */
const [mostCharacters, mostWords] = [500, 20]

/** Columns that are searched where nobody says which: the texts. */
export const searchedColumns = ({ columns }: FeatureSource): readonly string[] =>
  columns
    .filter(({ kind, nativeType }) => kind === 'text' && /^(text|character varying\b.*|character\b.*)$/.test(nativeType))
    .map(({ name }) => name)

/**
 * What `q` asks (OGC API - Records 1.0, 8.4; Features Part 9, draft): of terms parted by commas one is to be found, of the words of a term all. Throws
 * `invalid-parameter`.
 */
export function readTextSearch(q: string, source: FeatureSource, columns = searchedColumns(source)): TextSearch {
  const fault = (message: string) => new Problem('invalid-parameter', message, { locator: 'q' })
  if (q.length > mostCharacters) throw fault(`q may have ${mostCharacters} characters; it has ${q.length}.`)
  const anyOf = q
    .split(',')
    .map(wordsOf)
    .filter(words => words.length > 0)
  if (anyOf.length === 0) throw fault('q holds no word to search for; q=école,collège asks for either word, q=école primaire for both.')
  if (anyOf.flat().length > mostWords) throw fault(`q may have ${mostWords} words; it has ${anyOf.flat().length}.`)
  if (columns.length === 0) throw fault('There are no texts to search here; ask by filter.')
  return { columns, anyOf }
}
