import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { type Notes, newNotes } from '../notes.js'
import { type BlendMode, type Rule, rulesOf, type Style, type StylePass } from '../style.js'
import { StyleError, type StyleNote } from '../style-error.js'
import { oldLabelSettings } from './old-labels.js'
import { readQmlDocument } from './qml-document.js'
import { readLabeling } from './read-labeling.js'
import { readRaster } from './read-raster.js'
import { readRenderer } from './read-renderer.js'

/**
 * Reads a layer style of QGIS (`.qml`, versions 2 and 3), of features or of a raster. Sizes become pixels of 0.28 mm; map units are taken for metres.
 * Throws StyleError for what is no such style, larger than is read or beyond what can be drawn; what has no counterpart is in `notes`.
 */
export function readQml(text: string): { style: Style; notes: readonly StyleNote[] } {
  const root = readQmlDocument(text)
  const notes = newNotes()
  const pipe = childOf(root, 'pipe')
  const passes = pipe ? rasterPasses(pipe, notes) : featurePasses(root, notes)
  const whole = wholeOf(root, pipe, notes)
  if (passes.length > 1 && (whole.opacity ?? 1) !== 1) notes.add('the opacity of the layer is that of each of its levels')
  const scales = scalesOf(root)
  const scaled = passes.map(pass => ({ ...pass, ...whole, rules: pass.rules.flatMap(rule => within(rule, scales)) }))
  if (childrenOf(root).some(hasDiagrams)) notes.add('diagrams are not drawn')
  const style: Style = { passes: scaled.filter(pass => pass.rules.length > 0) }
  if (!isMeantEmpty(root) && rulesOf(style).every(({ symbolizers }) => symbolizers.length === 0)) refuseEmpty(notes.list())
  return { style, notes: notes.list() }
}

/** Layers may be there for nothing but what they are joined to. */
const isMeantEmpty = (root: XmlElement) => attributeOf(childOf(root, 'renderer-v2') ?? root, 'type') === 'nullSymbol'

/** A layer of which nothing shows has no style worth keeping: its default style says more. */
function refuseEmpty(notes: readonly StyleNote[]): void {
  if (notes.length === 0) return
  const reasons = notes.slice(0, 3).map(({ path, message }) => `${path}: ${message}`)
  throw new StyleError(`Nothing of it can be drawn. ${reasons.join('; ')}`, notes[0].line)
}

function rasterPasses(pipe: XmlElement, notes: Notes): readonly StylePass[] {
  const symbolizer = readRaster(pipe, message => notes.add(message, 'raster'))
  return symbolizer ? [{ rules: [{ name: '', symbolizers: [symbolizer] }] }] : []
}

function featurePasses(root: XmlElement, notes: Notes): readonly StylePass[] {
  const renderer = childOf(root, 'renderer-v2')
  if (!renderer) notes.add('there is no renderer, so nothing is drawn')
  return [...(renderer ? readRenderer(renderer, notes) : []), ...labelPasses(root, notes)]
}

function labelPasses(root: XmlElement, notes: Notes): readonly StylePass[] {
  const labeling = childOf(root, 'labeling')
  if (labeling && childrenOf(labeling).length > 0) return attributeOf(root, 'labelsEnabled') === '0' ? [] : readLabeling(labeling, notes)
  const settings = oldLabelSettings(root, notes)
  return settings ? readLabeling({ ...settings, name: 'labeling', attributes: [simple], content: [settings] }, notes) : []
}

const simple = { name: 'type', namespace: '', value: 'simple' }

/** Styles without diagrams have their settings all the same, without fields. */
function hasDiagrams(element: XmlElement): boolean {
  return childrenOf(element, 'DiagramCategory').some(
    category =>
      attributeOf(category, 'enabled') !== '0' && childrenOf(category, 'attribute').some(one => (attributeOf(one, 'field') ?? '') !== ''),
  )
}

/** By their numbers in files (`QgsPainting::BlendMode`). */
const blends: readonly (BlendMode | undefined)[] = [
  'normal',
  'lighten',
  'screen',
  'color-dodge',
  'add',
  'darken',
  'multiply',
  'color-burn',
  'overlay',
  'soft-light',
  'hard-light',
  'difference',
]

/** Opacity and mixing of the layer. */
function wholeOf(root: XmlElement, pipe: XmlElement | undefined, notes: Notes): Pick<StylePass, 'opacity' | 'blend'> {
  const number = (name: string, otherwise: number) => {
    const element = childOf(root, name)
    const value = element ? Number(textOf(element)) : otherwise
    return Number.isFinite(value) ? value : otherwise
  }
  // Version 2 has what is seen through, of 100.
  const opacity = pipe ? 1 : Math.min(1, Math.max(0, number('layerOpacity', 1) * (1 - number('layerTransparency', 0) / 100)))
  const mode = number('blendMode', 0)
  const blend = blends[mode]
  if (!blend) notes.add(`the blend mode ${mode} of the layer is not kept`)
  if (number('featureBlendMode', 0) !== 0) notes.add('features of the layer are not blended with each other')
  return { ...(opacity !== 1 && { opacity }), ...(blend && blend !== 'normal' && { blend }) }
}

interface Scales {
  readonly least: number
  readonly most: number
}

/** `maxScale` is the least denominator and belongs to the range, `minScale` the greatest and does not; version 2 has it the other way round. */
function scalesOf(root: XmlElement): Scales {
  const number = (...names: readonly string[]) =>
    Number(names.map(name => attributeOf(root, name)).find(value => value !== undefined) ?? 0) || 0
  if (attributeOf(root, 'hasScaleBasedVisibilityFlag') !== '1') return { least: 0, most: Number.POSITIVE_INFINITY }
  const isOld = attributeOf(root, 'minimumScale') !== undefined
  const [least, most] = isOld ? [number('minimumScale'), number('maximumScale')] : [number('maxScale'), number('minScale')]
  return { least, most: most || Number.POSITIVE_INFINITY }
}

/** A rule where the layer is shown; none where both never are. */
function within(rule: Rule, { least, most }: Scales): Rule[] {
  const low = Math.max(rule.minScaleDenominator ?? 0, least)
  const high = Math.min(rule.maxScaleDenominator ?? Number.POSITIVE_INFINITY, most)
  if (low >= high) return []
  return [{ ...rule, ...(low > 0 && { minScaleDenominator: low }), ...(Number.isFinite(high) && { maxScaleDenominator: high }) }]
}
