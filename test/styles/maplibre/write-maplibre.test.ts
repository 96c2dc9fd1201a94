import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import t from 'tap'
import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { defaultStyle } from '#styles/default-style.js'
import { readFilter } from '#styles/maplibre/read-filter.js'
import { readMapLibre } from '#styles/maplibre/read-maplibre.js'
import { writeFilter } from '#styles/maplibre/write-filter.js'
import { writeMapLibre } from '#styles/maplibre/write-maplibre.js'
import type { Style, Symbolizer } from '#styles/style.js'
import { type Row, rowEvaluator } from '../../support/evaluate-rows.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'
import { sharedData } from '../../support/shared-data.js'

const target = { source: 's', sourceLayer: 'l' }

/** Faults of the layers by MapLibre's own rules. */
function faultsOf(style: Style, type = 'vector') {
  const { layers } = writeMapLibre(style, target)
  const sources = { s: { type, url: 'https://example.org/' } }
  return validateStyleMin({
    version: 8,
    sources,
    layers,
    glyphs: 'https://example.org/{fontstack}/{range}.pbf',
    sprite: 'https://example.org/s',
  } as never).map(({ message }) => message)
}

const property: Expression = { kind: 'property', name: 'h' }
const byZoom = (a: number, b: number): Expression => ({
  kind: 'interpolation',
  input: { kind: 'environment', name: 'zoom' },
  of: 'number',
  stops: [
    [5, { kind: 'literal', value: a }],
    [10, { kind: 'literal', value: b }],
  ],
  base: 1.2,
})
const styleWith = (...symbolizers: Symbolizer[]): Style => ({ passes: [{ name: 'p', rules: [{ name: 'r', symbolizers }] }] })

t.test('what is written is valid by the official package', async t => {
  for (const type of ['POINT', 'LINESTRING', 'POLYGON', 'GEOMETRY']) t.same(faultsOf(defaultStyle('a', type)), [], type)
  const symbolizers: Symbolizer[] = [
    { kind: 'fill', color: property, opacity: 0.5, outline: { color: '#123456', opacity: 1, width: 2, dashes: [4, 2] } },
    {
      kind: 'line',
      stroke: { color: '#123456', opacity: 1, width: { kind: 'ground', metres: 10 }, cap: 'round', join: 'mitre' },
      offset: 3,
    },
    { kind: 'line', stroke: { color: '#123456', opacity: 1, width: { kind: 'call', name: '+', args: [byZoom(1, 9), property] } } },
    {
      kind: 'point',
      graphic: {
        shapes: [{ kind: 'mark', shape: 'circle', color: '#00ff00', outline: { color: '#000000', opacity: 1, width: 1 } }],
        size: 9,
      },
    },
    { kind: 'point', graphic: { shapes: [{ kind: 'icon', href: 'sprites/a.png' }], rotation: property } },
    { kind: 'point', graphic: { shapes: [{ kind: 'icon', href: 'sprites/a.png' }], scale: 0.5, displacement: [2, -4] } },
    // MapLibre rounds to whole numbers only.
    { kind: 'fill', color: '#123456', opacity: { kind: 'call', name: 'round', args: [property, { kind: 'literal', value: 2 }] } },
    { kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'star', color: '#00ff00' }] } },
    {
      kind: 'text',
      text: { kind: 'call', name: 'concat', args: [property, { kind: 'literal', value: ' m' }] },
      font: { families: ['Open Sans'], size: 12, weight: 700, letterSpacing: 1 },
      color: '#000000',
      opacity: 1,
      halo: { color: '#ffffff', opacity: 1, radius: 1 },
      placement: { kind: 'point', anchor: [0, 0.5], displacement: [5, 0] },
      priority: property,
    },
    {
      kind: 'text',
      text: property,
      font: { families: ['Open Sans'], size: byZoom(8, 20) },
      color: '#000000',
      opacity: 1,
      placement: { kind: 'line', repeat: 300, offset: 4 },
    },
  ]
  for (const one of symbolizers) t.same(faultsOf(styleWith(one)), [], JSON.stringify(one).slice(0, 100))
  t.same(faultsOf(styleWith({ kind: 'raster', opacity: 0.5 }), 'raster'), [])
})

