import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { french, toldIn } from '#protocols/http/told-in.js'

/** By path in `src/`, with `/`. */
const texts = new Map(
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !/french/.test(file))
    .map(file => [file.replaceAll('\\', '/'), readFileSync(join('src', file), 'utf8')]),
)

/** What can go wrong on a page, and what verdicts say, is thrown or found here. */
const told = [
  /^filters\/(cql2|functions)\//,
  /^filters\/(resolve-name|settle-filter|value-type|geometry-literal|in-crs)\.ts/,
  /^core\/(problem|text-search|aggregate-features|verdict-\w+|judge-\w+|build-collection|build-atlas|build-restriction)\.ts/,
  /^protocols\/http\/negotiate\.ts/,
  /^protocols\/ogcapi\/(common|features|pages)\//,
  /^stores\/cog\/(findings|cut-off)\.ts/,
  /^stores\/postgis\/problem-of-database\.ts/,
]
/** Never told on a page: changes are answered in JSON, to programs; and who has left reads nothing. */
const untold = /edit-items|given-references/
const unheard = ['The client closed the connection.', 'The request was given up.']
/** Put together where they are thrown, of pieces that alone would fit any sentence. */
const composed = ['{} cannot be asked here. {}']

/** The text of the literal that begins at `start`, `{}` for what is put in; undefined where no literal begins there. */
function literalAt(text: string, start: number): string | undefined {
  const quote = text[start]
  if (!['`', "'", '"'].includes(quote)) return undefined
  let said = ''
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === quote) return said
    if (text[at] === '\\') said += text[++at]
    else if (quote === '`' && text.startsWith('${', at)) {
      at = endOfHole(text, at + 2)
      said += '{}'
    } else said += text[at]
  }
  return undefined
}

/** Where the bracket is that closes the hole; literals within have brackets of their own. */
function endOfHole(text: string, start: number): number {
  let depth = 1
  for (let at = start; at < text.length; at++) {
    if (['`', "'", '"'].includes(text[at])) at = endOfLiteral(text, at)
    else if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  return text.length
}

function endOfLiteral(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === text[start]) return at
    if (text[at] === '\\') at++
    else if (text[start] === '`' && text.startsWith('${', at)) at = endOfHole(text, at + 2)
  }
  return text.length
}

/** Messages that are written where they are thrown or found. */
function messagesOf(text: string): readonly string[] {
  const places = [
    ...text.matchAll(/new (?:Problem|FilterError)\(\s*'[a-z-]+',\s*/g),
    ...text.matchAll(/\bfinding\(\s*[^,()]+,\s*'[a-z-]+',\s*/g),
    ...text.matchAll(/\bmessage(?::| =)\s*(?:[a-z.]+\s+\?\s+)?/gi),
    ...text.matchAll(/\b(?:fault|refuse|refused)\((?:'[a-z-]+', )?/g),
  ]
  return places.flatMap(match => literalAt(text, match.index + match[0].length) ?? []).filter(message => / /.test(message))
}

t.test('every French text is of a message that is still said', async t => {
  const all = [...texts.values()].join('\n')
  for (const [english, french_] of [...french.messages, ...french.pieces]) {
    const parts = english.split('{}').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'"))
    // by hand: what a failing match would print is all of the sources
    t.ok(composed.includes(english) || new RegExp(parts.join('\\$\\{[^\\n]*?\\}')).test(all), english)
    for (const [, hole] of french_.matchAll(/\{~?(\d+)\}/g)) t.ok(Number(hole) >= 1 && Number(hole) < parts.length, `${french_}: {${hole}}`)
  }
  const keys = [...french.messages, ...french.pieces].map(([english]) => english)
  t.same(
    keys.filter((key, i) => keys.indexOf(key) !== i),
    [],
    'each is there once',
  )
})

t.test('every message that people can meet is there in French', async t => {
  const known = new Set([...french.messages, ...french.pieces].map(([english]) => english))
  const files = [...texts.keys()].filter(file => told.some(pattern => pattern.test(file)) && !untold.test(file))
  t.ok(files.length > 60, `${files.length} files`)
  const found = files.flatMap(file => messagesOf(texts.get(file) ?? '').map(message => ({ file, message })))
  t.ok(found.length > 100, `${found.length} messages`)
  for (const { file, message } of found) t.ok(known.has(message) || unheard.includes(message), `${file}: ${message}`)
})

t.test('what is put in stays as it is, what is a text of its own is told', async t => {
  const near = 'There is no collection «a; b is near it» here; arbres is near it.'
  t.equal(toldIn('fr', near), 'Il n’y a pas de collection « a; b is near it » ici ; arbres en est proche.')
  t.equal(toldIn('en', near), near)
  t.equal(toldIn('fr', 'Nobody has said this before.'), 'Nobody has said this before.', 'what is not known stays')
  t.equal(
    toldIn('fr', 'filter cannot be asked here. There is no property “hauteur” here. Near it are haut.'),
    '« filter » ne peut pas être demandé ici. Il n’y a pas de propriété “hauteur” ici. Proche : haut.',
  )
  const long = `There is no property “${'a here. '.repeat(50_000)}” here.`
  t.match(toldIn('fr', long), /^Il n’y a pas de propriété “a/, 'and no message takes long')
})
