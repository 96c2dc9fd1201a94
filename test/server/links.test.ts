import t from 'tap'
import { smallServer } from '../support/small-server.js'

interface Linked {
  readonly href: string
  readonly rel?: string
  readonly type?: string
  readonly templated?: boolean
}

/** Every link anywhere in a document. */
const linksIn = (value: unknown): readonly Linked[] =>
  Array.isArray(value)
    ? value.flatMap(linksIn)
    : typeof value === 'object' && value !== null
      ? [...('href' in value && typeof value.href === 'string' ? [value as Linked] : []), ...Object.values(value).flatMap(linksIn)]
      : []

/** Of a moment, or of the connection. */
const ofTheAnswer = [
  'date',
  'server-timing',
  'x-request-id',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
  'etag',
]

t.test('a harvester finds no dead link, types as they were told, and HEAD as GET', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const told = new Map<string, string | undefined>(
    ['/?f=json', '/parcs/?f=json', '/datasets/arbres/?f=json'].map(path => [server.address + path, undefined]),
  )
  for (const [href, type] of told) {
    const answer = await fetch(href)
    const text = await answer.text()
    const media = answer.headers.get('content-type') ?? ''
    t.equal(answer.status, 200, href)
    if (type !== undefined) t.equal(media.split(';')[0], type.split(';')[0], `${href}: the type that its link tells`)
    const head = await fetch(href, { method: 'HEAD' })
    t.equal(head.status, 200, `HEAD ${href}`)
    t.equal(await head.text(), '')
    const facts = ({ headers }: Response) => Object.fromEntries([...headers].filter(([name]) => !ofTheAnswer.includes(name)))
    t.same(facts(head), facts(answer), `HEAD ${href}: the same headers`)
    const vary = (answer.headers.get('vary') ?? '').split(', ')
    t.equal(new Set(vary).size, vary.length, `${href}: each name once in Vary`)
    if (!/\bjson\b/.test(media) || /seq|ndjson/.test(media)) continue
    for (const link of linksIn(JSON.parse(text))) {
      t.match(link.href, /^https?:\/\//, `${href}: absolute`)
      if (!link.href.startsWith(server.address) || link.templated) continue
      const known = told.get(link.href)
      if (known !== undefined && link.type !== undefined) t.equal(link.type, known, `${link.href}: one type, wherever it is told`)
      if (!told.has(link.href)) told.set(link.href, link.type)
    }
  }
  t.ok(told.size > 60, `${told.size} links`)
})
