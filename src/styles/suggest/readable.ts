/** Longest name or title made of a value, in characters. */
const longest = 80

/** A value as people read it in a legend: on one line, without characters that show nothing, shortened where it is long. */
export function readable(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'Oui' : 'Non'
  if (typeof value === 'number') return formatted(value)
  const characters = [
    ...value
      .slice(0, 4 * longest)
      .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
      .trim(),
  ]
  if (characters.length === 0) return '(vide)'
  return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest - 1).join('')}…`
}

/** A number as French people write it, without the dust of binary fractions. */
export function formatted(value: number): string {
  return frenchNumber.format(value)
}

const frenchNumber = new Intl.NumberFormat('fr', { maximumSignificantDigits: 12 })

/** Texts in the order in which French people look for them, numbers in them by their value. */
export const frenchOrder = new Intl.Collator('fr', { numeric: true })
