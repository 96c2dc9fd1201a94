import { decodeDataAddress } from './data-address.js'
import type { PreparedImage } from './pens.js'
import { type IconLook, prepareIcon } from './prepare-icon.js'
import { RenderError } from './render-error.js'

/** Icons that have been prepared, for the next map. */
export interface IconShelf {
  /** The icon of an address in a style. Throws `RenderError` with a reason fit for clients. */
  get(href: string, look: IconLook): Promise<PreparedImage>
  readonly bytes: number
}

export interface IconShelfOptions {
  /** The bytes behind an address that is no `data:`; the caller alone knows what may be read. */
  readonly load: (href: string) => Promise<Uint8Array>
  readonly maxBytes?: number
}

interface Entry {
  readonly icon: Promise<PreparedImage>
  bytes: number
}

/** What an entry takes beside its pixels. */
const entryBytes = 500
/** A `data:` address, base64 or not. */
const longestAddress = 1_400_000

/** At most `maxBytes` (16 MB when absent) of pixels; the one that was not asked for the longest is forgotten first. */
export function createIconShelf({ load, maxBytes = 1 << 24 }: IconShelfOptions): IconShelf {
  const entries = new Map<string, Entry>()
  let bytes = 0
  const drop = (key: string, entry: Entry) => {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    bytes -= entry.bytes
  }
  const grow = (key: string, entry: Entry, more: number) => {
    if (entries.get(key) !== entry) return
    entry.bytes += more
    bytes += more
    for (const [oldest, held] of entries) {
      if (bytes <= maxBytes) break
      drop(oldest, held)
    }
  }
  const prepare = async (href: string, look: IconLook) => {
    if (href.length > longestAddress) throw new RenderError('too-large', 'The address of an icon is too long.')
    return prepareIcon(href.startsWith('data:') ? decodeDataAddress(href) : await load(href), look)
  }
  return {
    get bytes() {
      return bytes
    },
    get(href, look) {
      const key = JSON.stringify([href, look.size, look.pixelRatio, look.parameters])
      const known = entries.get(key)
      entries.delete(key)
      const entry = known ?? { icon: prepare(href, look), bytes: 0 }
      entries.set(key, entry)
      if (!known) {
        grow(key, entry, entryBytes + key.length * 2)
        entry.icon.then(
          icon => grow(key, entry, icon.bytes.length),
          () => drop(key, entry),
        )
      }
      return entry.icon
    },
  }
}
