import { createHash } from 'node:crypto'
import { Problem } from './problem.js'
import type { FeatureQuery } from './queries.js'

/** Where the next page begins, as the links of pages say it. */
export interface PageCursor {
  readonly after: NonNullable<FeatureQuery['after']>
  /** The pages before told how many rows match; then all do (contract, “Numbers”). */
  readonly hasCount: boolean
}

/** What a cursor is of: that of another is refused. */
export interface PagedSelection extends Pick<FeatureQuery, 'filter' | 'search' | 'sort'> {
  readonly collection: string
}

/** Characters of a cursor: addresses of 8,000 are understood everywhere. */
const mostCharacters = 4000

/** Cursors written otherwise than today begin otherwise. */
const version = 1

/** A cursor as an opaque text of letters, digits, `-` and `_`. Undefined where it would be too long, as texts to sort by may be: then pages go by offset. */
export function encodeCursor({ after, hasCount }: PageCursor, selection: PagedSelection): string | undefined {
  const text = Buffer.from(JSON.stringify([version, ...marksOf(selection), hasCount ? 1 : 0, ...after])).toString('base64url')
  return text.length <= mostCharacters ? text : undefined
}

/** The cursor that a text is. Throws `invalid-parameter` where it is none, or one of another selection. */
export function decodeCursor(text: string, selection: PagedSelection): PageCursor {
  const [found, what, order, hasCount, ...after] = partsOf(text)
  if (found !== version || typeof what !== 'string' || typeof order !== 'string' || (hasCount !== 0 && hasCount !== 1)) throw unreadable()
  if (!after.every(one => one === null || typeof one === 'string') || after.length === 0) throw unreadable()
  const [ownWhat, ownOrder] = marksOf(selection)
  if (what !== ownWhat) throw refused('of another collection or other filters. Keep them as they are from page to page')
  if (order !== ownOrder || after.length !== (selection.sort?.length ?? 0) + 1)
    throw refused('of another order. Keep sortby as it is from page to page')
  return { after, hasCount: hasCount === 1 }
}

function partsOf(text: string): readonly unknown[] {
  if (text.length > mostCharacters || !/^[\w-]+$/.test(text)) throw unreadable()
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return Array.isArray(parts) ? parts : []
  } catch {
    throw unreadable()
  }
}

const unreadable = () => refused('none that this server gave out. Take it from the link “next” of a page as it is')
const refused = (why: string) =>
  new Problem('invalid-parameter', `This cursor is ${why}, or begin with the first page, without a cursor.`, { locator: 'cursor' })

/** Short marks of what is selected and of its order. They guard against mistakes, not against malice: a forged cursor shows nothing that a filter would not. */
function marksOf({ collection, filter, search, sort = [] }: PagedSelection): readonly [string, string] {
  return [mark([collection, filter, search]), mark(sort.map(({ column, descending }) => [column, descending]))]
}

const mark = (value: unknown) => createHash('sha256').update(JSON.stringify(value, plain)).digest('base64url').slice(0, 8)

const plain = (_: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : typeof value === 'bigint' ? String(value) : value
