import { pick, seededInteger } from '../support/seeded.js'
import { demoWords, type Grammar } from './grammar.js'
import { alphabets, contentTypes, headerNames, headerValues, methods, nastyBodies, nastyValues } from './nasty-words.js'

/** What a request is made of. Without a method it is a GET of `/`. */
export type RequestPart = { readonly text: string } & (
  | { readonly kind: 'method' | 'path' | 'body' | 'broken' }
  /** `name=value` as it is sent: in the address, or in the body of a POST that is a form. */
  | { readonly kind: 'parameter' | 'field' }
  /** `name: value` */
  | { readonly kind: 'header' }
)

/** A request of a grammar, mostly right, with up to three things wrong. */
export function randomRequest(random: () => number, grammar: Grammar): readonly RequestPart[] {
  const chance = (share: number) => random() < share
  if (grammar.broken && chance(0.25)) return [{ kind: 'broken', text: pick(random, grammar.broken) }]
  const junk = (): string => {
    const alphabet = [...pick(random, alphabets)]
    return Array.from({ length: chance(0.05) ? seededInteger(random, 500, 9000) : seededInteger(random, 0, 24) }, () =>
      pick(random, alphabet),
    ).join('')
  }
  const filled = (text: string) =>
    text.replace(/\{([\w:]+)\}/g, (whole, word: string) => {
      if (word === 'junk')
        return encodeURIComponent(
          nasty()
            .slice(0, 400)
            .replace(/\p{Surrogate}/gu, ''),
        )
      return word in demoWords ? pick(random, demoWords[word as keyof typeof demoWords]) : whole
    })
  const nasty = (): string => (chance(0.2) ? junk() : filled(pick(random, chance(0.5) ? nastyValues : grammar.values)))

  const right = Object.entries(pick(random, Object.values(grammar.operations)))
  const named = right.filter(([name]) => !name.endsWith('?') || chance(0.3))
  const all = named.map(([name, values]): [string, string] => [
    name.replace('?', ''),
    filled(typeof values === 'string' ? values : pick(random, values)),
  ])
  for (let changes = seededInteger(random, 0, 3); changes > 0; changes--) {
    const at = seededInteger(random, 0, Math.max(0, all.length - 1))
    const kind = seededInteger(random, 0, 4)
    if (kind === 0) all.splice(at, 1)
    else if (kind === 1) all.push([all[at]?.[0] ?? 'x', nasty()])
    else if (kind === 2) all.push([nasty(), nasty()])
    else if (all[at]) all[at] = [all[at][0], nasty()]
  }
  const encode = chance(0.85) ? encoded : (text: string) => text.replace(/[ \r\n\t#\0]/g, '+')
  const pairs = all.map(([name, value]) => `${encode(chance(0.5) ? name.toUpperCase() : name)}=${encode(value)}`)

  const parts: RequestPart[] = [{ kind: 'path', text: filled(pick(random, grammar.paths)) }]
  const header = (name: string, value: string) => parts.push({ kind: 'header', text: `${name}: ${value}`.replace(/[\r\n\0]/g, '') })
  for (let count = chance(0.5) ? 0 : seededInteger(random, 1, 3); count > 0; count--)
    header(pick(random, headerNames), chance(0.7) ? pick(random, headerValues) : junk())
  if (chance(0.25)) {
    parts.push({ kind: 'method', text: 'POST' })
    if (chance(0.5)) {
      header('content-type', pick(random, ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=x']))
      for (const text of pairs) parts.push({ kind: 'field', text })
      return parts
    }
    header('content-type', pick(random, contentTypes))
    const document = chance(0.3) ? pick(random, nastyBodies) : filled(pick(random, grammar.documents))
    parts.push({ kind: 'body', text: chance(0.5) ? document : damaged(random, document, nasty()) })
  } else if (chance(0.1)) parts.push({ kind: 'method', text: pick(random, methods) })
  for (const text of pairs) parts.push({ kind: 'parameter', text })
  return parts
}

/** A document with something put into it, and perhaps something lost. */
function damaged(random: () => number, document: string, piece: string): string {
  const at = Math.floor(random() * document.length)
  return document.slice(0, at) + piece + document.slice(at + seededInteger(random, 0, 20))
}

const encoded = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))

/** Everything that goes over the wire, and whether it is no HTTP. */
export function requestBytes(parts: readonly RequestPart[]): { readonly bytes: Buffer; readonly isBroken: boolean } {
  const texts = (kind: RequestPart['kind']) => parts.filter(part => part.kind === kind).map(({ text }) => text)
  const [broken] = texts('broken')
  if (broken !== undefined) return { bytes: Buffer.from(broken, 'latin1'), isBroken: true }
  const path = texts('path').at(-1) ?? '/'
  const query = texts('parameter').join('&')
  const body = Buffer.from([...texts('body'), texts('field').join('&')].filter(Boolean).join(''))
  const address = query ? `${path}${path.includes('?') ? '&' : '?'}${query}` : path
  const lines = [`${texts('method').at(-1) ?? 'GET'} ${address} HTTP/1.1`, 'host: 127.0.0.1', 'connection: close', ...texts('header')]
  if (body.length > 0) lines.push(`content-length: ${body.length}`)
  return { bytes: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]), isBroken: false }
}

/** A part with the first or second half of its text. */
export function shorterPart(part: RequestPart): readonly RequestPart[] {
  const half = part.text.length >> 1
  const least = part.kind === 'parameter' || part.kind === 'field' ? 8 : 4
  if (part.kind === 'method' || part.text.length <= least) return []
  return [part.text.slice(0, half), part.text.slice(half)].map(text => ({ ...part, text }))
}
