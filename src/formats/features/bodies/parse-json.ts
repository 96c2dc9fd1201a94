import { type JsonValue, LongNumber } from '#core/given-feature.js'

/** What is wrong with a JSON text, and where. */
export class JsonFault extends Error {
  readonly kind: 'malformed' | 'too-large'

  constructor(kind: JsonFault['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

/** Deeper than any feature: a bound for the stack. */
const mostDepth = 64
/** Numbers, texts, names and the like: as many keep memory below 300 MB, and a geometry of more than a million positions fits. */
const mostValues = 4_000_000

const spaces = /[ \t\n\r]*/y
/** All but quotes, backslashes and control characters. */
const plainText = /[ !#-[\]-\uffff]*/y
const numbers = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * Reads a JSON text (RFC 8259), strictly: a name twice in an object, which programs understand differently, is a fault, as are nesting beyond 64 levels
 * and more than 4 million values. Below members called `properties` numbers keep every digit (`LongNumber` where a double would not); elsewhere
 * they are doubles, unless `keepsDigits`. Throws `JsonFault`.
 */
export function parseJson(bytes: Buffer, { keepsDigits = false }: { readonly keepsDigits?: boolean } = {}): JsonValue {
  const text = decode(bytes)
  let at = 0
  let values = 0

  const fail = (what: string): never => {
    const before = text.slice(0, at)
    const line = before.split('\n').length
    throw new JsonFault('malformed', `The body is no JSON: ${what}, at line ${line}, column ${at - before.lastIndexOf('\n')}.`)
  }
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const skip = () => {
    if (text.charCodeAt(at) <= 0x20) match(spaces)
  }
  const take = (sign: string): boolean => {
    skip()
    if (text[at] !== sign) return false
    at++
    return true
  }
  const word = (name: string, value: JsonValue): JsonValue => {
    if (!text.startsWith(name, at)) fail('what stands there is no value')
    at += name.length
    return value
  }

  const string = (): string => {
    at++
    let result = ''
    for (;;) {
      result += match(plainText)
      const sign = text[at++]
      if (sign === '"') return result
      if (sign !== '\\') {
        at--
        fail(sign === undefined ? 'a text has no end' : 'a control character stands in a text')
      }
      const letter = text[at++] ?? ''
      if (letter === 'u') {
        const hex = text.slice(at, at + 4)
        if (!/^[\da-f]{4}$/i.test(hex)) fail('an escape in a text is none')
        result += String.fromCharCode(Number.parseInt(hex, 16))
        at += 4
      } else if (Object.hasOwn(escapes, letter)) result += escapes[letter]
      else fail('an escape in a text is none')
    }
  }
  const number = (isExact: boolean): JsonValue => {
    const digits = match(numbers)
    if (digits === '' || /[\w.+-]/.test(text[at] ?? '')) fail('what stands there is no value')
    const double = Number(digits)
    if (!isExact) return double
    return Number.isFinite(double) && String(double) === digits ? double : new LongNumber(digits)
  }
  const array = (depth: number, isExact: boolean): JsonValue => {
    at++
    const items: JsonValue[] = []
    if (take(']')) return items
    do items.push(value(depth + 1, isExact))
    while (take(','))
    if (!take(']')) fail('an array goes on without a comma, or does not end')
    return items
  }
  const object = (depth: number, isExact: boolean): JsonValue => {
    at++
    const members: Record<string, JsonValue> = Object.create(null)
    if (take('}')) return members
    do {
      skip()
      if (text[at] !== '"') fail('the name of a member is missing')
      const start = at
      const name = string()
      if (name in members) {
        at = start
        fail(`the member “${name.slice(0, 60)}” is there twice`)
      }
      if (!take(':')) fail('a colon is missing')
      members[name] = value(depth + 1, isExact || name === 'properties')
    } while (take(','))
    if (!take('}')) fail('an object goes on without a comma, or does not end')
    return members
  }
  const value = (depth: number, isExact: boolean): JsonValue => {
    if (depth > mostDepth) fail(`it is nested deeper than ${mostDepth} levels`)
    if (++values > mostValues) throw new JsonFault('too-large', `The body has more than ${mostValues} values; send less at a time.`)
    skip()
    switch (text[at]) {
      case '{':
        return object(depth, isExact)
      case '[':
        return array(depth, isExact)
      case '"':
        return string()
      case 't':
        return word('true', true)
      case 'f':
        return word('false', false)
      case 'n':
        return word('null', null)
      case undefined:
        return fail('it ends too early')
      default:
        return number(isExact)
    }
  }

  const result = value(0, keepsDigits)
  skip()
  if (at < text.length) fail('something follows what is whole already')
  return result
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new JsonFault('malformed', 'The body is not in UTF-8.')
  }
}
