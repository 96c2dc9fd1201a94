import type { LabelText } from './label-request.js'

/** The text with all words shortened that may be, or undefined when there is none. Words are those between blanks, hyphens and signs. */
export function abbreviated(text: LabelText): LabelText | undefined {
  const { abbreviations } = text
  if (!abbreviations) return undefined
  const short = text.text.replaceAll(/[\p{L}\p{M}\p{N}]+/gu, word => (Object.hasOwn(abbreviations, word) ? abbreviations[word] : word))
  return short === text.text ? undefined : { ...text, text: short }
}
