import type { StyleNote } from './style-error.js'

/** What a reader could not take over of a style: each thing once, with the places where it stands. */
export interface Notes {
  /** `line`: of the document, from 1; the first of several is told. */
  readonly add: (message: string, place?: string, line?: number) => void
  readonly list: () => readonly StyleNote[]
}

/** Notes kept of one style, and characters of each; hostile styles have no end of them. */
const most = 200
const longest = 300
/** Places named of each, and kept. */
const placesNamed = 3
const placesKept = 10_000

/** Notes of one style; bounded, whatever is added. */
export function newNotes(): Notes {
  const places = new Map<string, { readonly names: Set<string>; readonly line: number | undefined }>()
  let left = 0
  return {
    add(message, place = 'style', line = undefined) {
      const note = cut(message)
      const known = places.get(note)
      if (known) {
        if (known.names.size < placesKept) known.names.add(place)
      } else if (places.size < most) places.set(note, { names: new Set([place]), line })
      else left++
    },
    list: () => [
      ...[...places].map(([message, { names, line }]) => ({ ...(line !== undefined && { line }), path: placed([...names]), message })),
      ...(left > 0 ? [{ path: 'style', message: `${left} more notes are not listed` }] : []),
    ],
  }
}

/** As much of a text of the style as fits a message. */
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

function placed(places: readonly string[]): string {
  const rest = places.length - placesNamed
  return `${places.slice(0, placesNamed).map(cut).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
