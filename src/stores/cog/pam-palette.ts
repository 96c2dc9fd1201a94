import { attributeTable } from './attribute-table.js'
import { elementsOf } from './pam-text.js'

/** Colours of values from 0 on as 0xTTRRGGBB, TT being how transparent they are: 255 where there is nothing, also for values that have no colour. */
export type PamPalette = readonly number[]

/** More than any 16-bit sample can name. */
const most = 65536

const nothing = 0xff000000

/** The colours that a band of a `.aux.xml` has: of its `ColorTable`, else of a raster attribute table with red, green and blue columns. */
export function paletteOfPam(band: string): PamPalette | undefined {
  return colorTable(band) ?? attributeColors(band)
}

function colorTable(band: string): PamPalette | undefined {
  const [table] = elementsOf(band, 'ColorTable')
  if (!table) return undefined
  const colors: number[] = []
  for (const [, attributes] of table[1].matchAll(/<Entry\b([^<>]*)>/g)) {
    if (colors.length === most) break
    const channel = (name: string, other: number) => byte(Number(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? other))
    colors.push(packed(channel('c1', 0), channel('c2', 0), channel('c3', 0), channel('c4', 255)))
  }
  return colors.length > 0 ? colors : undefined
}

function attributeColors(band: string): PamPalette | undefined {
  const table = attributeTable(band)
  if (!table) return undefined
  const [red, green, blue, alpha] = (['red', 'green', 'blue', 'alpha'] as const).map(table.column)
  if (Math.min(red, green, blue) < 0) return undefined
  const colors: number[] = []
  for (const { first, last, fields } of table.rows) {
    if (first < 0 || first >= most) continue
    const channel = (index: number) => byte(Number(fields[index]))
    const color = packed(channel(red), channel(green), channel(blue), alpha < 0 ? 255 : channel(alpha))
    while (colors.length < first) colors.push(nothing)
    for (let i = first; i <= Math.min(last, most - 1); i++) colors[i] = color
  }
  return colors.length > 0 ? colors : undefined
}

const byte = (value: number) => Math.min(255, Math.max(0, Math.round(Number.isFinite(value) ? value : 0)))

const packed = (red: number, green: number, blue: number, alpha: number) =>
  (((255 - alpha) << 24) | (red << 16) | (green << 8) | blue) >>> 0

/** As many entries as samples of `bits` bits can name. */
export function wholePalette(colors: PamPalette, bits: number): Uint32Array {
  return Uint32Array.from({ length: bits <= 8 ? 256 : most }, (_, i) => colors[i] ?? nothing)
}
