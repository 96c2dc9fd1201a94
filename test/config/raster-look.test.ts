import t from 'tap'
import { ConfigError } from '#config/faults.js'
import { parseConfig } from '#config/load-config.js'
import { showConfig } from '#config/show-config.js'

const place = { where: 'arpent.yaml', folder: '/srv', variables: {} }
const text = (styles: string) => `
stores: { ortho: { kind: cog, root: o } }
collections:
  naip: { store: ortho, files: "*.tif", styles: ${styles} }
`
const stylesOf = (styles: string) => parseConfig(text(styles), place).collections.get('naip')?.settings.styles ?? []

t.test('a style of a raster is written into the config', t => {
  const [ndvi, irc] = stylesOf(`[
    { name: ndvi, title: { fr: Végétation }, raster: { value: (b4 - b1) / (b4 + b1), ramp: [[0.8, "#006837"], [-0.2, "#a5002680", bare]], opacity: 0.5 } },
    { name: irc, raster: { bands: [4, 1, 2], percentiles: [2, 98], gamma: 1.2 } }]`)
  t.match(ndvi, { name: 'ndvi', title: { fr: 'Végétation' } })
  t.match(ndvi.style.passes[0].rules[0].symbolizers[0], {
    kind: 'raster',
    opacity: 0.5,
    value: { kind: 'call', name: '/' },
    colorMap: {
      kind: 'ramp',
      entries: [
        { value: -0.2, color: '#a50026', opacity: 128 / 255, label: 'bare' },
        { value: 0.8, color: '#006837' },
      ],
    },
  })
  t.match(irc.style.passes[0].rules[0].symbolizers[0], { bands: [3, 0, 1], percentiles: [2, 98], gamma: 1.2 })
  t.equal(irc.title, 'irc')
  t.end()
})

t.test('one style needs no list, and what is shown can be read back', t => {
  const config = parseConfig(text('{ name: relief, raster: { value: "hillshade(b1)" } }'), place)
  t.equal(config.collections.get('naip')?.settings.styles?.length, 1)
  const again = parseConfig(showConfig(config), place)
  t.same(again.collections.get('naip')?.settings.styles, config.collections.get('naip')?.settings.styles)
  t.end()
})

t.test('faults of a style are named with their place', t => {
  for (const [style, said] of [
    ['{ name: x, raster: { value: b0 } }', /cannot be computed: at «b0»/],
    ['{ name: x, raster: { value: "1 + 2" } }', /reads no band/],
    ['{ name: x, raster: { value: b1, bands: [1, 2, 3] } }', /either bands or a value/],
    ['{ name: x, raster: { bands: [1, 2] } }', /bands/],
    ['{ name: x, raster: { bands: [0, 1, 2] } }', /must be from 1|0/],
    ['{ name: x, raster: { range: [5, 5] } }', /first number is not below/],
    ['{ name: x, raster: { value: b1 / b2, percentiles: [2, 98] } }', /are not measured/],
    ['{ name: x, raster: { ramp: [[0, red]] } }', /colour/],
    ['{ name: x, raster: { ramp: [[0, "#000000"]], values: [[0, "#000000"]] } }', /one of ramp, intervals and values/],
    ['{ name: x, raster: { encoding: png } }', /mapbox/],
    ['{ name: x, raster: { gama: 1 } }', /unknown key .*gama; did you mean "gamma"/],
    ['{ name: x }', /"raster" is missing/],
  ] as const) {
    try {
      stylesOf(`[${style}]`)
      t.fail(style)
    } catch (error) {
      t.ok(error instanceof ConfigError, style)
      t.match(String((error as Error).message), said, style)
    }
  }
  t.end()
})
