import type { SymbolPlace } from '#formats/map-data/kml-style.js'
import type { ZipEntry } from '#formats/zip.js'
import { drawSymbol, type SymbolPicture } from '#render/draw-symbol.js'
import type { GraphicPen } from '#render/pens.js'
import type { DrawContext } from '../draw-context.js'

/** Pictures of symbols beside a document. */
export interface SymbolFiles {
  readonly place: SymbolPlace
  /** To be asked for at the end. */
  files(): Promise<readonly ZipEntry[]>
}

/** Beyond it somebody computes a size for each feature: those have the client's own symbol. */
const mostSymbols = 200

/** Draws each symbol once, however many features have it. */
export function symbolFiles({ spareKernel, formats }: Pick<DrawContext, 'spareKernel' | 'formats'>): SymbolFiles {
  const known = new Map<string, { readonly name: string; readonly picture: SymbolPicture }>()
  const numbers = new WeakMap<object, number>()
  let last = 0
  const numberOf = (bytes: object) => {
    const number = numbers.get(bytes) ?? ++last
    numbers.set(bytes, number)
    return number
  }
  // pens that differ in nothing but their bytes may still be the same picture, but then the archive is only larger
  const keyOf = (pens: readonly GraphicPen[]) => JSON.stringify(pens, (_, value) => (value instanceof Uint8Array ? numberOf(value) : value))
  return {
    place(pens) {
      const key = keyOf(pens)
      if (!known.has(key) && known.size === mostSymbols) return undefined
      const symbol = known.get(key) ?? { name: `files/symbol-${known.size + 1}.png`, picture: drawSymbol(spareKernel(), pens) }
      known.set(key, symbol)
      return { href: symbol.name, size: symbol.picture.width }
    },
    async files() {
      const png = formats.find(({ mediaType }) => mediaType === 'image/png')!
      return Promise.all([...known.values()].map(async ({ name, picture }) => ({ name, bytes: await png.encode(picture), isStored: true })))
    },
  }
}
