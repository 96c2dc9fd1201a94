import type { TextSymbolizer } from '../style.js'
import { isInPixels } from '../values.js'
import { negative } from './draw-shapes.js'
import { imageOf, type Painted } from './write-symbolizer.js'
import type { ValueWriter } from './write-values.js'

/** A symbol layer. Lengths that MapLibre wants in sizes of the text are written so where both are numbers. */
export function writeText(text: TextSymbolizer, values: ValueWriter): Painted {
  const { font, halo, placement, priority, shield, lineHeight, wrapWidth, spaceAround, mayOverlap } = text
  const size = typeof font.size === 'number' && font.size > 0 ? font.size : 16
  const inSizes = (name: string, length: Parameters<ValueWriter['fixed']>[1]) =>
    values.fixed(name, scaledBack(length, font.size) ?? length, 0) / (scaledBack(length, font.size) === undefined ? size : 1)
  const image = shield && imageOf(shield.graphic, values)
  if (text.abbreviations) values.note('abbreviations are not written')
  if (text.minRepeat !== undefined) values.note('the distance of equal texts is not written')
  return {
    type: 'symbol',
    layout: {
      'text-field': values.text('text-field', text.text, ''),
      'text-font': font.families.map(family => face(family, font.weight, font.isItalic)),
      'text-size': values.length('text-size', font.size, 16),
      ...(font.letterSpacing !== undefined && { 'text-letter-spacing': inSizes('text-letter-spacing', font.letterSpacing) }),
      ...(lineHeight !== undefined && { 'text-line-height': lineHeight }),
      ...(wrapWidth !== undefined && placement.kind === 'point' && { 'text-max-width': inSizes('text-max-width', wrapWidth) }),
      ...(spaceAround !== undefined && { 'text-padding': Math.max(0, values.fixed('text-padding', spaceAround, 2)) }),
      ...(mayOverlap && { 'text-allow-overlap': true }),
      ...(priority !== undefined && isInPixels(priority) && { 'symbol-sort-key': values.number('symbol-sort-key', negative(priority), 0) }),
      ...(image !== undefined && { 'icon-image': image, ...(shield?.isStretched && { 'icon-text-fit': 'both' }) }),
      ...placed(placement, values, inSizes),
    },
    paint: {
      'text-color': values.color('text-color', text.color, '#000000'),
      'text-opacity': values.number('text-opacity', text.opacity, 1),
      ...(halo && {
        'text-halo-color': values.color('text-halo-color', halo.color, '#ffffff'),
        'text-halo-width': values.length('text-halo-width', halo.radius, 0),
      }),
    },
  }
}

type InSizes = (name: string, length: Parameters<ValueWriter['fixed']>[1]) => number

function placed(
  placement: TextSymbolizer['placement'],
  values: ValueWriter,
  inSizes: InSizes,
): Record<string, string | number | readonly number[]> {
  if (placement.kind === 'line') {
    const { repeat, offset, isUpright, maxAngle } = placement
    return {
      'symbol-placement': repeat === undefined ? 'line-center' : 'line',
      ...(repeat !== undefined && { 'symbol-spacing': Math.max(1, values.fixed('symbol-spacing', repeat, 250)) }),
      ...(offset !== undefined && { 'text-offset': [0, -inSizes('text-offset', offset)] }),
      ...(isUpright && { 'text-rotation-alignment': 'viewport' }),
      ...(maxAngle !== undefined && { 'text-max-angle': maxAngle }),
    }
  }
  const { anchor, displacement, rotation } = placement
  return {
    'text-anchor': anchorName(values.fixed('text-anchor', anchor[0], 0.5), values.fixed('text-anchor', anchor[1], 0.5)),
    ...(displacement && { 'text-offset': displacement.map(length => inSizes('text-offset', length)) }),
    ...(rotation !== undefined && { 'text-rotate': values.fixed('text-rotate', rotation, 0) }),
  }
}

/** The nearest of MapLibre's nine, of shares from the lower left corner. */
function anchorName(x: number, y: number): string {
  const across = x < 0.25 ? 'left' : x > 0.75 ? 'right' : ''
  const up = y < 0.25 ? 'bottom' : y > 0.75 ? 'top' : ''
  return [up, across].filter(part => part !== '').join('-') || 'center'
}

/** `k` where a length is k times the size of the text, whatever that is. */
function scaledBack(length: unknown, size: unknown): number | undefined {
  const { kind, name, args } = (length ?? {}) as { kind?: string; name?: string; args?: { kind: string; value?: unknown }[] }
  if (kind !== 'call' || name !== '*' || JSON.stringify(args?.[1]) !== JSON.stringify(size)) return undefined
  const factor = args?.[0]
  return factor?.kind === 'literal' && typeof factor.value === 'number' ? factor.value : undefined
}

function face(family: string, weight = 400, isItalic = false): string {
  const name = {
    100: 'Thin',
    200: 'ExtraLight',
    300: 'Light',
    500: 'Medium',
    600: 'SemiBold',
    700: 'Bold',
    800: 'ExtraBold',
    900: 'Black',
  }[Math.round(weight / 100) * 100]
  return [family, name ?? (isItalic ? '' : 'Regular'), isItalic ? 'Italic' : ''].filter(part => part !== '').join(' ')
}
