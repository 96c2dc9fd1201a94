import { readSld, type SldStyle } from '#styles/sld/read-sld.js'
import type { defaultSldOptions } from '#styles/sld/reading.js'
import type { Rule, StylePass, Symbolizer } from '#styles/style.js'

type Options = Partial<typeof defaultSldOptions>

const roots = {
  '1.0.0': 'xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink"',
  '1.1.0': 'xmlns="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink"',
}

/** A document around what stands in its UserStyle; the snippet begins on line 2. */
export function documentOf(userStyle: string, version: keyof typeof roots = '1.0.0'): string {
  return `<StyledLayerDescriptor version="${version}" ${roots[version]}><NamedLayer><Name>l</Name><UserStyle>\n${userStyle}\n</UserStyle></NamedLayer></StyledLayerDescriptor>`
}

interface Read<T> {
  readonly is: T
  /** `line path: message` */
  readonly notes: readonly string[]
}

export function passesOf(userStyle: string, options?: Options): Read<readonly StylePass[]> {
  const { layers, notes } = readSld(documentOf(userStyle), options)
  const [style] = layers[0].styles as readonly SldStyle[]
  return { is: style.style.passes, notes: notes.map(({ line, path, message }) => `${line} ${path}: ${message}`) }
}

/** The rule of a snippet that stands inside a Rule. */
export function ruleOf(rule: string, options?: Options): Read<Rule> {
  const { is, notes } = passesOf(`<FeatureTypeStyle><Rule>${rule}</Rule></FeatureTypeStyle>`, options)
  return { is: is[0].rules[0], notes }
}

/** The first symbolizer of a snippet that stands inside a Rule. */
export function symbolizerOf(symbolizer: string, options?: Options): Read<Symbolizer> {
  const { is, notes } = ruleOf(symbolizer, options)
  return { is: is.symbolizers[0], notes }
}
