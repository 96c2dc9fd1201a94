import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openFontLibrary } from '#render/labels/fonts/font-library.js'
import { matchFamily } from '#render/labels/fonts/match-family.js'
import { createTextShaper } from '#render/labels/shaping/text-shaper.js'
import { textOf } from '../../support/labels.js'
import { seeded } from '../../support/seeded.js'

const dejavu = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'))

t.test('every shipped font opens', async t => {
  const library = await openFontLibrary()
  for (const family of library.families) {
    for (const weight of [400, 700])
      for (const isItalic of [false, true]) t.ok(library.face(library.choose([family], weight, isItalic)[0]), family)
  }
  t.same(library.faults, [])
})

t.test('families are found by name, alias and style', async t => {
  const fonts = [
    { family: 'Arimo', weight: 400, isItalic: false },
    { family: 'Arimo', weight: 700, isItalic: false },
    { family: 'Arimo', weight: 400, isItalic: true },
    { family: 'Open Sans', weight: 300, isItalic: false },
    { family: 'Open Sans', weight: 600, isItalic: false },
  ]
  const find = (family: string, weight = 400, isItalic = false) => matchFamily(fonts, family, weight, isItalic)
  t.equal(find('arial'), 0)
  t.equal(find('"Helvetica"', 700), 1)
  t.equal(find('Arial', 400, true), 2)
  t.equal(find('Arial Bold'), 1, 'the style in the name')
  t.equal(find('Open Sans Semibold'), 4)
  t.equal(find('Open Sans', 450), 3, 'the lighter for text')
  t.equal(find('Noto  Sans Regular'), find('Open Sans'))
  t.equal(find('Comic Sans'), undefined)
  t.equal(find(''), undefined)
  t.equal(find('constructor'), undefined)
})

t.test('fonts stand in for Arial, Times New Roman and Courier New at their widths', async t => {
  const shaper = createTextShaper(await openFontLibrary())
  const width = (family: string, text: string) => shaper.shape(textOf(text, { families: [family], size: 1000 }))!.width
  // advance widths of the three in 2048ths: those in the PostScript metrics of Helvetica, Times and Courier
  t.ok(Math.abs(width('Arial', 'H') - 722) < 1)
  t.ok(Math.abs(width('Times New Roman', 'H') - 722) < 1)
  t.ok(Math.abs(width('Times New Roman', 'a') - 444) < 1)
  t.ok(Math.abs(width('Courier New', 'i') - 600) < 1)
})

t.test('fonts of a folder come first, broken ones are refused with a reason', async t => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'sub'))
  const bytes = readFileSync(dejavu)
  copyFileSync(dejavu, join(folder, 'sub', 'mono.ttf'))
  writeFileSync(join(folder, 'cut.ttf'), bytes.subarray(0, bytes.length >> 1))
  writeFileSync(join(folder, 'empty.ttf'), '')
  writeFileSync(join(folder, 'text.otf'), 'This is no font, it is a text of some length.')
  writeFileSync(join(folder, 'packed.woff2'), Buffer.concat([Buffer.from('wOF2'), bytes.subarray(4)]))
  writeFileSync(join(folder, 'blank.ttf'), withoutTable(bytes, 'cmap'))
  writeFileSync(join(folder, 'notes.txt'), 'not looked at')
  const library = await openFontLibrary([folder])
  t.same(
    library.faults.map(({ file, reason }) => `${file}: ${reason}`),
    [
      'blank.ttf: It has glyphs for no character: its table cmap is empty or broken.',
      `cut.ttf: Its table ${tableCutAt(bytes, bytes.length >> 1)} is cut off.`,
      'empty.ttf: It is too short for a font.',
      'packed.woff2: It is packed as WOFF; unpack it to TTF or OTF.',
      'text.otf: It is no TrueType or OpenType font.',
    ],
  )
  t.equal(library.families[0], 'DejaVu Sans Mono')
  t.not(library.choose(['DejaVu Sans Mono'], 400, false)[0], (await openFontLibrary()).choose(['DejaVu Sans Mono'], 400, false)[0])
})

t.test('fonts with bytes changed at random draw something, nothing or are refused', async t => {
  const random = seeded(11)
  const folder = t.testdir()
  const bytes = readFileSync(dejavu)
  for (let i = 0; i < 12; i++) {
    const broken = Buffer.from(bytes)
    for (let k = 0; k < 3000; k++) broken[12 + Math.floor(random() ** 3 * (broken.length - 12))] = Math.floor(random() * 256)
    writeFileSync(join(folder, `broken-${i}.ttf`), broken)
  }
  const library = await openFontLibrary([folder])
  const shaper = createTextShaper(library)
  for (const family of library.families.slice(0, 12)) {
    const shaped = shaper.shape(textOf('Évian fi مرحبا', { families: [family] }))
    for (const line of shaped?.lines ?? []) for (const [k, glyph] of line.glyphs.entries()) library.face(line.faces[k])?.outline(glyph)
    t.ok(Number.isFinite(shaped?.width), 'widths are numbers')
  }
})

/** Where the list of tables of a font has a table, or its first one that ends beyond a length. */
function tables(bytes: Buffer) {
  return Array.from({ length: bytes.readUInt16BE(4) }, (_, i) => {
    const at = 12 + i * 16
    return { name: bytes.toString('latin1', at, at + 4), at, end: bytes.readUInt32BE(at + 8) + bytes.readUInt32BE(at + 12) }
  })
}

const tableCutAt = (bytes: Buffer, length: number) =>
  tables(bytes)
    .find(({ end }) => end > length)!
    .name.trim()

function withoutTable(bytes: Buffer, name: string): Buffer {
  const copy = Buffer.from(bytes)
  const { at } = tables(bytes).find(table => table.name === name)!
  const from = copy.readUInt32BE(at + 8)
  copy.fill(0, from, from + copy.readUInt32BE(at + 12))
  return copy
}
