/** A number as text, of at most so many decimals. */
export function decimal(value: number, decimals = 2): string {
  const factor = 10 ** decimals
  const rounded = Math.round(value * factor) / factor
  return Number.isFinite(rounded) ? String(rounded === 0 ? 0 : rounded).replace(/e.*/, '') : '0'
}

/** Hundredths as text. */
export const hundredths = (value: number): string => String(value / 100)

export const hexColor = (rgb: number): string => `#${rgb.toString(16).padStart(6, '0')}`
