import { withoutAccents } from '../accents.js'
import type { LikePart } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { foldCase } from '../fold-case.js'
import { likeParts } from '../like-parts.js'

/** Most characters of a pattern. */
const longest = 10_000

/** Functions that may stand around a pattern, the outermost first. */
export type Folding = 'casei' | 'accenti'

const folds: Readonly<Record<Folding, (text: string) => string>> = { casei: foldCase, accenti: withoutAccents }

/** The parts of a pattern of LIKE (`%`, `_`, `\` before what is meant literally), its texts folded. Throws FilterError for one that is too long. */
export function patternOf(text: string, foldings: readonly Folding[]): readonly LikePart[] {
  if (text.length > longest) throw new FilterError('too-large', `A pattern of LIKE has more than ${longest} characters.`)
  const parts = likeParts(text, { many: '%', one: '_', literal: '\\' })
  return parts.map(part => (typeof part === 'string' ? foldings.reduceRight((word, folding) => folds[folding](word), part) : part))
}
