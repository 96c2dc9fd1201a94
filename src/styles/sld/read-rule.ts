import { childOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { BlendMode, Rule, StylePass } from '../style.js'
import { readFilter } from './read-filter.js'
import { takeLegendGraphic } from './read-graphic.js'
import { readSymbolizer, symbolizerReaders } from './read-symbolizer.js'
import { readTransformation } from './read-transformation.js'
import { checkedNumber } from './read-value.js'
import { note, plainText, quoted, type Reading, refuse, take, takeAll, takeAttribute, takeParameter, takeText } from './reading.js'
import { takeVendorOptions, type VendorOptions } from './vendor-options.js'

/** Title and Abstract, of SLD 1.0.0, or inside the Description of SE 1.1.0. */
export function takeDescription(reading: Reading, element: XmlElement): { readonly title?: string; readonly abstract?: string } {
  const description = take(reading, element, 'Description')
  const of = (name: string) => takeText(reading, element, name) ?? takeText(reading, description, name)
  const [title, abstract] = [of('Title'), of('Abstract')]
  return { ...(title !== undefined && { title }), ...(abstract !== undefined && { abstract }) }
}

/** GeoServer's titles in other languages: `<Title>Wood<Localized lang="fr">Bois</Localized></Title>`. */
function takeTitles(reading: Reading, element: XmlElement): Rule['titles'] {
  const title = childOf(element, 'Title') ?? childOf(childOf(element, 'Description') ?? element, 'Title')
  const titles = takeAll(reading, title, 'Localized').flatMap(localized => {
    const language = takeAttribute(reading, localized, 'lang')?.toLowerCase()
    const text = plainText(localized)
    if (language && text) return [[language, text] as const]
    note(reading, localized, 'has no language (lang) or no text, and is left out')
    return []
  })
  return titles.length > 0 ? Object.fromEntries(titles) : undefined
}

/** A FeatureTypeStyle or CoverageStyle (OGC 05-077r4, 8 and 9): features are drawn by all of one before the next. */
export function readPass(reading: Reading, element: XmlElement): StylePass {
  const name = takeText(reading, element, 'Name')
  const description = takeDescription(reading, element)
  if (description.title ?? description.abstract) note(reading, element, 'title and abstract of a FeatureTypeStyle are not kept')
  const resource = take(reading, element, 'OnlineResource')
  if (resource) refuse(resource, 'rules are not fetched from elsewhere; write them into the style')
  const transformation = readTransformation(reading, element)
  const options = takeVendorOptions(reading, element)
  const sort = options.text('sortBy')
  const isFirstMatch = options.word('ruleEvaluation', ['first', 'all']) === 'first'
  const compositing = readCompositing(reading, options)
  const rules = takeAll(reading, element, 'Rule').map(rule => readRule(reading, rule))
  options.finish()
  return {
    ...(name !== undefined && { name }),
    rules,
    ...(isFirstMatch && { isFirstMatch }),
    ...(sort && { sort: sort.split(',').map(sortKey) }),
    ...(transformation && { transformation }),
    ...compositing,
  }
}

/** `name`, `name A` or `name D`. */
function sortKey(text: string): { readonly property: string; readonly descending: boolean } {
  const words = text.trim().split(/\s+/)
  const direction = words.length > 1 && /^(a|d|asc|desc)$/i.test(words.at(-1)!) ? words.pop()! : 'a'
  return { property: words.join(' '), descending: /^d/i.test(direction) }
}

/** Those of GeoServer’s `composite` that the model has. */
export const blendModes: readonly BlendMode[] = [
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'color-dodge',
  'color-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
]

/** GeoServer's `composite`: a mode, and an opacity behind a comma. */
function readCompositing(reading: Reading, options: VendorOptions): Pick<StylePass, 'blend' | 'opacity'> {
  const element = options.element('composite')
  if (!element) return {}
  const [mode, opacityText] = plainText(element)
    .split(',')
    .map(part => part.trim())
  const opacity = opacityText === undefined ? 1 : checkedNumber(element, opacityText, { least: 0, most: 1 })
  const blend = blendModes.find(known => known === mode)
  if (!blend && mode !== 'source-over')
    note(reading, element, `the mode ${quoted(mode)} is not read; source-over, ${blendModes.join(', ')} are`)
  return { ...(blend && { blend }), ...(opacity !== 1 && { opacity }) }
}

/** A Rule (OGC 05-077r4, 10). */
function readRule(reading: Reading, element: XmlElement): Rule {
  if (++reading.counts.rules > reading.options.rules)
    refuse(element, `the style has more than the ${reading.options.rules} rules allowed here`)
  const name = takeText(reading, element, 'Name') ?? ''
  const description = takeDescription(reading, element)
  const titles = takeTitles(reading, element)
  const [least, most] = ['MinScaleDenominator', 'MaxScaleDenominator'].map(scale => readScale(reading, element, scale))
  const [filterElement, otherwise] = [take(reading, element, 'Filter'), take(reading, element, 'ElseFilter')]
  if (filterElement && otherwise) note(reading, otherwise, 'a rule has a Filter or an ElseFilter; the Filter counts')
  if (least !== undefined && most !== undefined && least >= most)
    note(reading, element, `never holds: its least scale denominator, ${least}, is not below its greatest, ${most}`)
  const legendGraphic = takeLegendGraphic(reading, element)
  const options = takeVendorOptions(reading, element)
  const inclusion = options.word('inclusion', ['normal', 'mapOnly', 'legendOnly'])
  options.finish()
  const asked = filterElement && readFilter(reading, filterElement)
  // what is for legends only holds for no feature
  if (inclusion === 'legendOnly' && filterElement) note(reading, filterElement, 'is that of a rule for legends only, and not kept')
  const filter: Rule['filter'] = inclusion === 'legendOnly' ? { kind: 'constant', value: false } : asked
  const drawn = childrenOf(element).filter(child => Object.hasOwn(symbolizerReaders, child.name))
  for (const symbolizer of drawn) reading.takenElements.add(symbolizer)
  return {
    name,
    ...description,
    ...(titles && { titles }),
    ...(least !== undefined && { minScaleDenominator: least }),
    ...(most !== undefined && { maxScaleDenominator: most }),
    ...(filter && { filter }),
    ...(otherwise && !filter && { isElse: true }),
    symbolizers: drawn.flatMap(symbolizer => readSymbolizer(reading, symbolizer) ?? []),
    ...(inclusion === 'mapOnly' && { isUnlisted: true }),
    ...(legendGraphic && { legendGraphic }),
  }
}

function readScale(reading: Reading, rule: XmlElement, name: string): number | undefined {
  const element = takeParameter(reading, rule, name)
  // Writers without a limit put an infinity.
  if (!element || /^\+?inf(inity)?$/i.test(plainText(element))) return undefined
  return checkedNumber(element, plainText(element), { least: 0 })
}
