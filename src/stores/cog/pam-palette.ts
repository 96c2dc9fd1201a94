/** Colours of values from 0 on as 0xTTRRGGBB, TT being how transparent they are: 255 where there is nothing, also for values that have no colour. */
export type PamPalette = readonly number[]

/** More than any 16-bit sample can name. */
const most = 65536

const nothing = 0xff000000

/** The colours that a band of a `.aux.xml` has: of its `ColorTable`, else of a raster attribute table with red, green and blue columns. */
export function paletteOfPam(band: string): PamPalette | undefined {
  return colorTable(band) ?? attributeColors(band)
}

/** Attributes and contents of the elements of that name. Taken apart by the closing tags, in time linear in any text. */
function elementsOf(text: string, tag: string): (readonly [attributes: string, content: string])[] {
  const parts = text.split(`</${tag}>`).slice(0, -1)
  return parts.flatMap(part => {
    const start = part.indexOf(`<${tag}`)
    const end = part.indexOf('>', start)
    return start < 0 || end < 0 ? [] : [[part.slice(start + tag.length + 1, end), part.slice(end + 1)] as const]
  })
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

/** Numbers of GDAL's GDALRATFieldUsage. */
const usages = { min: 3, max: 4, value: 5, red: 6, green: 7, blue: 8, alpha: 9 } as const

function attributeColors(band: string): PamPalette | undefined {
  const [table] = elementsOf(band, 'GDALRasterAttributeTable')
  if (!table || table[0].includes('Row0Min=')) return undefined // equal intervals of values are no classes
  const usagesOf = elementsOf(table[1], 'FieldDefn').map(([, field]) => Number(/<Usage>(\d{1,3})<\/Usage>/.exec(field)?.[1] ?? 0))
  const column = (usage: number) => usagesOf.indexOf(usage)
  const [red, green, blue, alpha] = [usages.red, usages.green, usages.blue, usages.alpha].map(column)
  const least = Math.max(column(usages.value), column(usages.min))
  const greatest = column(usages.max) < 0 ? least : column(usages.max)
  if (Math.min(least, red, green, blue) < 0) return undefined
  const colors: number[] = []
  for (const [, row] of elementsOf(table[1], 'Row')) {
    const fields = [...row.matchAll(/<F>([^<]*)<\/F>|<F\s*\/>/g)].map(([, text = '']) => Number(text))
    const [first, last] = [fields[least], Math.min(fields[greatest], most - 1)]
    if (!Number.isInteger(first) || !Number.isInteger(last) || first < 0 || first >= most) continue
    const color = packed(byte(fields[red]), byte(fields[green]), byte(fields[blue]), alpha < 0 ? 255 : byte(fields[alpha]))
    while (colors.length < first) colors.push(nothing)
    for (let i = first; i <= last; i++) colors[i] = color
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
