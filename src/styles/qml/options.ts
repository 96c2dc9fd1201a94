import { attributeOf, childOf, childrenOf, type XmlElement } from '#xml/read.js'

/** `<Option type="Map">`: texts and maps by name. */
export interface Options {
  readonly texts: ReadonlyMap<string, string>
  readonly maps: ReadonlyMap<string, Options>
}

/** The first map inside an element. */
export function optionsOf(element: XmlElement): Options | undefined {
  const map = childOf(element, 'Option')
  return map && mapOf(map)
}

function mapOf(element: XmlElement): Options {
  const texts = new Map<string, string>()
  const maps = new Map<string, Options>()
  for (const option of childrenOf(element, 'Option')) {
    const name = attributeOf(option, 'name')
    if (name === undefined) continue
    const value = attributeOf(option, 'value')
    if (value !== undefined) texts.set(name, value)
    else if (childrenOf(option, 'Option').length > 0) maps.set(name, mapOf(option))
  }
  return { texts, maps }
}

/** Properties of a symbol layer: `<Option>`s of version 3.22 and later, `<prop k v>` of all before. */
export function textsOf(element: XmlElement): Map<string, string> {
  const texts = new Map<string, string>()
  for (const prop of childrenOf(element, 'prop')) texts.set(attributeOf(prop, 'k') ?? '', attributeOf(prop, 'v') ?? '')
  for (const [name, value] of optionsOf(element)?.texts ?? []) texts.set(name, value)
  return texts
}
