import { spawnSync } from 'node:child_process'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import t from 'tap'
import { pageSizes } from '#core/map-decoration.js'
import { layOutPage } from '#core/page-layout.js'
import { line, point, polygon } from '../support/drawing.js'
import type { MemoryTable } from '../support/memory-store.js'
import { missing, unlessAll } from '../support/programs.js'
import { seeded } from '../support/seeded.js'
import { blurredDistance, drawTables, rasterizePdf, rasterizeSvg, textOfPdf } from '../support/vector-maps.js'
import { label, named, rivers, styleOf, town, vectorScenes } from '../support/vector-scenes.js'

const withoutPoppler = unlessAll(missing('pdftocairo (poppler-utils)', 'pdftocairo', '-v'))
const withoutXmllint = unlessAll(missing('xmllint (libxml2-utils)', 'xmllint', '--version'))
const [svg, pdf] = ['image/svg+xml', 'application/pdf']

const nasty: readonly string[] = [
  ']]>',
  '<script>alert(1)</script>',
  '"&<>\'',
  'ab\u0001c\u000bd\u001be\uffffg',
  'lone \ud800 and \udc00',
  'مرحبا بالعالم',
  'שלום עולם 123 abc',
  '\u202eevil\u202c',
  '🗺️ 👩‍👩‍👧',
  'ﬁne ﬂow e\u0301a\u0308',
  ') Tj ET Q (',
  '<FEFF> EMC',
  '\\\\) >> endobj',
  'é'.repeat(400),
]
const places = town.trees.rows.slice(0, nasty.length).map(([id], i) => [id, point(770_200, 6_279_020 + i * 25)])
const table = named({ ...town.trees, rows: places }, nasty)
const alongLines = named(rivers, ['مرحبا بالعالم', '<b>&]]>', 'ﬁne e\u0301te\u0301', '🗺️ x'])
const layers = [
  [
    table,
    styleOf(
      label({
        mayOverlap: true,
        font: { families: ['<"&\'>', 'x;}</style>'], size: 11 },
        halo: { color: '#ffffff', opacity: 1, radius: 1 },
      }),
    ),
  ],
  [alongLines, styleOf(label({ placement: { kind: 'line' }, letterSpacing: 2 }))],
] as const

t.test('whatever texts say, an SVG is well-formed, and nothing but shapes and texts', { skip: withoutXmllint }, async t => {
  const drawing = Buffer.from(await drawTables(layers, svg))
  t.equal(XMLValidator.validate(drawing.toString()), true)
  const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], { input: drawing, encoding: 'utf8' })
  t.equal(status, 0, stderr)
  const names = new Set([...drawing.toString().matchAll(/<([\w:]+)/g)].map(([, name]) => name))
  for (const name of names) t.ok(['svg', 'rect', 'g', 'text', 'defs', 'path'].includes(name), name)
  const said = JSON.stringify(new XMLParser({ trimValues: false }).parse(drawing))
  for (const text of [']]&gt;', 'alert(1)', 'שלום', '🗺', ') Tj ET Q (']) t.match(said, text.replace('&gt;', '>').slice(0, 6), text)
  await rasterizeSvg(drawing, 400)
})

t.test('whatever texts say, a PDF can be read, and says what it can', { skip: withoutPoppler }, async t => {
  const document = await drawTables(layers, pdf)
  rasterizePdf(document, 400, 400)
  const said = textOfPdf(document).normalize('NFC')
  for (const text of [
    ']]>',
    '<script>alert(1)</script>',
    ') Tj ET Q (',
    '<FEFF> EMC',
    '\\\\) >> endobj',
    'ﬁne ﬂow éä',
    'ﬁne été',
    '<b>&]]>',
  ])
    t.ok(said.includes(text) || said.includes(text.normalize('NFKC')), `${text} in ${said}`)
  t.match(said, /שלום|םולש/)
})

