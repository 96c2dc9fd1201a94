import type { RasterBand, RasterClass } from '#core/atlas.js'
import { paletteOf } from './bands.js'
import type { DescribedPyramid } from './pyramid.js'

/** Classes kept of samples that can name more than 256. */
const most = 1024

/** `bands` with what their values stand for: the colours of a palette, and names where the file or what lies beside it has any. */
export function withClasses(pyramid: DescribedPyramid, bands: readonly RasterBand[]): readonly RasterBand[] {
  const { bits } = pyramid.levels[0].image.layout
  return bands.map((band, i) => {
    const names = pyramid.pam?.bands.get(i)?.names
    const palette = band.meaning === 'palette' ? paletteOf(pyramid) : undefined
    const classes = palette ? coloredClasses(palette, bits, names) : namedClasses(band, names)
    const counted = classes.filter(({ value }) => value !== band.nodata)
    if (counted.length === 0) return band
    // shades from the first class to the last
    const [first, last] = [counted[0].value, counted[counted.length - 1].value]
    return { ...band, ...(!palette && first < last && { range: [first, last] as const }), classes: counted }
  })
}

/** Of more than 8 bits only what has a name, where all are coloured. What is wholly transparent is no class. */
function coloredClasses(palette: Uint32Array, bits: number, names: ReadonlyMap<number, string> | undefined): readonly RasterClass[] {
  const count = usedLength(palette, Math.min(2 ** bits, palette.length), names)
  const visible = Array.from({ length: count }, (_, value) => value).filter(value => palette[value] >>> 24 < 255)
  const kept = visible.length <= most ? visible : visible.filter(value => names?.has(value)).slice(0, most)
  return kept.map(value => {
    const name = names?.get(value)
    const transparent = palette[value] >>> 24
    const color = `#${(palette[value] & 0xffffff).toString(16).padStart(6, '0')}`
    return { value, color, ...(transparent > 0 && { opacity: (255 - transparent) / 255 }), ...(name !== undefined && { name }) }
  })
}

/** Entries without the black ones behind that fill what TIFF wants a palette to have; the first of those may be a class. */
function usedLength(palette: Uint32Array, count: number, names: ReadonlyMap<number, string> | undefined): number {
  let used = count
  while (used > 0 && (palette[used - 1] & 0xffffff) === 0 && !names?.has(used - 1)) used--
  return Math.min(count, used + 1)
}

function namedClasses({ sampleType, meaning }: RasterBand, names: ReadonlyMap<number, string> = new Map()): readonly RasterClass[] {
  if (meaning === 'alpha' || sampleType.startsWith('float')) return []
  return [...names].sort(([a], [b]) => a - b).map(([value, name]) => ({ value, name }))
}
