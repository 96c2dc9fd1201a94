import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FontNames, readFontNames, type Shaper } from './font-face.js'

/** A font file that may be used, not yet opened. */
export interface CatalogueEntry extends FontNames {
  readonly path: string
}

/** A file that was refused, and why, in words for the operator. */
export interface FontFault {
  readonly file: string
  readonly reason: string
}

const mostFiles = 2000

const shipped = (path: string) => fileURLToPath(import.meta.resolve(path))

/** The weights of a family of the Google Fonts packages, upright and italic. */
function google(family: string, folder: string, weights: Readonly<Record<number, string>>): CatalogueEntry[] {
  const prefix = family.replaceAll(' ', '')
  return Object.entries(weights).flatMap(([weight, name]) =>
    [false, true].map(isItalic => {
      const style = `${weight}${name}${isItalic ? '_Italic' : ''}`
      return { family, weight: Number(weight), isItalic, path: shipped(`@expo-google-fonts/${folder}/${style}/${prefix}_${style}.ttf`) }
    }),
  )
}

function dejavu(family: string, italic: string): CatalogueEntry[] {
  const file = (style: string) => shipped(`dejavu-fonts-ttf/ttf/${family.replaceAll(' ', '')}${style}.ttf`)
  return [
    { family, weight: 400, isItalic: false, path: file('') },
    { family, weight: 400, isItalic: true, path: file(`-${italic}`) },
    { family, weight: 700, isItalic: false, path: file('-Bold') },
    { family, weight: 700, isItalic: true, path: file(`-Bold${italic}`) },
  ]
}

/** The fonts that come with the server: free ones of the widths of Arial, Times New Roman and Courier New among them. */
export function shippedFonts(): CatalogueEntry[] {
  const all = { 400: 'Regular', 500: 'Medium', 600: 'SemiBold', 700: 'Bold' }
  const two = { 400: 'Regular', 700: 'Bold' }
  return [
    ...google('Open Sans', 'open-sans', { 300: 'Light', ...all, 800: 'ExtraBold' }),
    ...google('Arimo', 'arimo', all),
    ...google('Tinos', 'tinos', two),
    ...google('Cousine', 'cousine', two),
    ...dejavu('DejaVu Sans', 'Oblique'),
    ...dejavu('DejaVu Serif', 'Italic'),
    ...dejavu('DejaVu Sans Mono', 'Oblique'),
    ...dejavu('DejaVu Sans Condensed', 'Oblique'),
  ]
}

/** The fonts of a folder (TTF and OTF files, in folders below too), in the order of their paths; files that are none are told. */
export async function fontsOfFolder(hb: Shaper, folder: string): Promise<{ fonts: CatalogueEntry[]; faults: FontFault[] }> {
  const fonts: CatalogueEntry[] = []
  const faults: FontFault[] = []
  const found = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    faults.push({ file: folder, reason: `The folder cannot be read (${error.code}).` })
    return []
  })
  const names = found.filter(name => /\.(ttf|otf|ttc|woff2?)$/i.test(name)).sort()
  for (const [i, file] of names.entries()) {
    try {
      if (i >= mostFiles) throw new Error(`A folder may hold ${mostFiles} fonts.`)
      const path = join(folder, file)
      fonts.push({ ...readFontNames(hb, await readFile(path)), path })
    } catch (error) {
      faults.push({ file, reason: (error as Error).message })
    }
  }
  return { fonts, faults }
}
