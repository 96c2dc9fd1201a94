import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readMapLibre } from '#styles/maplibre/read-maplibre.js'
import { rulesOf, type StylePass, type Symbolizer } from '#styles/style.js'
import { sharedData } from '../../support/shared-data.js'

const layer = (type: string, rest: object) => ({ id: type, type, source: 's', 'source-layer': 'l', ...rest })
const styleOf = (...layers: object[]) => ({ version: 8, sources: { s: { type: 'vector' } }, layers })
const read = (...layers: object[]) => readMapLibre(styleOf(...layers))
const passOf = (one: object): StylePass => read(one).layers[0].style.passes[0]
const drawnBy = (one: object): readonly Symbolizer[] => passOf(one).rules[0].symbolizers

t.test('scale ranges are those of the well-known scale set', async t => {
  // OGC 17-083r4, D.1: tile matrix 10 of WebMercatorQuad, 256 pixels a tile, is zoom 9 of 512.
  const [rule] = passOf(layer('fill', { minzoom: 9, maxzoom: 11 })).rules
  const [of9, of11] = [545_978.773_465_544_9, 136_494.693_366_386_2]
  t.ok(of9 < rule.maxScaleDenominator! && rule.maxScaleDenominator! < of9 * 1.00001, 'zoom 9 itself belongs to the range')
  t.ok(of11 < rule.minScaleDenominator! && rule.minScaleDenominator! < of11 * 1.00001, 'zoom 11 itself does not')
})

t.test('a layer of each type becomes what draws the same', async t => {
  t.same(drawnBy(layer('fill', { paint: { 'fill-color': 'rgba(255, 0, 0, 0.5)', 'fill-opacity': 0.5, 'fill-outline-color': 'blue' } })), [
    { kind: 'fill', color: '#ff0000', opacity: 0.25, outline: { color: '#0000ff', opacity: 0.5, width: 1 } },
  ])
  t.same(
    drawnBy(
      layer('line', {
        layout: { 'line-cap': 'round', 'line-join': 'bevel' },
        paint: { 'line-width': 3, 'line-dasharray': [2, 1], 'line-offset': 2 },
      }),
    ),
    [{ kind: 'line', stroke: { color: '#000000', opacity: 1, width: 3, cap: 'round', join: 'bevel', dashes: [6, 3] }, offset: -2 }],
  )
  const casing = drawnBy(layer('line', { paint: { 'line-width': 1, 'line-gap-width': 4 } }))
  t.same(
    casing.map(one => one.kind === 'line' && one.offset),
    [2.5, -2.5],
    'a gap makes two lines beside it',
  )
  t.match(drawnBy(layer('circle', { paint: { 'circle-radius': 4, 'circle-stroke-width': 2 } }))[0], {
    graphic: { size: 10, shapes: [{ shape: 'circle', outline: { width: 2 } }] },
  })
  const [icon, text] = drawnBy(
    layer('symbol', {
      layout: { 'icon-image': '{kind}-11', 'text-field': '{name}', 'text-anchor': 'top', 'text-offset': [0, 1], 'text-size': 10 },
    }),
  )
  t.match(icon, { kind: 'point', graphic: { shapes: [{ kind: 'icon', href: { name: 'concat' } }] } })
  t.match(text, { kind: 'text', font: { size: 10 }, placement: { anchor: [0.5, 1], displacement: [0, 10] }, wrapWidth: 100 })
  t.match(passOf(layer('heatmap', { paint: { 'heatmap-radius': 12, 'heatmap-intensity': 3 } })), {
    transformation: { kind: 'heatmap', radius: 12, intensity: 3 },
    rules: [{ symbolizers: [{ kind: 'raster', colorMap: { kind: 'ramp' } }] }],
  })
  t.match(drawnBy(layer('hillshade', {}))[0], { kind: 'raster', value: { name: 'hillshade' } })
  t.match(drawnBy(layer('raster', { paint: { 'raster-opacity': 0.4 } }))[0], { kind: 'raster', opacity: 0.4 })
  const { layers, notes } = read(
    layer('fill-extrusion', { paint: { 'fill-extrusion-color': '#abc', 'fill-extrusion-height': ['get', 'h'] } }),
  )
  t.match(layers[0].style.passes[0].rules[0].symbolizers[0], { kind: 'fill', color: '#aabbcc' })
  t.match(notes[0].message, /flat/)
  t.match(read({ id: 'b', type: 'background', paint: { 'background-color': 'tan' } }).background, { color: '#d2b48c', opacity: 1 })
})

t.test('what changes at a zoom and cannot be computed makes rules of their own', async t => {
  const { rules } = passOf(
    layer('line', {
      minzoom: 5,
      paint: {
        'line-dasharray': {
          stops: [
            [6, [1, 1]],
            [8, [2, 2]],
          ],
        },
      },
    }),
  )
  t.same(
    rules.map(rule => rule.symbolizers[0].kind === 'line' && rule.symbolizers[0].stroke.dashes),
    [
      [1, 1],
      [2, 2],
    ],
  )
  t.equal(rules[0].minScaleDenominator, rules[1].maxScaleDenominator, 'they meet')
})

