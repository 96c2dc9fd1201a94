import type { LoadRecord, LoadRecords } from './ports.js'

/** Records that last as long as `known`. */
export function recordsInMemory(known: Map<string, LoadRecord>): LoadRecords {
  return {
    list: async () => [...known.values()],
    put: async record => void known.set(record.path, record),
    forget: async path => void known.delete(path),
  }
}
