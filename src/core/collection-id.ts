/** Longest id made from a name, in characters: it stays readable in URLs and below file name limits. */
const longestId = 150

/** Ids that addresses of the contract need for themselves (section 4). */
export const reservedCollectionIds: ReadonlySet<string> = new Set(['catalogue'])

/** What an id may look like: letters and digits of any script, `_`, `-`, `.`, `:`; it starts with a letter, a digit or `_`. */
export const collectionIdPattern = '^[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_.:-]{0,149}$'

/**
 * An id made from a table or file name: letters and digits of any script, `_`, `-`, `.` and `:` stay as they are, in their case;
 * every run of anything else becomes one `_`. Never empty, `.` or `..`.
 */
export function idFromName(name: string): string {
  const id = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_.:-]+/gu, '_')
    .replace(/^[\p{M}.:-]+/u, '')
  const short = [...id].slice(0, longestId).join('').replace(/_+$/, '')
  return short === '' ? 'collection' : short
}

/** `id`, or with `_2`, `_3`, … behind it when it is taken or reserved. */
export function freeId(id: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(id) && !reservedCollectionIds.has(id)) return id
  let n = 2
  while (isTaken(`${id}_${n}`)) n++
  return `${id}_${n}`
}

/** A name for people: separators become spaces and the first letter is raised; codes and camel case stay as they are. */
export function titleFromName(name: string): string {
  const words = printable(name).replace(/[_-]+/g, ' ').replace(/\s+/g, ' ').trim()
  if (words === '') return 'Collection'
  const [first] = words
  return first.toUpperCase() + words.slice(first.length)
}

/** `text` without control and direction-changing characters, fit for a terminal or a page. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
}
