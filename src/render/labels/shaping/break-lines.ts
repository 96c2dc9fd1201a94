/** A piece of text that stays whole, with its width without and with the blank behind it. */
export interface Word {
  readonly text: string
  readonly width: number
  readonly blank: number
}

/** Behind these a line may end: blanks, hyphens and slashes between letters, and between the signs of scripts that know no blanks. */
const opportunity =
  /(?<=[ \t\u200b]+)(?![ \t\u200b])|(?<=\p{L}[-\u2010/])(?=\p{L})|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/gu

/** Cuts a text where lines may end. */
export const wordsOf = (text: string): string[] => text.split(opportunity).filter(word => word !== '')

/**
 * Lines of at most `width`, as few as can be and then as even as can be: the last is not left with a single short word. A word longer than
 * the width is a line of its own.
 */
export function breakLines(words: readonly Word[], width: number): string[] {
  const most = linesWithin(words, width)
  // the least width that needs no more lines, to a hundredth
  let low = Math.max(0, ...words.map(word => word.width))
  let high = Math.max(low, width)
  for (let i = 0; i < 14 && high - low > width / 100; i++) {
    const middle = (low + high) / 2
    if (linesWithin(words, middle).length <= most.length) high = middle
    else low = middle
  }
  return linesWithin(words, high).map(line => line.trim())
}

function linesWithin(words: readonly Word[], width: number): string[] {
  const lines: string[] = []
  let line = ''
  let reached = 0
  for (const word of words) {
    if (line !== '' && reached + word.width > width) {
      lines.push(line)
      line = ''
      reached = 0
    }
    line += word.text
    reached += word.width + word.blank
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line)
  return lines
}
