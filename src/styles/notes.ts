import type { StyleNote } from './style-error.js'

/** What a reader could not take over of a style: each thing once, with the places where it stands. */
export interface Notes {
  readonly add: (message: string, place?: string) => void
  readonly list: () => readonly StyleNote[]
}

/** Notes kept of one style, and characters of each; hostile styles have no end of them. */
const most = 200
const longest = 300
/** Places named of each, and kept. */
const placesNamed = 3
const placesKept = 10_000

export function newNotes(): Notes {
  const places = new Map<string, Set<string>>()
  let left = 0
  return {
    add(message, place = '') {
      const note = cut(message)
      const known = places.get(note)
      if (known) {
        if (known.size < placesKept) known.add(place)
      } else if (places.size < most) places.set(note, new Set([place]))
      else left++
    },
    list: () => [
      ...[...places].map(([message, where]) => ({ path: placed([...where]), message })),
      ...(left > 0 ? [{ path: '', message: `${left} more notes are not listed` }] : []),
    ],
  }
}

/** As much of a text of the style as fits a message. */
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

function placed(places: readonly string[]): string {
  const rest = places.length - placesNamed
  return `${places.slice(0, placesNamed).map(cut).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
