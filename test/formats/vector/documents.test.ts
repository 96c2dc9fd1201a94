import { inflateSync } from 'node:zlib'
import t from 'tap'
import { startVectorFormats } from '#formats/vector/index.js'
import { decimal } from '#formats/vector/numbers.js'
import type { Scene, SceneItem } from '#render/vector/scene.js'

const formats = startVectorFormats()
const [svg, pdf] = formats
const paint = { kind: 'color', rgb: 0x336699, opacity: 1 } as const
const square = (at: number): SceneItem => ({
  kind: 'path',
  parts: [{ points: Int32Array.of(at, at, at + 1000, at, at + 1000, at + 1000, at, at + 1000), isClosed: true }],
  fill: paint,
})
const scene = (more: Partial<Scene> = {}): Scene => ({ width: 100, height: 50, dpi: 96, items: [square(0), square(2500)], ...more })
const textOf = async (format: (typeof formats)[number], drawn: Scene) => Buffer.from(await format.write(drawn)).toString('latin1')

t.test('writing ends when it is told to', async t => {
  const all = Array.from({ length: 50_000 }, (_, i) => square(i))
  // a map on a page is a group
  for (const format of formats)
    for (const items of [all, [{ kind: 'group', items: all }] as const]) {
      let calls = 0
      await t.rejects(async () => {
        await format.write(scene({ items }), () => {
          if (++calls === 3) throw new Error('enough')
        })
      }, /enough/)
      t.equal(calls, 3, format.mediaType)
    }
})

t.test('an empty scene is a document', async t => {
  for (const format of formats) t.ok((await format.write(scene({ items: [] }))).length > 100, format.mediaType)
})

t.test('every object of a PDF lies where its table says', async t => {
  const text = await textOf(pdf, scene({ title: 'Été ) (', background: 0xffffff }))
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  t.ok(text.startsWith('%PDF-1.7\n') && text.slice(start).startsWith('xref\n'))
  const entries = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)]
  t.ok(entries.length > 6)
  for (const [i, [, offset]] of entries.entries()) t.ok(text.slice(Number(offset)).startsWith(`${i + 1} 0 obj\n`), `object ${i + 1}`)
  const titles = /\/Title <([0-9A-Fa-f]+)>/.exec(text)?.[1] ?? ''
  t.equal(Buffer.from(titles, 'hex').swap16().toString('utf16le').slice(1), 'Été ) (')
})

t.test('what is drawn stands in the form of a PDF, painted once where it looks the same', async t => {
  const bytes = Buffer.from(await pdf.write(scene()))
  const from = bytes.indexOf('stream\n') + 7
  const content = inflateSync(bytes.subarray(from, bytes.indexOf('\nendstream', from))).toString()
  t.equal(content.split(' rg').length - 1, 1)
  t.match(content, '0 0 m 10 0 l 10 10 l 0 10 l h\nf\n25 25 m 35 25 l')
})

t.test('paths of one look are one group of an SVG', async t => {
  const text = await textOf(svg, scene())
  t.equal(text.split('<g ').length - 1, 1)
  t.match(text, '<path d="M0 0l10 0 0 10-10 0z"/>\n<path d="M25 25l10 0 0 10-10 0z"/>')
})

t.test('pages beyond what PDF knows have larger units', async t => {
  const text = await textOf(pdf, scene({ width: 20_000, height: 100, dpi: 10 }))
  const [, width] = /MediaBox \[0 0 ([\d.]+)/.exec(text) ?? []
  const unit = Number(/UserUnit (\d+)/.exec(text)?.[1])
  t.ok(Number(width) <= 14_400)
  t.ok(Math.abs(Number(width) * unit - 144_000) < 1)
})

t.test('numbers are written without exponents, and none is no number', async t => {
  for (const [value, text] of [
    [0.1 + 0.2, '0.3'],
    [-0.001, '0'],
    [1e-9, '0'],
    [123456.789, '123456.79'],
    [Number.NaN, '0'],
    [Infinity, '0'],
    [-1e300, '0'],
  ] as const)
    t.equal(decimal(value), text)
  t.equal(decimal(-2.5e-7, 8), '-0.00000025')
})
