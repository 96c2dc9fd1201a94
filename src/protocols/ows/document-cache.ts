import { createHash } from 'node:crypto'

/**
 * Stands for the base URL in documents made ahead. No written XML or JSON contains it: it is not an XML character, and JSON escapes it. It fits a byte, so that documents in
 * Latin letters take one for each of theirs.
 */
export const baseUrlToken = '\x01'
/** Likewise, for the base URL without the prefix of the view. */
export const rootUrlToken = '\x02'

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

/** Base URLs of one document whose answers are kept, and of those that asked once. */
const keptHosts = 4
const rememberedHosts = 16

interface Entry {
  readonly text: Promise<{ readonly text: string; readonly hash: string }>
  /** Characters of the text and bytes of the answers. */
  size: number
  /** By base URL, the least recently asked for first. */
  readonly answers: Map<string, PreparedDocument>
  /** Base URLs that asked once: a name that nobody uses twice is kept for nobody. */
  readonly strangers: Set<string>
}

/**
 * Keeps documents without their base URL, and their answers for the few base URLs that ask again, so that strange hosts neither fill it nor drive anything
 * out. At most `maxSize` characters and bytes in all, the least recently asked for go first; the newest document stays, whatever its size.
 */
export function createDocumentCache(maxSize = 128e6): DocumentCache {
  const entries = new Map<string, Entry>()
  let total = 0

  const drop = (key: string, entry: Entry) => {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    total -= entry.size
  }
  const grow = (key: string, entry: Entry, size: number) => {
    if (entries.get(key) !== entry) return
    entry.size += size
    total += size
    for (const [oldest, old] of entries) {
      if (total <= maxSize || old === entry) break
      drop(oldest, old)
    }
  }
  const entryOf = (key: string, write: () => Promise<string>): Entry => {
    const known = entries.get(key)
    if (known) {
      entries.delete(key)
      entries.set(key, known)
      return known
    }
    const text = write().then(text => ({ text, hash: hashOf(text) }))
    const entry: Entry = { text, size: 0, answers: new Map(), strangers: new Set() }
    entries.set(key, entry)
    text.then(
      ({ text }) => grow(key, entry, text.length),
      () => drop(key, entry),
    )
    return entry
  }
  const keep = (key: string, entry: Entry, base: string, answer: PreparedDocument) => {
    const { answers, strangers } = entry
    if (answers.size > 0 && !strangers.delete(base)) {
      if (strangers.size >= rememberedHosts) strangers.delete(strangers.keys().next().value!)
      strangers.add(base)
      return
    }
    const [oldest] = answers
    const left = answers.size >= keptHosts ? oldest : undefined
    if (left) answers.delete(left[0])
    answers.set(base, answer)
    grow(key, entry, answer.body.length - (left?.[1].body.length ?? 0))
  }

  return {
    async get(key, { base, root }, write) {
      const entry = entryOf(key, write)
      const { text, hash } = await entry.text
      const known = entry.answers.get(base)
      if (known) {
        entry.answers.delete(base)
        entry.answers.set(base, known)
        return known
      }
      const body = Buffer.from(text.replaceAll(baseUrlToken, () => base).replaceAll(rootUrlToken, () => root))
      const answer = { body, etag: hashOf(`${hash} ${base} ${root}`) }
      keep(key, entry, base, answer)
      return answer
    },
  }
}

const hashOf = (text: string) => createHash('sha1').update(text).digest('base64url')
