import type { Collection } from '#core/atlas.js'
import type { MemoryTable } from './memory-store.js'
import { memorySource } from './memory-store.js'

/** A collection over a table of a memory store named `memory`, with no style of its own. */
export function collectionOf(table: MemoryTable, more: Partial<Collection> = {}): Collection {
  return { id: table.table, title: table.table, crs: [], styles: [], source: memorySource('memory', table), ...more }
}
