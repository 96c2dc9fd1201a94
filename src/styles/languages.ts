import { isMapLibre, readMapLibreStyles } from './maplibre/read-maplibre-styles.js'
import { isQml, readQmlStyles } from './qml/read-qml-styles.js'
import { isSld, readSldStyles } from './sld/read-sld-styles.js'
import type { Style } from './style.js'
import type { StyleNote } from './style-error.js'

/** A language that styles are written in. */
export interface StyleLanguage {
  readonly name: string
  /** Endings of its files, with the dot. */
  readonly extensions: readonly string[]
  /** Whether a text is of this language, where an ending does not tell. */
  isOne(text: string): boolean
  /** Throws `StyleError` where nothing can be made of it. */
  read(text: string): ReadStyles
}

/** What a file holds. */
export interface ReadStyles {
  /** In the order of the file; one at least. */
  readonly styles: readonly NamedReadStyle[]
  /** What was met and could not be kept, each with its place. */
  readonly notes: readonly StyleNote[]
}

/** A style, and what the file calls it. */
export interface NamedReadStyle {
  /** Layer it is for, where the language says. */
  readonly layer?: string
  readonly name?: string
  readonly style: Style
}

/** All languages read. */
export const styleLanguages: readonly StyleLanguage[] = [
  { name: 'SLD', extensions: ['.sld'], isOne: isSld, read: readSldStyles },
  { name: 'QML', extensions: ['.qml'], isOne: isQml, read: readQmlStyles },
  // Most end with `.json`, as data do: those have to be named.
  { name: 'MapLibre', extensions: ['.mbstyle'], isOne: isMapLibre, read: readMapLibreStyles },
]

/** The language of a file, by its ending and then by what it says. */
export function languageOf(path: string, text: string): StyleLanguage | undefined {
  const candidates = styleLanguages.filter(({ extensions }) => extensions.some(extension => path.toLowerCase().endsWith(extension)))
  return candidates.find(language => language.isOne(text)) ?? candidates[0] ?? styleLanguages.find(language => language.isOne(text))
}

/** Endings of files that may hold styles. */
export const styleExtensions = (): readonly string[] => [...new Set(styleLanguages.flatMap(({ extensions }) => extensions))]
