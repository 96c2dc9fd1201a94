import { type ArrayText, readArrayText } from '#rows/array-text.js'

/** The items of an array as PostgreSQL writes it, those of several dimensions in one list, as its own operators see them. Null when the text is no array. */
export function itemsOfArrayText(text: string): readonly (string | null)[] | null {
  const items = readArrayText(text)
  return items && flat(items)
}

const flat = (items: ArrayText): readonly (string | null)[] =>
  items.flatMap(item => (Array.isArray(item) ? flat(item) : [item as string | null]))
