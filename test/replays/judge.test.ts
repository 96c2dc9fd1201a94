import sharp from 'sharp'
import t from 'tap'
import { jsonValues } from './support/json-path.js'
import { type Answer, faultsOf } from './support/judge.js'
import { type Expected, readReplays } from './support/replay.js'
import { xmlValues } from './support/xml-path.js'

const answer = (body: string | Buffer, headers: Record<string, string> = {}, status = 200): Answer => ({
  status,
  headers: new Headers(headers),
  bytes: Buffer.from(body),
})
const document = '<a:R xmlns:a="http://x" v="1"><L><Name>p</Name><C>1</C><C>2</C></L><L><Name>q</Name><B c="EPSG:1" x="7"/></L></a:R>'

t.test('paths into XML', async t => {
  for (const [path, values] of [
    ['/R/@v', ['1']],
    ['//Name', ['p', 'q']],
    ['//L[Name=p]/C', ['1', '2']],
    ['//L[Name=q]/B[@c=EPSG:1]/@x', ['7']],
    ['/R/*/Name', ['p', 'q']],
    ['//@x', ['7']],
    ['/L', []],
  ] as const)
    t.same(xmlValues(document, path), values, path)
  for (const path of ['Name', '//', '/R/@v/x', '//L[Name=p']) t.throws(() => xmlValues(document, path), path)
})

t.test('paths into JSON', async t => {
  const document =
    '{"links":[{"rel":"a","type":"x","href":"1"},{"rel":"b","type":"x","href":"2"}],"n":3,"deep":[{"id":"i","links":[{"rel":"b","href":"4"}]}]}'
  for (const [path, values] of [
    ['links.href', ['1', '2']],
    ['links[rel=b].href', ['2']],
    ['links[type=x][rel=a].href', ['1']],
    ['deep[id=i].links[rel=b].href', ['4']],
    ['n', ['3']],
    ['links[rel=c].href', []],
    ['none.at.all', []],
  ] as const)
    t.same(jsonValues(document, path), values, path)
  for (const path of ['', 'a..b', 'a[b]', '.a']) t.throws(() => jsonValues(document, path), path)
})

t.test('a right answer has no faults, a wrong one is found out', async t => {
  const headers = { 'content-type': 'text/xml', etag: '"1"' }
  const right = {
    status: 200,
    type: 'text/xml',
    headers: { etag: '/^".+"$/' },
    has: ['<C>', '/NAME/i'],
    hasNot: ['script'],
    xml: { '//C': ['1', '2'], '//L': 2, '//Name': 'q' },
  }
  t.same(await faultsOf('', right, answer(document, headers)), [])
  const wrongs: readonly Partial<Expected>[] = [
    { status: 404 },
    { type: 'text/html' },
    { headers: { etag: '/^x/' } },
    { has: ['<D>'] },
    { hasNot: ['/<c>/i'] },
    { xml: { '//C': ['1'] } },
    { xml: { '//C': ['1', '3'] } },
    { xml: { '//L': 3 } },
    { xml: { '//Name': 'r' } },
  ]
  for (const wrong of wrongs)
    t.equal((await faultsOf('', { ...right, ...wrong }, answer(document, headers))).length, 1, JSON.stringify(wrong))
})

t.test('pictures: format, size, and how much of them', async t => {
  const half = Buffer.concat([Buffer.alloc(4 * 50), Buffer.alloc(4 * 50, 255)])
  const png = await sharp(half, { raw: { width: 10, height: 10, channels: 4 } })
    .png()
    .toBuffer()
  const right = { format: 'png', size: '10x10', varied: [0.5, 0.5], clear: [0.5, 0.5] } as const
  t.same(await faultsOf('', { status: 200, image: right }, answer(png)), [])
  for (const wrong of [{ format: 'jpeg' }, { size: '10x11' }, { varied: [0.6, 1] }, { clear: [0, 0.4] }] as const)
    t.equal((await faultsOf('', { status: 200, image: { ...right, ...wrong } }, answer(png))).length, 1, JSON.stringify(wrong))
  t.match(await faultsOf('', { status: 200, image: right }, answer('<ServiceExceptionReport/>')), [/no picture/])
})

t.test('a replay that would prove nothing is refused', async t => {
  const replay = (lines: string) => t.testdir({ 'x.yaml': `client: x\nsource: x\nreplays:\n  - { row: M1, what: w, ${lines} }\n` })
  t.equal(readReplays(replay('get: /wms, answer: { status: 200 }'))[0].replays.length, 1)
  for (const lines of [
    'get: /wms, answer: { status: 200, typ: image/png }',
    'get: /wms, answers: {}, answer: { status: 200 }',
    'get: /wms, answer: { status: 200, image: { width: 3 } }',
    'get: /wms, post: /wms, answer: { status: 200 }',
    'answer: { status: 200 }',
    'get: /wms',
  ])
    t.throws(() => readReplays(replay(lines)), lines)
})
