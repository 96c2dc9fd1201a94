import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { parseQgisExpression } from '#filters/qgis/parse-qgis-expression.js'
import type { XmlElement } from '#xml/read.js'
import { isExpression } from '../computed.js'
import type { Font, Rule, TextSymbolizer, Value } from '../style.js'
import { call, isInPixels, times, timesLength } from '../values.js'
import { attempt } from './attempt.js'
import { placementOf } from './label-placement.js'
import { type LabelSettings, openSettings } from './label-settings.js'
import { shieldOf } from './label-shield.js'

type Label = { readonly symbolizer?: TextSymbolizer } & Pick<Rule, 'minScaleDenominator' | 'maxScaleDenominator' | 'filter'>

/** What label settings (`<settings>`) draw, and at which scales. */
export function readLabel(element: XmlElement, note: (message: string) => void): Label {
  const settings = openSettings(element, note)
  const text = textOf(settings)
  if (!text || ['0', 'false'].includes(settings.text('drawLabels') ?? '1')) return {}
  const font = fontOf(settings)
  const size = isInPixels(font.size) ? font.size : 13
  const halo = haloOf(settings, size)
  const { placement, geometry } = placementOf(settings, size)
  const shield = shieldOf(settings, note)
  const wrap = settings.number('autoWrapLength', 0)
  const lineHeight = settings.number('multilineHeight', 1)
  const priority = settings.computed('Priority') ?? settings.number('priority', 5)
  const symbolizer: TextSymbolizer = {
    kind: 'text',
    ...(geometry && { geometry }),
    text,
    font,
    ...settings.color('textColor', 'textOpacity', 'Color', 'FontOpacity'),
    ...(halo && { halo }),
    placement,
    ...((isExpression(priority) || priority !== 5) && { priority }),
    ...(settings.flag('displayAll') && { mayOverlap: true }),
    // Characters of a line, each about half as wide as the text is high.
    ...(wrap > 0 && { wrapWidth: times(size, 0.5 * wrap) }),
    lineHeight: 1.2 * lineHeight,
    ...(settings.flag('mergeLines') && { isGrouped: true }),
    ...(shield && { shield }),
  }
  const shown = settings.computed('Show')
  const filter: Filter | undefined = shown && { kind: 'compare', operator: '<>', left: shown, right: { kind: 'literal', value: 0 } }
  losses(settings)
  settings.finish()
  return { symbolizer, ...scalesOf(settings), ...(filter && { filter }) }
}

/** `scaleMin` is the greatest denominator since version 3, and the least before. */
function scalesOf(settings: LabelSettings): Pick<Rule, 'minScaleDenominator' | 'maxScaleDenominator'> {
  const isOn = settings.flag('scaleVisibility')
  const ends = [settings.number('scaleMin', 0), settings.number('scaleMax', 0)]
  if (!isOn) return {}
  const most = Math.max(...ends)
  const least = Math.min(...ends)
  return { ...(least > 0 && { minScaleDenominator: least }), ...(most > 0 && { maxScaleDenominator: most }) }
}

function textOf(settings: LabelSettings): Expression | undefined {
  const name = settings.text('fieldName') ?? ''
  if (name === '') return undefined
  const { note } = settings
  const text = settings.flag('isExpression')
    ? attempt(() => parseQgisExpression(name, note), `not drawn, because their text ${name.slice(0, 80)} is not computed`, note)
    : ({ kind: 'property', name } as const)
  if (!text) return undefined
  const cased = casedText(text, settings)
  const sign = settings.text('wrapChar') ?? ''
  const broken = sign === '' ? cased : call('replace', cased, { kind: 'literal', value: sign }, { kind: 'literal', value: '\n' })
  if (!settings.flag('formatNumbers')) return broken
  return call('format_number', text, { kind: 'literal', value: settings.number('decimals', 3) })
}

