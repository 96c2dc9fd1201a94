import { fileURLToPath } from 'node:url'
import t from 'tap'
import { createTextShaper } from '#render/labels/shaping/text-shaper.js'
import { engine, textOf } from '../../support/labels.js'
import { qtGlyphs, withoutQt } from '../../support/qt-fonts.js'

const shaper = createTextShaper(engine.fonts)
const lineOf = (text: string, more = {}) => shaper.shape(textOf(text, more), true)!.lines[0]
const widthOf = (text: string, more = {}) => lineOf(text, more).width
const file = (path: string) => fileURLToPath(import.meta.resolve(path))

type Placed = readonly [x: number, y: number, glyph: number]
const fromLeft = (a: Placed, b: Placed) => a[0] - b[0] || a[2] - b[2]

t.test('glyphs and their places are those of another shaper', { skip: withoutQt() }, async t => {
  const texts = [
    'Saint-Étienne-du-Rouvray',
    'AVATAR Tö Ly.',
    'office affluent',
    'e\u0301te\u0302 A\u030a n\u0323\u0303',
    'Ελλάδα Москва Հայաստան',
    'مرحبا بالعالم',
    'لا إله',
    'שלום עולם (א)',
    'السلام 2026 عليكم',
    'مُحَمَّد',
    'שָׁלוֹם',
    'n\u0323\u0303',
    'Rue de la Gare 12 bis',
  ]
  for (const [family, path] of [
    ['DejaVu Sans', 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf'],
    ['DejaVu Serif', 'dejavu-fonts-ttf/ttf/DejaVuSerif.ttf'],
  ]) {
    const own = texts.filter(text => family === 'DejaVu Sans' || !/[\u0590-\u06ff\u0530-\u058f]/.test(text))
    const answers = qtGlyphs(own.map(text => ({ file: file(path), size: 2048, text })))
    for (const [i, text] of own.entries()) {
      const line = lineOf(text, { families: [family], size: 1000 })
      const ours = [...line.glyphs].map((glyph, k) => [line.x[k] * 2.048, line.y[k] * 2.048, glyph] as const).sort(fromLeft)
      const theirs = answers[i].glyphs.toSorted(fromLeft)
      t.same(
        ours.map(([, , glyph]) => glyph),
        theirs.map(([, , glyph]) => glyph),
        `${family}, ${text}: glyphs`,
      )
      // theirs are from the top of the line
      const base = Math.max(...theirs.map(([, y]) => y)) - Math.max(...ours.map(([, y]) => y))
      const most = Math.max(...ours.map(([x, y], k) => Math.max(Math.abs(x - theirs[k][0]), Math.abs(y + base - theirs[k][1]))))
      t.ok(most < 3, `${family}, ${text}: places within 3 of 2048 units, found ${most}`)
    }
  }
})

t.test('kerning, ligatures and accents', async t => {
  t.ok(widthOf('AV') < widthOf('A') + widthOf('V') - 0.3, 'A and V move together')
  t.equal(lineOf('ffi').glyphs.length, 1, 'ffi is one glyph')
  t.same([...lineOf('e\u0301').glyphs], [...lineOf('é').glyphs], 'a letter and its accent are the accented letter')
  t.ok(Math.abs(widthOf('abc', { letterSpacing: 2 }) - widthOf('abc') - 4) < 1e-3, 'two gaps between three letters')
})

t.test('text of two directions is in visual order', async t => {
  const mixed = lineOf('abc שלום')
  const hebrew = lineOf('שלום')
  t.same([...mixed.glyphs].slice(-4), [...hebrew.glyphs], 'Hebrew stays as it is')
  t.same([...lineOf('abc').glyphs], [...mixed.glyphs].slice(0, 3), 'behind Latin in a text that begins with Latin')
  t.same([...lineOf('שלום abc').glyphs].slice(0, 3), [...lineOf('abc').glyphs], 'and before it in one that begins with Hebrew')
  t.same([...lineOf('שלום (א').glyphs].includes(lineOf(')').glyphs[0]), true, 'a bracket is mirrored')
})

t.test('characters a font lacks come from one that has them, and only those', async t => {
  const line = lineOf('Nice مرحبا', { families: ['Open Sans'] })
  const faces = new Set(line.faces)
  t.equal(faces.size, 2)
  t.notOk([...line.glyphs].includes(0), 'no character is missing')
  t.equal(lineOf('𓀀x').glyphs[0], 0, 'what no font has is shown as missing')
})

t.test('long texts are broken into even lines', async t => {
  const lines = (text: string, wrapWidth: number) => shaper.shape(textOf(text, { wrapWidth }))!.lines
  const three = lines('Communauté de communes du Pays de la Serre', 120)
  t.equal(three.length, 3)
  const widths = three.map(line => line.width)
  t.ok(Math.max(...widths) <= 120 && Math.min(...widths) > 60, `none is short: ${widths}`)
  t.equal(lines('Unbreakable', 20).length, 1, 'a long word stays whole')
  t.equal(lines('one\ntwo\nthree', 500).length, 3, 'line breaks of the text hold')
  t.equal(lines('a b', 0).length, 1, 'a width of 0 is none')
})
