import t from 'tap'
import { layOutLegend } from '#core/legend/legend-layout.js'
import { legendRows } from '#core/legend/legend-rows.js'
import type { Style, Symbolizer } from '#styles/style.js'

const property = (name: string) => ({ kind: 'property', name }) as const
const styleOf = (...symbolizers: readonly Symbolizer[]): Style => ({ passes: [{ rules: [{ name: 'all', symbolizers }] }] })

t.test('a mark whose form stands in the data is a square in the legend, the number on a cluster a number', async t => {
  const mark: Symbolizer = {
    kind: 'point',
    graphic: { shapes: [{ kind: 'mark', shape: property('form'), widening: property('wide'), color: '#ff0000' }], size: property('n') },
  }
  const number: Symbolizer = {
    kind: 'text',
    text: property('count'),
    font: { families: [], size: 10 },
    color: '#000000',
    opacity: 1,
    placement: { kind: 'point', anchor: [0.5, 0.5] },
  }
  const [{ symbolizers }] = legendRows(styleOf(mark, number))
  t.match(symbolizers, [{ graphic: { shapes: [{ shape: 'square', widening: 1 }], size: 8 } }, { text: '12' }])
  const rows = legendRows(styleOf(mark, number))
  const { items } = layOutLegend([{ rows }], { width: 20, height: 20, font: { size: 10, color: '#000000' }, labels: 'off' })
  const texts = items.flatMap(({ symbolizers }) => symbolizers.flatMap(one => (one.kind === 'text' ? [one.text] : [])))
  t.same(texts, [{ kind: 'literal', value: '12' }], 'and it is drawn')
})

t.test('gray over a range is a ramp from black to white with its ends, a shaded surface one without numbers', async t => {
  const raster = (more: object) => styleOf({ kind: 'raster', opacity: 1, ...more } as Symbolizer)
  const gray = legendRows(raster({ value: { kind: 'band', band: 0 }, isGray: true, range: [124.15, 160.42001] }))
  t.same(
    gray.map(({ text }) => text),
    ['124.15', '160.42'],
  )
  t.match(gray[0].symbolizers[0], { color: '#000000' })
  t.match(gray[1].symbolizers.at(-1), { color: '#ffffff' })
  const hillshade = { kind: 'call', name: 'hillshade', arguments: [{ kind: 'band', band: 0 }] }
  t.same(
    legendRows(raster({ value: hillshade })).map(({ text }) => text.trim()),
    ['', ''],
  )
})
