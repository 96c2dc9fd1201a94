import { readFileSync } from 'node:fs'
import type { FontSubsetter } from '#render/labels/fonts/subset-font.js'
import type { SceneText, TextFace } from '#render/vector/scene.js'
import { type FontMetrics, readFontMetrics } from './font-metrics.js'
import { type PdfObjects, pdfName, utf16 } from './pdf-objects.js'

/** The fonts of a document: each face once, with the glyphs that were written. */
export interface PdfFonts {
  /** The name of a face in the resources. */
  name(face: TextFace): string
  /** Notes the glyphs of a text. */
  use(text: SceneText): void
  /** Puts the fonts into the file; the entries of the dictionary of fonts. */
  finish(): string
}

interface UsedFace {
  readonly face: TextFace
  readonly id: number
  /** What each glyph stands for, where that is known. */
  readonly glyphs: Map<number, string>
}

/** Without fonts yet; `subset` is asked for when the first is put into the file. */
export function openPdfFonts(objects: PdfObjects, subset: () => FontSubsetter): PdfFonts {
  const used = new Map<TextFace, UsedFace>()
  const usedFace = (face: TextFace): UsedFace => {
    const known = used.get(face) ?? { face, id: objects.reserve(), glyphs: new Map() }
    used.set(face, known)
    return known
  }
  return {
    name: face => `F${usedFace(face).id}`,
    use({ pieces }) {
      for (const { face, glyphs } of pieces) {
        const known = usedFace(face).glyphs
        for (const { glyph, text = '' } of glyphs) if (!known.get(glyph)) known.set(glyph, text)
      }
    },
    finish() {
      for (const face of used.values()) putFont(objects, face, subset())
      return [...used.values()].map(({ id }) => `/F${id} ${id} 0 R`).join(' ')
    },
  }
}

/** A composite font whose codes are glyph numbers (ISO 32000-1, 9.7). */
function putFont(objects: PdfObjects, { face, id, glyphs }: UsedFace, subset: FontSubsetter): void {
  const whole = readFileSync(face.path)
  const bytes = subset(whole, glyphs.keys()) ?? whole
  const metrics = readFontMetrics(bytes)
  const [descendant, descriptor, file, toUnicode] = [objects.reserve(), objects.reserve(), objects.reserve(), objects.reserve()]
  const name = pdfName(`${tagOf(glyphs.keys())}+${face.family}-${face.weight}${face.isItalic ? 'Italic' : ''}`)
  objects.put(
    id,
    `<< /Type /Font /Subtype /Type0 /BaseFont ${name} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${toUnicode} 0 R >>`,
  )
  const kind = metrics.isCff ? '/CIDFontType0' : '/CIDFontType2 /CIDToGIDMap /Identity'
  const system = '/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>'
  const widths = [...glyphs.keys()].sort((a, b) => a - b).map(glyph => `${glyph} [${metrics.width(glyph)}]`)
  objects.put(
    descendant,
    `<< /Type /Font /Subtype ${kind} /BaseFont ${name} ${system} /FontDescriptor ${descriptor} 0 R /W [${widths.join(' ')}] >>`,
  )
  objects.put(descriptor, descriptorOf(name, face, metrics, file))
  objects.putStream(file, metrics.isCff ? '/Subtype /OpenType' : `/Length1 ${bytes.length}`, bytes)
  objects.putStream(toUnicode, '', Buffer.from(unicodeMap(glyphs), 'latin1'))
}

function descriptorOf(name: string, { isItalic, weight }: TextFace, metrics: FontMetrics, file: number): string {
  const { ascent, descent, box } = metrics
  // symbolic, for glyphs are named by numbers; italic
  const flags = 4 | (isItalic ? 64 : 0)
  const look = `/ItalicAngle ${isItalic ? -12 : 0} /Ascent ${ascent} /Descent ${descent} /CapHeight ${ascent} /StemV ${Math.round(weight / 5)}`
  const key = metrics.isCff ? 'FontFile3' : 'FontFile2'
  return `<< /Type /FontDescriptor /FontName ${name} /Flags ${flags} /FontBBox [${box.join(' ')}] ${look} /${key} ${file} 0 R >>`
}

/** Six letters that tell subsets of one font apart (9.6.4), the same for the same glyphs. */
function tagOf(glyphs: Iterable<number>): string {
  let hash = 0x811c9dc5
  for (const glyph of glyphs) hash = Math.imul(hash ^ glyph, 0x01000193) >>> 0
  return Array.from({ length: 6 }, (_, i) => String.fromCharCode(65 + (Math.floor(hash / 26 ** i) % 26))).join('')
}

/** Entries of one block of a CMap. */
const mostEntries = 100

/** From glyphs to characters (9.10.3). */
function unicodeMap(glyphs: ReadonlyMap<number, string>): string {
  const entries = [...glyphs]
    .filter(([, text]) => text !== '')
    .map(([glyph, text]) => `<${glyph.toString(16).padStart(4, '0')}> <${utf16(text)}>`)
  const blocks: string[] = []
  for (let i = 0; i < entries.length; i += mostEntries) {
    const block = entries.slice(i, i + mostEntries)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`
}
