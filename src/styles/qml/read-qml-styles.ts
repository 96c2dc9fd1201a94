import type { ReadStyles } from '../languages.js'
import { readQml } from './read-qml.js'

/** Whether a text looks like a layer style of QGIS: by its root element. */
export function isQml(text: string): boolean {
  return /<qgis[\s>]/.test(text.slice(0, 10_000))
}

/** The one style of a file. Throws StyleError. */
export function readQmlStyles(text: string): ReadStyles {
  const { style, notes } = readQml(text)
  return { styles: [{ style }], notes }
}
