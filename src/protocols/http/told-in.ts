import { filterPieces, filters } from './french/filters.js'
import { findingPieces, findings } from './french/findings.js'
import { requestPieces, requests } from './french/requests.js'
import type { PageLanguage } from './page-language.js'

/**
 * A message of this server as it is written in the code, and the same in French. `{}` stands for what the code puts in; in French `{1}` is the first of
 * these, and `{~1}` the first told in French, too, where it is a text of the catalogue itself.
 */
export type Told = readonly (readonly [english: string, french: string])[]

/** All that pages tell in French; what is not in it is told in English. `pieces` stand in holes only: alone they would fit too much. */
export const french = {
  messages: [...requests, ...filters, ...findings],
  pieces: [...requestPieces, ...filterPieces, ...findingPieces],
} as const satisfies Record<string, Told>

/** Texts in texts in texts. */
const deepest = 4

interface Entry {
  /** What stands around the holes. */
  readonly parts: readonly string[]
  readonly french: string
}

/** Of templates that hold another message, at their end or their beginning. */
const holdsMessage = /\. \{\}$|^\{\} [A-Z]/

/** What holds another message comes first, then one that says more itself before one that puts more in. */
function entriesOf(told: Told): readonly Entry[] {
  const rank = (english: string) => (holdsMessage.test(english) ? 1000 : 0) + english.replaceAll('{}', '').length
  const ranked = [...told].sort(([a], [b]) => rank(b) - rank(a))
  return ranked.map(([english, french]) => ({ parts: english.split('{}'), french }))
}

const messages = entriesOf(french.messages)
const all = entriesOf([...french.messages, ...french.pieces])

/** A message of this server, a problem's or a finding's, in the language of a page. */
export function toldIn(language: PageLanguage, message: string): string {
  return language === 'fr' ? inFrench(message, 0) : message
}

function inFrench(message: string, depth: number): string {
  if (message === '' || depth > deepest) return message
  for (const { parts, french } of depth === 0 ? messages : all) {
    const holes = holesOf(message, parts)
    if (holes)
      return french.replace(/\{(~?)(\d)\}/g, (_, isTold: string, n: string) => {
        const hole = holes[Number(n) - 1] ?? ''
        return isTold ? inFrench(hole, depth + 1) : hole
      })
  }
  return message
}

/** What stands in the holes of a message; undefined where it is another one. By the first place that fits, so that no message takes long. */
function holesOf(message: string, parts: readonly string[]): readonly string[] | undefined {
  const last = parts[parts.length - 1]
  if (!message.startsWith(parts[0]) || !message.endsWith(last)) return undefined
  if (parts.length === 1) return message === parts[0] ? [] : undefined
  const end = message.length - last.length
  const holes: string[] = []
  let at = parts[0].length
  for (const part of parts.slice(1, -1)) {
    const found = message.indexOf(part, at)
    if (found < 0) return undefined
    holes.push(message.slice(at, found))
    at = found + part.length
  }
  return at > end ? undefined : [...holes, message.slice(at, end)]
}
