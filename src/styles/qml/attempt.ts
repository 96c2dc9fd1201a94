import { FilterError } from '#filters/filter-error.js'

/** What `read` makes of an expression of QGIS; undefined where it cannot: then `note` hears what is `lost`, and why. */
export function attempt<T>(read: () => T, lost: string, note: (message: string) => void): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    note(`${lost}: ${error.message}`)
    return undefined
  }
}
