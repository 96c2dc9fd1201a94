import type { TextSymbolizer } from '../style.js'
import { note, plainText, quoted, type Reading } from './reading.js'
import type { VendorOptions } from './vendor-options.js'

type Abbreviations = NonNullable<TextSymbolizer['abbreviations']>

/** Words of one list. */
const most = 1000
/** A word as labels are parted into, and what is written where the whole does not fit. */
const pair = /^\s*([\p{L}\p{M}\p{N}]{1,100})\s*=\s*([^;=]{0,100}?)\s*$/u

/** The option `abbreviations` of labels, which is ours: `Avenue=Av.; Boulevard=Bd`. What is no such pair is noted. */
export function readAbbreviations(reading: Reading, options: VendorOptions): Abbreviations | undefined {
  const element = options.element('abbreviations')
  if (!element) return undefined
  const pairs = plainText(element)
    .split(';', most + 1)
    .filter(text => text.trim() !== '')
  if (pairs.length > most) note(reading, element, `only the first ${most} abbreviations are taken`)
  const read = pairs.slice(0, most).flatMap(text => {
    const [, word, short] = pair.exec(text) ?? []
    if (word === undefined) note(reading, element, `${quoted(text.trim())} is no abbreviation; “Avenue=Av.” would be`)
    return word === undefined ? [] : [[word, short] as const]
  })
  return read.length > 0 ? Object.fromEntries(read) : undefined
}

/** The text of the option; undefined where the option cannot say it. */
export function abbreviationsText(abbreviations: Abbreviations): string | undefined {
  const pairs = Object.entries(abbreviations).map(([word, short]) => `${word}=${short}`)
  return pairs.length <= most && pairs.every(text => pair.test(text)) ? pairs.join('; ') : undefined
}
