import { createHash } from 'node:crypto'

/** Stands for the base URL in documents made ahead. No written XML contains it: it is not an XML character. */
export const baseUrlToken = '\ufffe'
/** Likewise, for the base URL without the prefix of the view. */
export const rootUrlToken = '\uffff'

export interface PreparedDocument {
  readonly body: Uint8Array
  /** Changes when the body does. */
  readonly etag: string
}

export interface DocumentCache {
  /**
   * The document of `key` for a base URL, which comes escaped, made by `write` unless it was already. Two that ask at the same time
   * share one making; one that failed is forgotten.
   */
  get(key: string, baseUrls: BaseUrls, write: () => Promise<string>): Promise<PreparedDocument>
}

export interface BaseUrls {
  readonly base: string
  readonly root: string
}

interface Entry {
  readonly text: Promise<{ readonly text: string; readonly hash: string }>
  length: number
  /** As last answered: nearly always the next one asks by the same host. */
  last?: { readonly base: string } & PreparedDocument
}

/**
 * Keeps documents without their base URL, so that strange hosts neither fill it nor drive anything out. At most `maxCharacters` in all, the least
 * recently asked for go first.
 */
export function createDocumentCache(maxCharacters = 32e6): DocumentCache {
  const entries = new Map<string, Entry>()
  let total = 0

  const drop = (key: string, entry: Entry) => {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    total -= entry.length
  }
  const entryOf = (key: string, write: () => Promise<string>): Entry => {
    const known = entries.get(key)
    if (known) {
      entries.delete(key)
      entries.set(key, known)
      return known
    }
    const entry: Entry = { text: write().then(text => ({ text, hash: hashOf(text) })), length: 0 }
    entries.set(key, entry)
    entry.text.then(
      ({ text }) => {
        if (entries.get(key) !== entry) return
        entry.length = text.length
        total += text.length
        for (const [oldest, old] of entries) {
          if (total <= maxCharacters) break
          drop(oldest, old)
        }
      },
      () => drop(key, entry),
    )
    return entry
  }

  return {
    async get(key, { base, root }, write) {
      const entry = entryOf(key, write)
      const { text, hash } = await entry.text
      if (entry.last?.base !== base) {
        const body = Buffer.from(text.replaceAll(baseUrlToken, () => base).replaceAll(rootUrlToken, () => root))
        entry.last = { base, body, etag: hashOf(`${hash} ${base} ${root}`) }
      }
      return entry.last!
    },
  }
}

const hashOf = (text: string) => createHash('sha1').update(text).digest('base64url')
