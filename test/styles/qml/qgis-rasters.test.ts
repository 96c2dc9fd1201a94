import t from 'tap'
import { rasterPainter } from '#render/raster-style.js'
import { readQml } from '#styles/qml/read-qml.js'
import type { ColorMap, RasterSymbolizer } from '#styles/raster-symbolizer.js'
import { askQgis, withoutQgis } from '../../support/qgis-oracle.js'

interface Answer {
  readonly qml: string
  readonly colors: readonly (readonly number[] | null)[]
}

const items = [
  [-10, '#0000ff', 255],
  [0, '#00ff00', 128],
  [12.5, '#ffff00', 255],
  [100, '#ff0000', 255],
]
const probes = [-10, -3, 0, 0.001, 7, 12.5, 12.6, 60, 100]
const types = ['Interpolated', 'Discrete', 'Exact']
const styles = [
  ...types.map(type => ({ raster: 'pseudocolor', type, items, probes })),
  { raster: 'pseudocolor', type: 'Discrete', items: [...items.slice(0, 3), [1e300, '#ff0000', 255]], probes },
  {
    raster: 'paletted',
    items: [
      [3, '#112233', 255],
      [1, '#445566', 51],
    ],
    opacity: 0.5,
  },
  { raster: 'multiband', red: [1, 200], green: [2, 210], blue: [3, 220] },
  { raster: 'gray', range: [5, 500] },
  { raster: 'hillshade', azimuth: 300, altitude: 40 },
]

/** Red, green, blue and alpha of a value; null where nothing is shown. */
function colorOf({ kind, entries }: ColorMap, value: number): number[] | null {
  const channels = ({ color, opacity = 1 }: ColorMap['entries'][number]) =>
    [1, 3, 5].map(i => Number.parseInt(color.slice(i, i + 2), 16)).concat(255 * opacity)
  if (kind === 'values') {
    const entry = entries.find(one => one.value === value)
    return entry ? channels(entry) : null
  }
  const next = entries.findIndex(one => value < one.value)
  if (kind === 'intervals') return next < 0 ? null : channels(entries[next])
  if (next <= 0) return channels(entries.at(next)!)
  const [a, b] = [entries[next - 1], entries[next]]
  const share = (value - a.value) / (b.value - a.value)
  const [from, to] = [channels(a), channels(b)]
  return from.map((channel, i) => channel + (to[i] - channel) * share)
}

t.test('rasters have the colours that QGIS says', { skip: withoutQgis }, async t => {
  const answers = askQgis<Answer[]>({ styles })
  const read = answers.map(({ qml }) => {
    const { style, notes } = readQml(qml)
    t.same(notes, [], 'nothing is lost')
    return style.passes[0].rules[0].symbolizers[0] as RasterSymbolizer
  })
  for (const [i, { colors }] of answers.entries())
    for (const [k, want] of colors.entries()) {
      const mine = colorOf(read[i].colorMap!, probes[k])
      const isSame = want === null ? mine === null : mine?.every((channel, c) => Math.abs(channel - want[c]) <= 1)
      t.ok(isSame, `${JSON.stringify(styles[i])} at ${probes[k]}: ${mine} is ${want}`)
    }
  const [paletted, multiband, gray, hillshade] = read.slice(4)
  t.match(paletted, {
    opacity: 0.5,
    value: { kind: 'band', band: 1 },
    colorMap: {
      kind: 'values',
      entries: [
        { value: 1, color: '#445566', opacity: 0.2 },
        { value: 3, color: '#112233' },
      ],
    },
  })
  t.match(multiband, {
    bands: [2, 0, 1],
    ranges: [
      [1, 200],
      [2, 210],
      [3, 220],
    ],
  })
  t.match(gray, { value: { kind: 'band', band: 2 }, isGray: true, range: [5, 500] })
  t.match(hillshade, { value: { name: 'hillshade', arguments: [{ band: 0 }, { value: 300 }, { value: 40 }, { value: 1 }] } })
})

const pixels = [
  [0, 0, 0],
  [255, 255, 255],
  [200, 40, 90],
  [20, 200, 210],
  [128, 130, 120],
  [250, 240, 30],
]
const tones = [
  { brightness: 60, contrast: 30 },
  { brightness: -40, contrast: -50 },
  { saturation: -100 },
  { saturation: -40 },
  { saturation: 60 },
  { gray: 1 },
  { gray: 2 },
  { gray: 3, contrast: 20 },
]

t.test('brightness, contrast and saturation change colours as in QGIS', { skip: withoutQgis }, async t => {
  const bands = ['red', 'green', 'blue'].map(meaning => ({ sampleType: 'uint8', meaning }))
  const samples = [0, 1, 2].map(band => Uint8Array.from(pixels, pixel => pixel[band]))
  const answers = askQgis<Answer[]>({ styles: tones.map(tones => ({ tones, pixels })) })
  for (const [i, { qml, colors }] of answers.entries()) {
    const { style, notes } = readQml(qml)
    t.same(notes, [])
    const out = new Uint32Array(pixels.length)
    const painter = rasterPainter(bands, style.passes[0].rules[0].symbolizers[0] as RasterSymbolizer)
    t.notOk(painter.isPhotograph, 'stored pixels are not handed over')
    painter.paint({ width: pixels.length, height: 1, bands: samples }, { x: 1, y: -1 }, out)
    const ours = Array.from(out, color => [color & 0xff, (color >>> 8) & 0xff, (color >>> 16) & 0xff])
    const most = Math.max(...ours.flatMap((color, k) => color.map((channel, c) => Math.abs(channel - colors[k]![c]))))
    t.ok(most <= 3, `${most} of 255 apart: ${JSON.stringify(tones[i])}`)
  }
})
