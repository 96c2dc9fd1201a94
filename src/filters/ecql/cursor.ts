import { FilterError } from '../filter-error.js'
import { type Token, tokenize } from './tokenize.js'

/** Levels of brackets, and of what binds stronger. */
const deepest = 60

/** A place among the tokens of a CQL text. */
export interface Cursor {
  readonly text: string
  /** `:name` stands for a value that is put in later. */
  readonly hasParameters: boolean
  peek(ahead?: number): Token
  /** The token here, passed. */
  take(): Token
  isWord(word: string, ahead?: number): boolean
  isSign(sign: string, ahead?: number): boolean
  /** Passes these words, if they all follow. */
  takeWords(...words: readonly string[]): boolean
  takeSign(sign: string): boolean
  /** Passes the sign, or throws. */
  expectSign(sign: string): void
  /** Throws FilterError: what stands here is not what was `wanted`. */
  fail(wanted: string): never
  /** `read`, one level deeper. Throws FilterError beyond the deepest. */
  deeper<T>(read: () => T): T
}

/** At the first token, those of ECQL unless others are given. With `hasParameters`, `:name` is one, too. Throws FilterError `too-large` and `malformed`. */
export function openCursor(text: string, hasParameters = false, tokens: readonly Token[] = tokenize(text)): Cursor {
  let [at, depth] = [0, 0]
  const peek = (ahead = 0): Token => tokens[Math.min(at + ahead, tokens.length - 1)]
  const isWord = (word: string, ahead = 0) => peek(ahead).kind === 'word' && peek(ahead).text.toLowerCase() === word
  const isSign = (sign: string, ahead = 0) => peek(ahead).kind === 'sign' && peek(ahead).text === sign
  const fail = (wanted: string): never => {
    const rest = text.slice(peek().at, peek().at + 20)
    if (rest === '') throw new FilterError('malformed', `The CQL filter wants ${wanted} at its end.`)
    throw new FilterError('malformed', `The CQL filter wants ${wanted} at ${JSON.stringify(rest)}.`)
  }
  return {
    text,
    hasParameters,
    peek,
    take: () => tokens[Math.min(at++, tokens.length - 1)],
    isWord,
    isSign,
    takeWords(...words) {
      if (!words.every((word, ahead) => isWord(word, ahead))) return false
      at += words.length
      return true
    },
    takeSign: sign => isSign(sign) && Boolean(++at),
    expectSign: sign => void ((isSign(sign) && ++at) || fail(`“${sign}”`)),
    fail,
    deeper(read) {
      if (++depth > deepest) throw new FilterError('too-large', `The CQL filter is nested deeper than ${deepest} levels.`)
      const result = read()
      depth--
      return result
    },
  }
}
