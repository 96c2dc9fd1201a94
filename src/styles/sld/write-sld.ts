import { UnsaidError } from '#filters/ogc/write-expression.js'
import { writeFilter } from '#filters/ogc/write-filter.js'
import { xmlDocument } from '#xml/write.js'
import { writeElement, type XmlTree } from '#xml/write-element.js'
import type { Rule, Style, StylePass } from '../style.js'
import type { StyleNote } from '../style-error.js'
import { graphicNode } from './write-graphic.js'
import { symbolizerNodes } from './write-symbolizer.js'
import { transformationNode } from './write-transformation.js'
import { vendorOption } from './write-value.js'
import {
  dialects,
  inside,
  mayExtend,
  namespaces,
  node,
  numberText,
  type SldVersion,
  tell,
  textNode,
  tree,
  type Writing,
} from './writing.js'

/** How a style is written. */
export interface WriteSldOptions {
  readonly version: SldVersion
  /** Of the layer the style is for. */
  readonly layer: string
  readonly isDefault?: boolean
  /** Also writes what GeoServer reads and the official schemas do not know. */
  readonly isExtended?: boolean
}

/**
 * A style as SLD 1.0.0 (OGC 02-070), or SLD 1.1.0 with SE 1.1.0 (OGC 05-078r4, 05-077r4): valid by the official schemas unless `isExtended`. What the
 * language cannot say is in the notes.
 */
export function writeSld(style: Style, { layer, isDefault = false, ...options }: WriteSldOptions): WrittenSld {
  return writeSldLayers([{ name: layer, styles: [{ style, isDefault }] }], options)
}

export interface WrittenSld {
  readonly text: string
  readonly notes: readonly StyleNote[]
}

/** A layer with all of its styles. */
export interface StyledSldLayer {
  readonly name: string
  readonly styles: readonly { readonly style: Style; readonly isDefault: boolean }[]
}

/** The same of several layers. */
export function writeSldLayers(
  layers: readonly StyledSldLayer[],
  { version, isExtended = false }: Pick<WriteSldOptions, 'version' | 'isExtended'>,
): WrittenSld {
  const dialect = dialects[version]
  const writing: Writing = { dialect, isExtended, notes: [], path: '', unit: 'pixel' }
  const { prefix, schema } = dialect
  const root = tree(
    'sld:StyledLayerDescriptor',
    { version, 'xsi:schemaLocation': `${namespaces.sld} ${schema}` },
    layers.map(({ name, styles }) =>
      tree(
        'sld:NamedLayer',
        {},
        node(writing, 'Name', name),
        styles.map(({ style, isDefault }) => styleNode(writing, style, isDefault)),
      ),
    ),
  )
  const { sld, ogc, xlink, xsi } = namespaces
  const declared = { sld, ...(prefix === 'se' && { se: namespaces.se }), ogc, xlink, xsi }
  return { text: xmlDocument(writeElement(root, { declared, indent: true })), notes: writing.notes }
}

function styleNode(writing: Writing, style: Style, isDefault: boolean): XmlTree {
  const passes = style.passes.length > 0 ? style.passes : [{ rules: [] }]
  return tree(
    'sld:UserStyle',
    {},
    textNode(writing, 'Name', style.name),
    descriptionNodes(writing, style),
    isDefault ? tree('sld:IsDefault', {}, '1') : undefined,
    passes.map((pass, i) => passNode(inside(writing, passes.length > 1 ? `FeatureTypeStyle[${i + 1}]` : 'FeatureTypeStyle'), pass)),
  )
}

function descriptionNodes(
  writing: Writing,
  { title, titles, abstract }: Pick<Rule, 'title' | 'titles' | 'abstract'>,
): readonly (XmlTree | undefined)[] {
  const localized = titles && mayExtend(writing, 'titles in other languages') ? Object.entries(titles) : []
  const others = localized.map(([lang, text]) => tree('sld:Localized', { lang }, text))
  const texts = [
    others.length > 0 ? node(writing, 'Title', title ?? '', others) : textNode(writing, 'Title', title),
    textNode(writing, 'Abstract', abstract),
  ]
  if (!writing.dialect.hasEncoding) return texts
  return texts.some(Boolean) ? [node(writing, 'Description', ...texts)] : []
}

function passNode(writing: Writing, { name, rules, isFirstMatch, sort, transformation, opacity = 1, blend }: StylePass): XmlTree {
  const order = sort?.map(({ property, descending }) => `${property} ${descending ? 'D' : 'A'}`).join(', ')
  const composite = opacity === 1 ? blend : `${blend ?? 'source-over'}, ${numberText(opacity)}`
  if (blend === 'add') tell(writing, 'the blend mode “add”')
  return node(
    writing,
    'FeatureTypeStyle',
    textNode(writing, 'Name', name),
    transformation && transformationNode(writing, transformation),
    (rules.length > 0 ? rules : [{ name: '', symbolizers: [] }]).map((rule, i) =>
      ruleNode(inside(writing, `Rule[${rule.name || i + 1}]`), rule),
    ),
    vendorOption(writing, 'ruleEvaluation', isFirstMatch ? 'first' : undefined),
    vendorOption(writing, 'sortBy', order),
    vendorOption(writing, 'composite', composite === 'normal' || blend === 'add' ? undefined : composite),
  )
}

function ruleNode(writing: Writing, rule: Rule): XmlTree {
  const { name, filter, isElse, minScaleDenominator, maxScaleDenominator, symbolizers, legendGraphic, geometryTypes } = rule
  if (geometryTypes) tell(writing, `that it is only for geometries of the type ${geometryTypes.join(' or ')}`)
  const drawn = symbolizers.flatMap(symbolizer => symbolizerNodes(writing, symbolizer))
  return node(
    writing,
    'Rule',
    textNode(writing, 'Name', name),
    descriptionNodes(writing, rule),
    legendGraphic && node(writing, 'LegendGraphic', graphicNode(writing, legendGraphic)),
    filter ? filterNode(writing, filter) : isElse ? node(writing, 'ElseFilter') : undefined,
    textNode(writing, 'MinScaleDenominator', minScaleDenominator === undefined ? undefined : String(minScaleDenominator)),
    textNode(writing, 'MaxScaleDenominator', maxScaleDenominator === undefined ? undefined : String(maxScaleDenominator)),
    // The schemas want a symbolizer; this one draws nothing.
    drawn.length > 0 ? drawn : node(writing, 'PointSymbolizer'),
    vendorOption(writing, 'inclusion', rule.isUnlisted ? 'mapOnly' : undefined),
  )
}

function filterNode(writing: Writing, filter: NonNullable<Rule['filter']>): XmlTree {
  const { filterVersion, hasEncoding } = writing.dialect
  try {
    return writeFilter(filter, { version: filterVersion, expressions: hasEncoding ? 'se' : 'ogc' })
  } catch (error) {
    if (!(error instanceof UnsaidError)) throw error
    tell(writing, `the filter cannot be said: ${error.message}. The rule is written so that it never holds`)
    return writeFilter({ kind: 'constant', value: false }, { version: filterVersion })
  }
}
