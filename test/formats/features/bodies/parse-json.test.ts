import t from 'tap'
import { isJsonObject, type JsonValue, jsonText, LongNumber } from '#core/given-feature.js'
import { JsonFault, parseJson } from '#formats/features/bodies/parse-json.js'
import { seeded } from '../../../support/seeded.js'

const parsed = (text: string) => parseJson(Buffer.from(text))

/** The value with the objects and numbers that JSON.parse makes. */
function plain(value: JsonValue): unknown {
  if (value instanceof LongNumber) return Number(value.text)
  if (Array.isArray(value)) return value.map(plain)
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
  return value
}

t.test('reads what JSON.parse reads, and refuses what it refuses', async t => {
  const random = seeded(8259)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const words = ['', 'é', '"', '\\', '/', '\n', '\u0000', '😀', '\ud800', 'properties', 'a b', '\u007f', '\u2028']
  const make = (depth: number): unknown => {
    const kind = random() * (depth > 4 ? 4 : 6)
    if (kind < 1) return pick([null, true, false])
    if (kind < 2) return pick([0, -0, 1, -1.5, 1e300, 1e-7, 123456789012, 2 ** 53, 0.1 + 0.2, random() * 1e6])
    if (kind < 4) return pick(words) + pick(words)
    if (kind < 5) return Array.from({ length: Math.floor(random() * 4) }, () => make(depth + 1))
    return Object.fromEntries(Array.from({ length: Math.floor(random() * 4) }, (_, i) => [`${pick(words)}${i}`, make(depth + 1)]))
  }
  const noise = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    '0',
    '-',
    '.',
    'e',
    'E',
    '+',
    'u',
    'n',
    ' ',
    '\t',
    '\n',
    '\f',
    '\u00a0',
    't',
    '01',
    '\\u12',
    '//',
    "'",
  ]
  const tally = { read: 0, refused: 0 }
  for (let round = 0; round < 4_000; round++) {
    let text = JSON.stringify(make(0), null, pick([undefined, 1, '\t'])) ?? 'null'
    for (let i = Math.floor(random() * 3); i > 0; i--) {
      const at = Math.floor(random() * (text.length + 1))
      text = text.slice(0, at) + pick(noise) + text.slice(at + Math.floor(random() * 2))
    }
    // a lone surrogate is no UTF-8: only its escape can be sent
    text = Buffer.from(text).toString('utf8')
    let expected: unknown
    let isJson = true
    try {
      expected = JSON.parse(text)
    } catch {
      isJson = false
    }
    let actual: JsonValue = null
    let fault: unknown
    try {
      actual = parsed(text)
    } catch (error) {
      fault = error
    }
    if (fault !== undefined && !(fault instanceof JsonFault)) t.fail(`${fault}`)
    const isTwice = fault instanceof JsonFault && / is there twice/.test(fault.message)
    if (isJson === (fault !== undefined) && !isTwice) t.fail(`${isJson ? 'refused' : 'taken'}: ${JSON.stringify(text)} ${fault ?? ''}`)
    if (fault === undefined) {
      tally.read++
      if (JSON.stringify(plain(actual)) !== JSON.stringify(expected)) t.fail(`otherwise read: ${text}`)
      if (JSON.stringify(JSON.parse(jsonText(actual))) !== JSON.stringify(expected)) t.fail(`otherwise written: ${text}`)
    } else tally.refused++
  }
  t.ok(tally.read > 1_000 && tally.refused > 500, JSON.stringify(tally))
})

t.test('digits are kept below properties, and nowhere else', async t => {
  const text = '{"properties":{"a":9007199254740993,"b":1.50,"c":[1e400,{"d":0.1}]},"x":9007199254740993}'
  const value = parsed(text) as { properties: Record<string, JsonValue>; x: JsonValue }
  t.equal(value.x, 9007199254740992)
  t.equal(jsonText(value.properties), '{"a":9007199254740993,"b":1.50,"c":[1e400,{"d":0.1}]}')
})

t.test('bounds', async t => {
  const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`
  t.ok(parsed(nested(64)))
  t.throws(() => parsed(nested(65)), { kind: 'malformed', message: /deeper than 64/ })
  t.throws(() => parsed('{"a":'.repeat(1_000_000)), { kind: 'malformed', message: /deeper than 64/ })
  t.throws(() => parsed(`[${'0,'.repeat(4_000_001)}0]`), { kind: 'too-large', message: /4000000 values/ })
  t.throws(() => parsed('{"a":1,"b":{"c":1,"c":2}}'), { message: /“c” is there twice, at line 1, column 19/ })
  t.throws(() => parsed('{\n "a": tru}'), { message: /line 2, column 7/ })
  const odd = parsed('{"__proto__":{"x":1},"constructor":2,"hasOwnProperty":3}') as Record<string, JsonValue>
  t.same(Object.keys(odd), ['__proto__', 'constructor', 'hasOwnProperty'])
  t.equal(Object.getPrototypeOf(odd), null)
})