t.test('legacy references take over what they refer to, and only one step', async t => {
  const parent = { ...layer('line', { minzoom: 3, filter: ['==', 'a', 1], layout: { 'line-cap': 'round' } }), id: 'p' }
  const { layers } = read(parent, { id: 'c', ref: 'p', paint: { 'line-color': 'red' } })
  t.match(layers[0].style.passes[1].rules[0], {
    filter: { kind: 'compare' },
    symbolizers: [{ stroke: { cap: 'round', color: '#ff0000' } }],
  })
  const circle = read({ id: 'a', ref: 'b' }, { id: 'b', ref: 'a' }, { id: 'x', ref: 'x' })
  t.same(circle.layers, [])
  t.match(circle.notes[0], { message: /refers to another/, path: 'a, b, x' })
})

t.test('icons have the size of their file times icon-size, and are moved by as many of their pixels', async t => {
  const [icon] = drawnBy(layer('symbol', { layout: { 'icon-image': 'x', 'icon-size': 1.5, 'icon-offset': [2, -4] } }))
  t.match(icon, { kind: 'point', graphic: { shapes: [{ kind: 'icon', href: 'sprites/x.png' }], scale: 1.5, displacement: [3, -6] } })
  t.notOk(Object.hasOwn((icon as { graphic: object }).graphic, 'size'))
})

t.test('every loss is named', async t => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [layer('line', { paint: { 'line-blur': 2 } }), /line-blur/],
    [layer('line', { paint: { 'line-gradient': ['interpolate'] } }), /line-gradient/],
    [layer('fill', { paint: { 'fill-colour': 'red' } }), /fill-colour is no property/],
    [layer('fill', { paint: { 'fill-color': ['feature-state', 'x'] } }), /feature-state/],
    [layer('fill', { paint: { 'fill-color': 'reddish' } }), /reddish/],
    [layer('symbol', { layout: { 'text-field': ['format', ['get', 'a'], { 'font-scale': 2 }] } }), /sections/],
    [layer('sky', {}), /"sky"/],
    [layer('fill', { filter: ['within', {}] }), /within/],
    [layer('fill', { layout: { visibility: 'none' } }), /hidden/],
    [layer('fill', { 'paint.night': {} }), /paint.night/],
    [{ ...layer('fill', {}), source: 'other' }, /source/],
    [layer('circle', { paint: { 'circle-blur': 1 } }), /circle-blur/],
    [
      layer('line', {
        paint: {
          'line-dasharray': [
            'step',
            ['zoom'],
            ['literal', [1]],
            ...Array.from({ length: 200 }, (_, i) => [0.1 * (i + 1), ['literal', [i]]]).flat(),
          ],
        },
      }),
      /50 zooms/,
    ],
    [layer('line', { paint: { 'line-dasharray': Array.from({ length: 500 }, () => 1) } }), /50 lengths/],
  ]
  for (const [one, message] of cases)
    t.match(
      read(one)
        .notes.map(note => note.message)
        .join('; '),
      message,
    )
  t.same(
    read(layer('fill', { paint: { 'fill-color': 'red' } }), layer('line', {}), layer('circle', {})).notes,
    [],
    'nothing is named in vain',
  )
})

t.test('what is no style or too large is refused', async t => {
  let deep = '1'
  for (let i = 0; i < 1000; i++) deep = `[${deep}]`
  const self: Record<string, unknown> = { version: 8, layers: [] }
  self.self = self
  const cases: readonly (readonly [unknown, RegExp])[] = [
    ['{', /no JSON/],
    ['[]', /list of layers/],
    [null, /list of layers/],
    [{ version: 8 }, /list of layers/],
    [`{"version":8,"layers":[{"id":"a","type":"fill","filter":${deep}}]}`, /nested deeper/],
    [self, /nested deeper/],
    [JSON.stringify(styleOf(...Array.from({ length: 10_000 }, () => layer('fill', {})))), /5000 layers/],
    [`{"layers":[${'1,'.repeat(600_000)}1]}`, /500000 values/],
    [' '.repeat(9e6), /characters/],
  ]
  for (const [json, message] of cases) t.throws(() => readMapLibre(json), { name: 'StyleError', message })
  t.doesNotThrow(() => readMapLibre(JSON.parse('{"version":8,"layers":[null,1,"a",[],{},{"id":1},{"id":"__proto__","type":"__proto__"}]}')))
})

const { path: folder, skip } = sharedData('styles/mapbox-gl')
t.test('the styles of the region are read with nothing lost that is not named', { skip }, async t => {
  for (const file of readdirSync(folder).filter(name => name.endsWith('.json'))) {
    const text = readFileSync(join(folder, file), 'utf8')
    const { layers, background, notes } = readMapLibre(text)
    const ids = new Set(layers.flatMap(one => one.style.passes.map(pass => pass.name)))
    for (const one of JSON.parse(text).layers)
      t.ok(ids.has(one.id) || one.type === 'background' || notes.some(note => note.path.includes(one.id)), `${file}: ${one.id} is drawn`)
    t.ok(background, `${file} has a background`)
    t.strictSame(
      notes.map(note => note.message).sort(),
      file.startsWith('bright')
        ? ['layers of several sources alternate: each source is drawn as a whole', 'text-halo-blur is not kept']
        : ['text-halo-blur is not kept'],
    )
    for (const { style } of layers) for (const rule of rulesOf(style)) t.ok(rule.symbolizers.length > 0, `${file}: ${rule.name} draws`)
  }
})
