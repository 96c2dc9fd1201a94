import type { FeatureColumn } from '#core/feature-table.js'
import { wordsOf } from '#styles/suggest/column-words.js'

const nameWords = ['nom', 'name', 'libelle', 'label', 'intitule', 'titre', 'title', 'toponyme', 'denomination', 'lib']
const descriptionWords = [
  'description',
  'descriptif',
  'descriptio',
  'resume',
  'abstract',
  'commentaire',
  'comment',
  'observation',
  'remarque',
  'note',
]

/** Index of the column that says what a feature is called; undefined where none does. */
export const nameColumn = (columns: readonly FeatureColumn[]) => firstOf(columns, nameWords)

/** Index of the column that tells about a feature; undefined where none does. */
export const descriptionColumn = (columns: readonly FeatureColumn[]) => firstOf(columns, descriptionWords)

/** The text column whose name has the earliest of the words; of several, the one with the shortest name: `nom` before `nom_maire`. */
function firstOf(columns: readonly FeatureColumn[], words: readonly string[]): number | undefined {
  let best: { readonly index: number; readonly rank: number } | undefined
  for (const [index, { name, kind }] of columns.entries()) {
    if (kind !== 'text') continue
    const own = wordsOf(name)
    const place = words.findIndex(word => own.includes(word))
    const rank = place * 100 + own.length
    if (place >= 0 && (!best || rank < best.rank)) best = { index, rank }
  }
  return best?.index
}