t.test('a style of MapLibre read, written and read again is the same', async t => {
  const layers = [
    {
      id: 'a',
      type: 'fill',
      paint: { 'fill-color': ['match', ['get', 'k'], 'x', '#ff0000', '#00ff00'], 'fill-opacity': 0.4 },
      minzoom: 4,
      maxzoom: 9,
    },
    {
      id: 'b',
      type: 'line',
      filter: ['all', ['==', ['get', 'k'], 'x'], ['has', 'z']],
      paint: { 'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 5, 1, 12, 8], 'line-dasharray': [2, 1] },
      layout: { 'line-cap': 'round', 'line-join': 'round' },
    },
    { id: 'c', type: 'circle', paint: { 'circle-radius': ['get', 'r'], 'circle-color': '#abcdef' } },
    {
      id: 'd',
      type: 'symbol',
      layout: { 'text-field': ['get', 'n'], 'text-size': 13, 'text-anchor': 'left', 'text-font': ['Noto Sans Italic'] },
      paint: { 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 },
    },
  ].map(layer => ({ ...layer, source: 's', 'source-layer': 'l' }))
  const sources = { s: { type: 'vector', url: 'https://example.org/' } }
  const first = readMapLibre({ version: 8, sources, layers })
  const written = writeMapLibre(first.layers[0].style, target)
  const second = readMapLibre({ version: 8, sources, layers: written.layers })
  t.same(first.notes.concat(written.notes, second.notes), [])
  t.match(second.layers[0].style.passes[0], { rules: [{ symbolizers: first.layers[0].style.passes[0].rules[0].symbolizers }] })
  t.same(
    second.layers[0].style.passes.map(pass => [pass.rules[0].minScaleDenominator, pass.rules[0].maxScaleDenominator]),
    first.layers[0].style.passes.map(pass => [pass.rules[0].minScaleDenominator, pass.rules[0].maxScaleDenominator]),
  )
  t.match(second.layers[0].style.passes[1].rules[0].symbolizers, first.layers[0].style.passes[1].rules[0].symbolizers)
})

t.test('rules of which only the first holds, and else, exclude each other', async t => {
  const when = (value: number): Filter => ({ kind: 'compare', operator: '=', left: property, right: { kind: 'literal', value } })
  const fill: Symbolizer = { kind: 'fill', color: '#000000', opacity: 1 }
  const rules = [
    { name: 'one', filter: when(1), symbolizers: [fill] },
    { name: 'two', filter: when(2), symbolizers: [fill] },
    { name: 'rest', isElse: true, symbolizers: [fill] },
  ]
  const { layers } = writeMapLibre({ passes: [{ isFirstMatch: true, rules }] }, target)
  const rows: Row[] = [{ h: 1 }, { h: 2 }, { h: 3 }, { h: null }]
  const truths = layers.map(layer => rowEvaluator(rows).selected(readFilter(layer.filter)))
  t.same(truths, [
    [true, false, false, false],
    [false, true, false, false],
    [false, false, true, true],
  ])
  t.same(faultsOf({ passes: [{ isFirstMatch: true, rules }] }), [])
})

t.test('300 seeded filters choose the same rows once written and read', async t => {
  const random = seeded(300)
  const rows: Row[] = Array.from({ length: 40 }, () => ({
    a: random() < 0.2 ? null : seededInteger(random, 0, 5),
    b: random() < 0.2 ? null : pick(random, ['x', 'xy', 'Zx', '']),
  }))
  const ours = rowEvaluator(rows)
  const literal = (value: number | string): Expression => ({ kind: 'literal', value })
  const leaf = (): Filter => {
    const [name, value] = random() < 0.5 ? ['a', seededInteger(random, 0, 5)] : ['b', pick(random, ['x', 'xy', 'zx'])]
    const operand: Expression = { kind: 'property', name: String(name) }
    switch (seededInteger(random, 0, 4)) {
      case 0:
        return { kind: 'isNull', operand }
      case 1:
        return { kind: 'in', operand, values: [literal(value), literal(name === 'a' ? 3 : 'Zx')] }
      case 2:
        return name === 'a'
          ? { kind: 'between', operand, lower: literal(1), upper: literal(4) }
          : {
              kind: 'like',
              operand,
              pattern: pick(random, [
                ['x', { any: 'many' }],
                [{ any: 'many' }, 'x'],
                [{ any: 'many' }, 'X', { any: 'many' }],
              ] as const),
              ignoresCase: random() < 0.5,
            }
      default:
        return { kind: 'compare', operator: pick(random, ['=', '<>', '<', '<=', '>', '>='] as const), left: operand, right: literal(value) }
    }
  }
  const tree = (depth: number): Filter => {
    if (depth === 0 || random() < 0.3) return leaf()
    const parts = () => Array.from({ length: seededInteger(random, 1, 3) }, () => tree(depth - 1))
    return pick(random, [
      () => ({ kind: 'and', all: parts() }),
      () => ({ kind: 'or', any: parts() }),
      () => ({ kind: 'not', filter: tree(depth - 1) }),
    ] as const)() as Filter
  }
  for (let i = 0; i < 300; i++) {
    const filter = tree(3)
    t.same(ours.selected(readFilter(writeFilter(filter))), ours.selected(filter), JSON.stringify(filter))
  }
})

const { path: folder, skip } = sharedData('styles/mapbox-gl')
t.test('the styles of the region are written as valid ones', { skip }, async t => {
  for (const file of readdirSync(folder).filter(name => name.endsWith('.json')))
    for (const { style, sourceLayer } of readMapLibre(readFileSync(join(folder, file), 'utf8')).layers)
      t.same(faultsOf(style), [], `${file}: ${sourceLayer}`)
})
