import { DatabaseError } from '../wire/database-error.js'

/**
 * `work` over all `items` at once; when the database refuses, over each half, and so on: one rotten table costs a few statements and is left out,
 * the others are answered. Other errors are thrown.
 */
export async function bisected<Item, Row>(
  items: readonly Item[],
  work: (some: readonly Item[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  if (items.length === 0) return []
  try {
    return await work(items)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.severity !== 'ERROR') throw error
    if (items.length === 1) return []
    const middle = items.length >> 1
    return [...(await bisected(items.slice(0, middle), work)), ...(await bisected(items.slice(middle), work))]
  }
}
