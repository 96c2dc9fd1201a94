/** Larger numbers have no place on a map. */
const largest = 1e15

/** A number as text, of at most so many decimals; 0 for what is no number. */
export function decimal(value: number, decimals = 2): string {
  const factor = 10 ** decimals
  const rounded = Math.round(value * factor) / factor
  if (!(Math.abs(rounded) < largest) || rounded === 0) return '0'
  const text = String(rounded)
  return text.includes('e') ? rounded.toFixed(decimals).replace(/0+$/, '') : text
}

/** Hundredths as text. */
export const hundredths = (value: number): string => String(value / 100)

/** 0xRRGGBB as CSS writes it. */
export const hexColor = (rgb: number): string => `#${rgb.toString(16).padStart(6, '0')}`
