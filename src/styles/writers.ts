import { writeSld } from './sld/write-sld.js'
import type { Style } from './style.js'
import type { StyleNote } from './style-error.js'

export interface WrittenStyle {
  readonly text: string
  /** What the language cannot say. */
  readonly notes: readonly StyleNote[]
}

/** Writes a style for a layer of that name. */
export type StyleWriter = (style: Style, layer: string) => WrittenStyle

/** All languages written, by the names that the command line has for them. */
export const styleWriters: Readonly<Record<string, StyleWriter>> = {
  sld: (style, layer) => writeSld(style, { version: '1.0.0', layer }),
  se: (style, layer) => writeSld(style, { version: '1.1.0', layer }),
}
