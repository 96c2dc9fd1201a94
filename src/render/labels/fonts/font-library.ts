import { readFileSync } from 'node:fs'
import { type CatalogueEntry, type FontFault, fontsOfFolder, shippedFonts } from './font-catalogue.js'
import { type FontFace, openFontFace } from './font-face.js'
import { matchFamily } from './match-family.js'

/** All fonts that labels may be set in. Faces are opened when first needed, and known by their number. */
export interface FontLibrary {
  /** Files that were refused. Grows when a file turns out broken only as it is opened. */
  readonly faults: readonly FontFault[]
  /**
   * Numbers of the faces for a list of families, best first: a character is drawn from the first face that has it. The default family and
   * the fonts for all scripts come last, so the list is never empty.
   */
  choose(families: readonly string[], weight: number, isItalic: boolean): readonly number[]
  /** The face of that number, or undefined when its file is broken. */
  face(number: number): FontFace | undefined
  /** The file of the face of that number. */
  file(number: number): CatalogueEntry
  readonly families: readonly string[]
}

/** Of the families that have no aliases: what fills in, in this order. */
const fallbacks = ['Open Sans', 'DejaVu Sans']
const mostFamilies = 16

/** Files of `folders` that are no fonts. */
export async function fontFaults(folders: readonly string[]): Promise<readonly FontFault[]> {
  return folders.length === 0 ? [] : (await openFontLibrary(folders)).faults
}

/** Opens the shipped fonts and those of `folders`, which come first where both have a family. */
export async function openFontLibrary(folders: readonly string[] = []): Promise<FontLibrary> {
  const hb = await import('harfbuzzjs')
  const faults: FontFault[] = []
  const own: CatalogueEntry[] = []
  for (const folder of folders) {
    const found = await fontsOfFolder(hb, folder)
    own.push(...found.fonts)
    faults.push(...found.faults)
  }
  const entries = [...own, ...shippedFonts()]
  const families = [...new Set(entries.map(entry => entry.family))]
  const ownFamilies = [...new Set(own.map(entry => entry.family))]
  const opened = new Map<number, FontFace | undefined>()
  // by the list itself, which all labels of a style share
  const chosen = new WeakMap<readonly string[], Map<number, readonly number[]>>()

  return {
    faults,
    families,
    file: number => entries[number],
    choose(wanted, askedWeight, isItalic) {
      const weight = askedWeight >= 1 && askedWeight <= 1000 ? askedWeight : 400
      const variant = isItalic ? -weight : weight
      let variants = chosen.get(wanted)
      const known = variants?.get(variant)
      if (known) return known
      const names = [...wanted.slice(0, mostFamilies), ...fallbacks, ...ownFamilies]
      const numbers = names.map(name => matchFamily(entries, name, weight, isItalic)).filter(number => number !== undefined)
      const list = [...new Set(numbers)]
      if (!variants) {
        variants = new Map()
        chosen.set(wanted, variants)
      }
      variants.set(variant, list)
      return list
    },
    face(number) {
      if (opened.has(number)) return opened.get(number)
      const entry = entries[number]
      let face: FontFace | undefined
      try {
        face = openFontFace(hb, readFileSync(entry.path))
      } catch (error) {
        faults.push({ file: entry.path, reason: (error as Error).message })
      }
      opened.set(number, face)
      return face
    },
  }
}
