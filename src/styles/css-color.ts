import names from 'color-name'

/** A colour without its opacity, and that. */
export interface CssColor {
  /** `#rrggbb`. */
  readonly color: string
  /** 0 to 1. */
  readonly opacity: number
}

/**
 * A colour as CSS Color Level 4 writes it: names, `transparent`, `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `rgb()`, `rgba()`, `hsl()`, `hsla()`, `hwb()`,
 * with commas or blanks. Undefined when it is none.
 */
export function parseCssColor(text: string): CssColor | undefined {
  if (text.length > 100) return undefined
  const color = text.trim().toLowerCase()
  if (color === 'transparent') return { color: '#000000', opacity: 0 }
  if (Object.hasOwn(names, color)) return ofRgb(names[color as keyof typeof names])
  const hex = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.exec(color)?.[1]
  if (hex) return ofHex(hex.length < 6 ? [...hex].map(digit => digit + digit).join('') : hex)
  const [, form, inside] = /^(rgb|hsl|hwb)a?\(([^()]*)\)$/.exec(color) ?? []
  if (form === undefined) return undefined
  const parts = inside.split(/[\s,/]+/).filter(part => part !== '')
  const alpha = parts.length === 4 ? shareOf(parts[3], 1) : 1
  if (parts.length < 3 || parts.length > 4 || alpha === undefined) return undefined
  const rgb = form === 'rgb' ? all(parts.slice(0, 3).map(part => scaled(shareOf(part, 255)))) : ofHue(form, parts)
  return rgb && ofRgb(rgb, alpha)
}

/** Channels of 0 to 255, rounded and clamped. */
export function ofRgb([red, green, blue]: readonly number[], opacity = 1): CssColor {
  const digits = (channel: number) =>
    Math.round(Math.min(255, Math.max(0, channel)))
      .toString(16)
      .padStart(2, '0')
  return { color: `#${digits(red)}${digits(green)}${digits(blue)}`, opacity }
}

function ofHex(hex: string): CssColor {
  return { color: `#${hex.slice(0, 6)}`, opacity: hex.length === 8 ? Math.round((Number.parseInt(hex.slice(6), 16) / 255) * 1e6) / 1e6 : 1 }
}

function ofHue(form: string, [first, second, third]: readonly string[]): number[] | undefined {
  const [hue, a, b] = [degreesOf(first), percentOf(second), percentOf(third)]
  if (hue === undefined || a === undefined || b === undefined) return undefined
  return (form === 'hsl' ? hslToRgb(hue, a, b) : hwbToRgb(hue, a, b)).map(channel => 255 * channel)
}

/** Hue in degrees, the others and the result 0 to 1 (CSS Color Level 4, 7.1). */
function hslToRgb(hue: number, saturation: number, lightness: number): number[] {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  return [0, 8, 4].map(offset => {
    const k = (((offset + hue / 30) % 12) + 12) % 12
    return lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))
  })
}

function hwbToRgb(hue: number, white: number, black: number): number[] {
  if (white + black >= 1) return [0, 0, 0].map(() => white / (white + black))
  return hslToRgb(hue, 1, 0.5).map(channel => channel * (1 - white - black) + white)
}

const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/
const numberOf = (text: string) => (number.test(text) ? Number(text) : undefined)

function degreesOf(text: string): number | undefined {
  const [, value, unit = 'deg'] = /^(.*?)(deg|grad|rad|turn)?$/.exec(text) ?? []
  const degrees = { deg: 1, grad: 0.9, rad: 180 / Math.PI, turn: 360 }[unit]
  const amount = numberOf(value)
  return amount === undefined || degrees === undefined ? undefined : amount * degrees
}

function percentOf(text: string): number | undefined {
  const value = text.endsWith('%') ? numberOf(text.slice(0, -1)) : undefined
  return value === undefined ? undefined : Math.min(1, Math.max(0, value / 100))
}

/** 0 to 1 of a percentage, or of a number of which `whole` is 1. */
function shareOf(text: string, whole: number): number | undefined {
  const value = text.endsWith('%') ? percentOf(text) : numberOf(text)
  if (value === undefined) return undefined
  return Math.min(1, Math.max(0, text.endsWith('%') ? value : value / whole))
}

const scaled = (share: number | undefined) => (share === undefined ? undefined : 255 * share)
const all = (values: readonly (number | undefined)[]) => (values.includes(undefined) ? undefined : (values as number[]))