t.test('characters that no font has are boxes', { skip: withoutPoppler }, async t => {
  const style = styleOf(label({ font: { families: ['DejaVu Sans'], size: 40 } }))
  const drawn = (text: string, type: string) => drawTables([[named({ ...town.trees, rows: places.slice(7, 8) }, [text]), style]], type)
  const picture = await drawn('\u{1f5fa}\u{13000}', 'image/png')
  const { off } = await blurredDistance(picture, rasterizePdf(await drawn('\u{1f5fa}\u{13000}', pdf), 400, 400))
  t.ok(off < 0.001, String(off))
  const blank = await blurredDistance(picture, await drawn('\u00ad', 'image/png'))
  t.ok(blank.off > 5 * 0.001, `they can be seen: ${blank.off}`)
})

t.test('titles and credits are texts like others', { skip: withoutPoppler }, async t => {
  const frame = {
    layers: [],
    crs: 'EPSG:2154',
    bbox: [770_000, 6_279_000, 770_400, 6_279_400],
    width: 400,
    height: 400,
    dpi: 90.714,
  } as const
  const title = 'Été <b>]]>&\u0000\ud800 "1:2"; ) ET'
  const background = { color: 0xffffff, isTransparent: false }
  const { query, page } = layOutPage(
    { ...frame, background, mediaType: svg },
    { page: pageSizes.a4, title, credits: '© <me>', hasScaleBar: true },
  )
  const more = { width: query.width, height: query.height, bbox: query.bbox, page }
  const drawing = Buffer.from(await drawTables(vectorScenes.fills, svg, more)).toString()
  t.equal(XMLValidator.validate(drawing), true)
  t.match(drawing, '<title>Été &lt;b&gt;]]&gt;&amp;')
  const document = await drawTables(vectorScenes.fills, pdf, more)
  const said = textOfPdf(document)
  for (const text of ['Été <b>]]>&', '"1:2"; ) ET', '© <me>', '100 m']) t.match(said, text)
  const info = spawnSync('pdfinfo', ['-'], { input: document, encoding: 'utf8' }).stdout
  t.match(info, /Page size: +841\.8\d+ x 595\.2\d+ pts \(A4\)/)
})

t.test('geometries that reach far beyond the map cost what shows of them', async t => {
  const far = 1e7
  const [x, y] = [770_200, 6_279_200]
  const shell = Array.from({ length: 5000 }, (_, i) => {
    const angle = (i * Math.PI) / 2500
    return [x + far * Math.cos(angle), y + far * Math.sin(angle)] as const
  })
  const zigzag = Array.from({ length: 20_000 }, (_, i) => [x + (i % 2 ? far : -far), y - far + i * 1000] as const)
  const rows = [polygon([...shell, shell[0]]), line(...zigzag)].map((geometry, id) => [id, geometry])
  const wide: MemoryTable = { ...town.parcels, table: 'wide', geometries: [{ ...town.parcels.geometries[0], type: 'GEOMETRY' }], rows }
  const style = styleOf(
    { kind: 'fill', color: '#aabbcc', opacity: 1 },
    { kind: 'line', stroke: { color: '#000000', opacity: 1, width: 1, dashes: [4, 4] } },
  )
  for (const type of [svg, pdf]) t.ok((await drawTables([[wide, style]], type)).length < 20_000)
})

t.test('100,000 features are a document of some megabytes, and take no more memory than a few such documents', async t => {
  const random = seeded(9)
  const squares = Array.from({ length: 100_000 }, (_, id) => {
    const [x, y, w] = [770_000 + random() * 400, 6_279_000 + random() * 400, 1 + random() * 3]
    return [
      id,
      polygon([
        [x, y],
        [x + w, y],
        [x + w, y + w],
        [x, y + w / 2],
        [x, y],
      ]),
    ]
  })
  const many: MemoryTable = { ...town.parcels, table: 'many', rows: squares }
  const style = styleOf(
    { kind: 'fill', color: '#aabbcc', opacity: 0.5 },
    { kind: 'line', stroke: { color: '#334455', opacity: 1, width: 0.5 } },
  )
  for (const type of [svg, pdf]) {
    const before = process.memoryUsage().rss
    const document = await drawTables([[many, style]], type)
    t.ok(document.length > 5e5 && document.length < 25e6, `${type}: ${document.length} bytes`)
    t.ok(process.memoryUsage().rss - before < 400e6, `${type}: ${process.memoryUsage().rss - before} bytes more`)
  }
})