/** `Qgis::Capitalization`: as it is, upper case, lower case, first letters. */
function casedText(text: Expression, settings: LabelSettings): Expression {
  const capitals = settings.number('capitalization', 0)
  if (capitals === 1) return call('upper', text)
  if (capitals === 2) return call('lower', text)
  if (capitals === 4 || capitals === 1004) return call('strCapitalize', text)
  if (capitals !== 0) settings.note('small capitals are not drawn')
  return text
}

function fontOf(settings: LabelSettings): Font {
  const size = settings.length('fontSize', 'fontSizeUnit', 10, 'Size')
  const spacing = settings.number('fontLetterSpacing', 0)
  // Qt's weights go to 99, those of newer versions are CSS's.
  const written = settings.number('fontWeight', 50)
  const isBold = settings.computed('Bold')
  if (isBold) settings.note('Bold is not computed')
  const weight = written <= 99 ? qtWeight(written) : written
  const named = settings.text('namedStyle') ?? ''
  const isItalic = settings.flag('fontItalic') || /italic|oblique/i.test(named)
  return {
    families: [settings.text('fontFamily') ?? 'sans-serif'],
    size,
    ...(isItalic && { isItalic }),
    ...(weight !== 400 && { weight }),
    ...(spacing !== 0 && { letterSpacing: timesLength(spacing, 1) }),
  }
}

function qtWeight(weight: number): number {
  const steps = [0, 12, 25, 50, 57, 63, 75, 81, 87]
  return 100 * (steps.findLastIndex(step => weight >= step) + 1)
}

function haloOf(settings: LabelSettings, size: Value<number>): TextSymbolizer['halo'] {
  const isDrawn = settings.flag('bufferDraw') || (settings.text('bufferDraw') === undefined && settings.number('bufferSize', 0) > 0)
  if (settings.computed('BufferDraw')) settings.note('BufferDraw is not computed')
  const radius = settings.length('bufferSize', 'bufferSizeUnits', 1, 'BufferSize', size)
  const color = settings.color('bufferColor', 'bufferOpacity', 'BufferColor', 'BufferOpacity')
  return isDrawn ? { ...color, radius } : undefined
}

/** What a setting asks for and our labels do not have. */
function losses(settings: LabelSettings): void {
  const { note, flag, number, text } = settings
  if (flag('shadowDraw')) note('shadows of texts are not drawn')
  if (flag('maskEnabled')) note('masks of texts are not drawn')
  if (flag('fontUnderline') || flag('fontStrikeout')) note('lines under and through texts are not drawn')
  if (number('blendMode', 0) !== 0) note('the blend mode of texts is not kept')
  if (number('fontWordSpacing', 0) !== 0) note('space between words is not kept')
  if (flag('addDirectionSymbol')) note('signs of direction are not drawn')
  if (flag('allowHtml')) note('texts with marks of HTML are drawn as they are')
  if (flag('useSubstitutions')) note('substitutions in texts are not made')
  if (flag('labelPerPart')) note('each feature has one label, and not each part of it')
  if (number('zIndex', 0) !== 0) note('labels are not ordered by their z index')
  if (number('upsidedownLabels', 0) !== 0) note('labels are never upside down')
  if (number('lineAnchorPercent', 0.5) !== 0.5) note('labels of lines stand in the middle')
  if (flag('limitNumLabels')) note('the number of labels is not limited')
  if (flag('fontLimitPixelSize')) note('labels are drawn at any size of their font')
  if (number('minFeatureSize', 0) !== 0) note('labels of small features are drawn, too')
  if ((text('textOrientation') ?? 'horizontal') !== 'horizontal') note('texts are horizontal')
  if (flag('geometryGeneratorEnabled')) note('labels are placed on the geometry itself, and not on a generated one')
  if (settings.element('callout') && calloutIsOn(settings.element('callout')!)) note('callouts are not drawn')
}

function calloutIsOn(callout: XmlElement): boolean {
  return callout.content.some(
    item =>
      typeof item !== 'string' &&
      item.content.some(
        option =>
          typeof option !== 'string' &&
          option.attributes.some(({ name, value }) => name === 'name' && value === 'enabled') &&
          option.attributes.some(({ name, value }) => name === 'value' && (value === '1' || value === 'true')),
      ),
  )
}
