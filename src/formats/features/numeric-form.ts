/** What the values of a `numeric` column are like, as far as its type says. */
export interface NumericForm {
  /**
   * A double keeps the value: of up to 15 digits. A column that declares no precision is one of doubles, too, which rounds what is longer: nearly all
   * such columns hold measurements, and a text cannot be reckoned with.
   */
  readonly isDouble: boolean
  /** As declared. */
  readonly precision?: number
  readonly scale?: number
}

/** Of a type such as `numeric(10,2)`. */
export function numericForm(nativeType: string): NumericForm {
  const [, digits, decimals] = /\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)/.exec(nativeType) ?? []
  if (digits === undefined) return { isDouble: true }
  const precision = Number(digits)
  return { isDouble: precision <= 15, precision, scale: Number(decimals ?? 0) }
}
