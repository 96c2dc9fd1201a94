import { textIn } from '#core/text.js'
import type { FeatureFormat } from './feature-format.js'
import { isFilled, readableTable } from './feature-rows.js'
import { nothingFound } from './words.js'

/** Plain text for people: a heading per collection, a block per feature, `name: value` lines; lines after the first of a value are indented. */
export const text: FeatureFormat = {
  name: 'Text',
  mediaTypes: ['text/plain'],
  encode(sets, { languages }) {
    const parts = sets.filter(isFilled).map(set => {
      const { names, features } = readableTable(set)
      const title = textIn(set.collection.title, languages)
      const blocks = features.map(values => values.map((value, i) => `  ${names[i]}: ${indented(value ?? '')}\n`).join(''))
      return `${title === set.collection.id ? title : `${title} (${set.collection.id})`}\n${blocks.join('\n')}`
    })
    return parts.length ? parts.join('\n') : `${textIn(nothingFound, languages)}\n`
  },
}

function indented(value: string): string {
  return value.replace(/\r\n?|\n/g, '\n    ')
}
