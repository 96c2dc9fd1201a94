/** What a PDF says of a font, in thousandths of an em. */
export interface FontMetrics {
  readonly isCff: boolean
  readonly ascent: number
  readonly descent: number
  readonly box: readonly [minX: number, minY: number, maxX: number, maxY: number]
  width(glyph: number): number
}

/** Of a font that has been opened before (OpenType 1.9: head, hhea, hmtx). */
export function readFontMetrics(bytes: Uint8Array): FontMetrics {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tables = new Map<string, number>()
  for (let i = 0, at = 12; i < view.getUint16(4); i++, at += 16)
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8))
  const [head, hhea, hmtx] = [tables.get('head') ?? 0, tables.get('hhea') ?? 0, tables.get('hmtx') ?? 0]
  const perEm = view.getUint16(head + 18) || 1000
  const scaled = (units: number) => Math.round((units * 1000) / perEm)
  const count = Math.max(1, view.getUint16(hhea + 34))
  const box = [36, 38, 40, 42].map(at => scaled(view.getInt16(head + at)))
  return {
    isCff: !tables.has('glyf'),
    ascent: scaled(view.getInt16(hhea + 4)),
    descent: scaled(view.getInt16(hhea + 6)),
    box: [box[0], box[1], box[2], box[3]],
    width(glyph) {
      const at = hmtx + Math.min(glyph, count - 1) * 4
      return at + 2 <= bytes.length ? scaled(view.getUint16(at)) : 0
    },
  }
}
