import type { IconShelf } from '../icon-shelf.js'
import type { PreparedImage } from '../pens.js'
import type { IconLook } from '../prepare-icon.js'
import { RenderError } from '../render-error.js'

/**
 * The icons of one map. Drawing cannot wait for an icon, so it is done in two steps: asking for what is not there yet notes it, `load` fetches what
 * was noted, and then everything is there that can be.
 */
export interface IconBook {
  /** Undefined while it is not loaded, and where it cannot be drawn. */
  get(href: string, look: IconLook): PreparedImage | undefined
  /** Whether something was asked for that has not been loaded. */
  readonly isLacking: boolean
  load(): Promise<void>
}

/** Different icons of one map, sizes and colours counted: beyond it somebody computes a size for each feature. */
const mostIcons = 500

/** A book for one map over the `shelf` of the thread. */
export function openIconBook(shelf: IconShelf): IconBook {
  const known = new Map<string, PreparedImage | undefined>()
  const wanted = new Map<string, readonly [href: string, look: IconLook]>()
  return {
    get(href, look) {
      const key = JSON.stringify([href, look])
      if (!known.has(key) && known.size + wanted.size < mostIcons) wanted.set(key, [href, look])
      return known.get(key)
    },
    get isLacking() {
      return wanted.size > 0
    },
    async load() {
      const all = [...wanted]
      wanted.clear()
      await Promise.all(
        all.map(async ([key, [href, look]]) => {
          try {
            known.set(key, await shelf.get(href, look))
          } catch (error) {
            if (!(error instanceof RenderError)) throw error
            known.set(key, undefined)
          }
        }),
      )
    },
  }
}
